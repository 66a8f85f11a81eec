package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// vercel is Vercel in global mode, with one issuer for all teams.
var vercel = &Provider{
	ID:        "vercel",
	Name:      "Vercel in global mode",
	Issuer:    "https://oidc.vercel.com",
	Open:      policy.Yes,
	Audiences: []string{"https://vercel.com/<team>"},
	NotKeys:   vercelNotKeys,
	Subjects:  vercelShapes,
	Docs:      "https://vercel.com/docs/oidc/reference",
	Examples: []Example{{
		Host: "oidc.vercel.com", Sub: "owner:acme:project:web:environment:preview", Aud: "https://vercel.com/acme",
		Parts: []string{"team=acme", "project=web", "environment=preview"},
	}},
	closed: true,
	hosts:  []hostPattern{{"oidc.vercel.com", ""}},
	tenant: tenantParts{name: "team", repository: "project"},
}
