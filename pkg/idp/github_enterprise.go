package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// githubEnterprise is GitHub Actions of an enterprise that has its own issuer
// on github.com:
// https://docs.github.com/enterprise-cloud@latest/actions/reference/security/oidc
var githubEnterprise = &Provider{
	ID:        "github-enterprise-issuer",
	Name:      "GitHub Actions with the enterprise's issuer",
	Issuer:    "https://token.actions.githubusercontent.com/<enterprise>",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com", "https://github.com/<owner>"},
	Claims:    githubClaims,
	NotKeys:   githubNotKeys,
	Subjects:  githubShapes(),
	Docs:      "https://docs.github.com/enterprise-cloud@latest/actions/reference/security/oidc",
	Examples: []Example{{
		Host: "token.actions.githubusercontent.com/octo-enterprise", Sub: "repo:octo-org/octo-repo:environment:prod", Aud: "sts.amazonaws.com",
		Parts: []string{"owner=octo-org", "repository=octo-repo", "environment=prod"},
	}},
	audienceAt: "the input audience of configure-aws-credentials",
	roleAt:     "the input role-to-assume of the AWS login step in the workflow",
	immutable:  githubImmutable,
	rulesOut:   rulesOutGitHub,
	details:    []string{"tag"},
	hosts:      []hostPattern{{"token.actions.githubusercontent.com", "/*"}},
	tenant:     githubTenant,
	changing:   githubChanging,
	compare:    compareGitHub,
	approach:   nearRepositories,
}
