package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// gheCom is GitHub Enterprise Cloud with data residency:
// https://docs.github.com/enterprise-cloud@latest/admin/data-residency
var gheCom = &Provider{
	ID:        "ghe.com",
	Name:      "GitHub Actions of GHE.com",
	Issuer:    "https://token.actions.<subdomain>.ghe.com",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com", "https://<subdomain>.ghe.com/<owner>"},
	Claims:    githubClaims,
	NotKeys:   githubNotKeys,
	Subjects:  githubShapes(),
	Docs:      "https://docs.github.com/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency",
	Examples: []Example{{
		Host: "token.actions.acme.ghe.com", Sub: "repo:software/api:pull_request", Aud: "sts.amazonaws.com",
		Parts: []string{"owner=software", "repository=api", "context=pull_request"},
	}},
	audienceAt: "the input audience of configure-aws-credentials",
	roleAt:     "the input role-to-assume of the AWS login step in the workflow",
	rulesOut:   rulesOutGitHub,
	details:    []string{"tag"},
	hosts:      []hostPattern{{"token.actions.*.ghe.com", ""}},
	tenant:     githubTenant,
	changing:   githubChanging,
	compare:    compareGitHub,
	approach:   nearRepositories,
}
