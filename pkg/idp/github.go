package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// githubClaims are the keys that STS offers since 2026; githubNotKeys are the
// other claims of the token.
var (
	githubClaims = since2026("actor", "actor_id", "job_workflow_ref", "repository", "repository_id",
		"repository_owner_id", "workflow", "ref", "environment", "enterprise_id")
	githubNotKeys = []string{
		"iss", "jti", "repository_owner", "repository_visibility", "event_name", "run_id", "run_number", "run_attempt",
		"sha", "head_ref", "base_ref", "ref_type", "ref_protected", "runner_environment", "workflow_ref", "workflow_sha",
		"job_workflow_sha", "environment_node_id", "enterprise", "check_run_id",
	}
)

// githubShapes are the default forms, first those with the ids of owner and
// repository (of repositories created, renamed or transferred after 15 July
// 2026, and of those that opted in):
// https://docs.github.com/actions/reference/security/oidc
func githubShapes() []Shape {
	var shapes []Shape
	for _, names := range [...]Shape{
		{"immutable ", "repo:{owner}@{owner-id}/{repository}@{repository-id}"},
		{"", "repo:{owner}/{repository}"},
	} {
		shapes = append(
			shapes,
			Shape{names.Name + "branch", names.Template + ":ref:refs/heads/{branch+}{...}"},
			Shape{names.Name + "environment", names.Template + ":environment:{environment+}{...}"},
			Shape{names.Name + "pull request", names.Template + ":{context}{...}"},
			Shape{names.Name + "tag", names.Template + ":ref:refs/tags/{tag+}{...}"},
			Shape{names.Name + "ref", names.Template + ":ref:{ref+}{...}"},
			Shape{names.Name + "customised", names.Template + "{...}"},
		)
	}
	return shapes
}

// github is GitHub Actions of github.com.
var github = &Provider{
	ID:        "github",
	Name:      "GitHub Actions",
	Issuer:    "https://token.actions.githubusercontent.com",
	Open:      policy.Yes,
	Audiences: []string{"sts.amazonaws.com", "https://github.com/<owner>"},
	Claims:    githubClaims,
	NotKeys:   githubNotKeys,
	Subjects:  githubShapes(),
	Docs:      "https://docs.github.com/actions/reference/security/oidc",
	Examples: []Example{
		{
			Host: "token.actions.githubusercontent.com", Sub: "repo:octo-org/octo-repo:ref:refs/heads/main", Aud: "sts.amazonaws.com",
			Parts: []string{"owner=octo-org", "repository=octo-repo", "branch=main"},
		},
		{
			Host: "token.actions.githubusercontent.com", Sub: "repo:octo-org/octo-repo:ref:refs/tags/v1.2.3", Aud: "sts.amazonaws.com",
			Parts: []string{"owner=octo-org", "repository=octo-repo", "tag=v1.2.3"},
		},
		{
			Host: "token.actions.githubusercontent.com", Sub: "repo:octo-org/octo-repo:environment:prod", Aud: "https://github.com/octo-org",
			Parts: []string{"owner=octo-org", "repository=octo-repo", "environment=prod"},
		},
		{
			Host: "token.actions.githubusercontent.com", Sub: "repo:octo-org/octo-repo:pull_request", Aud: "sts.amazonaws.com",
			Parts: []string{"owner=octo-org", "repository=octo-repo", "context=pull_request"},
		},
		{
			Host: "token.actions.githubusercontent.com", Sub: "repo:octocat@123456/my-repo@456789:ref:refs/heads/feature/a", Aud: "sts.amazonaws.com",
			Parts: []string{"owner=octocat", "owner-id=123456", "repository=my-repo", "repository-id=456789", "branch=feature/a"},
		},
		{
			Host: "token.actions.githubusercontent.com", Aud: "sts.amazonaws.com",
			Sub: "repo:octo-org/octo-repo:ref:refs/heads/main:workflow:Terraform%3A core:job_workflow_ref:octo-org/octo-repo/.github/workflows/plan.yml@refs/heads/main",
			Parts: []string{
				"owner=octo-org", "repository=octo-repo", "branch=main", "workflow=Terraform%3A core",
				"job-workflow-ref=octo-org/octo-repo/.github/workflows/plan.yml@refs/heads/main",
			},
		},
		{
			Host: "token.actions.githubusercontent.com", Sub: "repository_owner:octo-org:environment:prod", Aud: "sts.amazonaws.com",
			Parts: []string{"repository-owner=octo-org", "environment=prod"},
		},
	},
	audienceAt: "the input audience of configure-aws-credentials",
	roleAt:     "the input role-to-assume of the AWS login step in the workflow",
	immutable:  githubImmutable,
	rulesOut:   rulesOutGitHub,
	details:    []string{"tag"},
	hosts: []hostPattern{
		{"token.actions.githubusercontent.com", ""},
		{"vstoken.actions.githubusercontent.com", ""}, // its first weeks in 2021
	},
	tenant:   githubTenant,
	changing: githubChanging,
	compare:  compareGitHub,
	approach: nearRepositories,
}

var (
	githubTenant   = tenantParts{name: "owner", id: "owner-id", repository: "repository", repositoryID: "repository-id"}
	githubChanging = []string{"branch", "tag", "ref", "context", "actor", "actor-id", "run-id", "run-number", "run-attempt", "sha", "head-ref", "base-ref"}
)
