package caller

import (
	"context"
	"strings"
)

var circleci = &Place{
	ID: "circleci", Name: "CircleCI", Looks: "CIRCLECI, CIRCLE_OIDC_TOKEN_V2 and CIRCLE_OIDC_TOKEN",
	RoleAt: "--role, or in AWS_ROLE_ARN",
	Docs:   "https://circleci.com/docs/openid-connect-tokens/",
	is:     func(env Environment) bool { return env.Get("CIRCLECI") == "true" },
	look:   lookCircleCI,
}

func lookCircleCI(_ context.Context, env Environment, w Wish, e *Evidence) {
	e.Detail = strings.TrimSpace("job " + env.Get("CIRCLE_JOB"))
	if e.given() {
		return
	}
	names := set(env, "CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN")
	if len(names) == 0 {
		fix := "give the job a context, which older setups want for a token; builds of forked pull requests get none unless the project passes secrets to them"
		if env.Get("CIRCLE_PR_USERNAME") != "" {
			fix = "leave the login out for forked pull requests, as this build is for one: they get no token unless the project passes secrets to them"
		}
		e.fault("the job has no ID token: neither CIRCLE_OIDC_TOKEN_V2 nor CIRCLE_OIDC_TOKEN is set", fix)
		return
	}
	e.found([]byte(env.Get(names[0])), "the variable "+names[0])
	if len(names) > 1 {
		e.note("CIRCLE_OIDC_TOKEN is set too: its sub ends with the user, while that of CIRCLE_OIDC_TOKEN_V2 goes on with the branch")
	}
	if w.Audience != "" {
		e.note("the audience of these variables is the id of the organization; circleci run oidc get makes a token with another one, for --token")
	}
}

// set are the variables that have a value.
func set(env Environment, names ...string) (found []string) {
	for _, name := range names {
		if env.Get(name) != "" {
			found = append(found, name)
		}
	}
	return found
}
