package caller

import "context"

// Place is a kind of place that gives tokens to what runs in it.
type Place struct {
	ID     string // short, stable
	Name   string // as people call it
	Looks  string // what it is told by, in words
	RoleAt string // where the caller names the role, as a verb phrase completes "give it with"
	Docs   string // vendor page

	is   func(env Environment) bool
	look func(ctx context.Context, env Environment, w Wish, e *Evidence)
}

// Places are all that are known. A job that runs in a pod is a job first: the
// pod's token is its runner's.
var Places = []*Place{githubActions, gitlab, circleci, bitbucket, buildkite, terraform, pod, variables}

// elsewhere is the place of a token that was brought from another one.
var elsewhere = &Place{
	ID: "elsewhere", Name: "another place", RoleAt: "--role",
	look: func(context.Context, Environment, Wish, *Evidence) {},
}
