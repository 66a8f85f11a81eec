package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// circleciShared is what a job gets by `circleci run oidc get --root-issuer`:
// one issuer for all organizations.
var circleciShared = &Provider{
	ID:        "circleci-root-issuer",
	Name:      "CircleCI with the root issuer",
	Issuer:    "https://oidc.circleci.com",
	Open:      policy.Yes,
	Audiences: []string{"<organization id>"},
	Subjects:  circleciShapes,
	Docs:      "https://circleci.com/docs/openid-connect-tokens/",
	Examples: []Example{{
		Host: "oidc.circleci.com", Sub: "org/o1/project/p1/user/u1", Aud: "sts.amazonaws.com",
		Parts: []string{"organization=o1", "project=p1", "user=u1"},
	}},
	audienceAt: "the claim aud in circleci run oidc get --claims",
	closed:     true,
	details:    []string{"user"},
	hosts:      []hostPattern{{"oidc.circleci.com", ""}},
	tenant:     tenantParts{name: "organization", id: "organization", repository: "project"},
	changing:   []string{"user", "ref"},
	generated:  circleciGenerated,
}
