package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// ghes is GitHub Enterprise Server. It knows no immutable subjects, and STS
// offers none of the keys of 2026 for it:
// https://docs.github.com/enterprise-server@latest/actions/reference/security/oidc
var ghes = &Provider{
	ID:        "ghes",
	Name:      "GitHub Enterprise Server",
	Issuer:    "https://<host>/_services/token",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com", "https://<host>/<owner>"},
	NotKeys:   githubNotKeys,
	Complete:  true,
	Subjects:  githubShapes(),
	Docs:      "https://docs.github.com/enterprise-server@latest/actions/reference/security/oidc",
	Examples: []Example{{
		Host: "github.acme.example/_services/token", Sub: "repo:platform/infra:ref:refs/heads/main", Aud: "sts.amazonaws.com",
		Parts: []string{"owner=platform", "repository=infra", "branch=main"},
	}},
	audienceAt: "the input audience of configure-aws-credentials",
	roleAt:     "the input role-to-assume of the AWS login step in the workflow",
	rulesOut:   rulesOutGitHub,
	details:    []string{"tag"},
	hosts:      []hostPattern{{"**", "/_services/token"}},
	tenant:     githubTenant,
	changing:   githubChanging,
	compare:    compareGitHub,
	approach:   nearRepositories,
}
