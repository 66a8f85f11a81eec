package idp

// githubLike is an unknown issuer with subjects of GitHub's form, as Forgejo
// and others write them.
var githubLike = &Provider{
	ID:        "github-like",
	Name:      "an issuer with GitHub's form of subject",
	Issuer:    "https://<host>[/<path>]",
	Audiences: []string{"sts.amazonaws.com"},
	Complete:  true,
	Subjects:  githubShapes(),
	Docs:      "https://forgejo.org/docs/latest/user/actions/security-openid-connect/",
	details:   []string{"tag"},
	tenant:    githubTenant,
	changing:  githubChanging,
	roleAt:    "the input role-to-assume of the AWS login step in the workflow",
	compare:   compareGitHub,
	approach:  nearRepositories,
}
