package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

var vercelShapes = []Shape{
	{Name: "environment", Template: "owner:{team}:project:{project}:environment:{environment}"},
}

// vercelTeam is Vercel in team mode: https://vercel.com/docs/oidc/aws
var vercelTeam = &Provider{
	ID:        "vercel-team",
	Name:      "Vercel",
	Issuer:    "https://oidc.vercel.com/<team>",
	Open:      policy.No,
	Audiences: []string{"https://vercel.com/<team>"},
	NotKeys:   vercelNotKeys,
	Subjects:  vercelShapes,
	Docs:      "https://vercel.com/docs/oidc/aws",
	Examples: []Example{{
		Host: "oidc.vercel.com/acme", Sub: "owner:acme:project:web:environment:production", Aud: "https://vercel.com/acme",
		Parts: []string{"team=acme", "project=web", "environment=production"},
	}},
	closed: true,
	hosts:  []hostPattern{{"oidc.vercel.com", "/*"}},
	tenant: tenantParts{name: "team", repository: "project"},
}

var vercelNotKeys = []string{"iss", "owner", "owner_id", "project", "project_id", "environment", "scope", "user_id"}
