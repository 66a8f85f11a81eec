package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// fly names the machine last, which is another after every deployment:
// https://fly.io/docs/security/openid-connect/
var fly = &Provider{
	ID:        "fly",
	Name:      "Fly.io",
	Issuer:    "https://oidc.fly.io/<organization>",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com", "https://fly.io/<organization>"},
	NotKeys:   []string{"iss", "app_id", "app_name", "image", "image_digest", "machine_id", "machine_name", "org_id", "org_name", "region"},
	Complete:  true,
	Subjects:  []Shape{{Name: "machine", Template: "{organization}:{app}:{machine}"}},
	Docs:      "https://fly.io/docs/security/openid-connect/",
	Examples: []Example{{
		Host: "oidc.fly.io/acme", Sub: "acme:web:weathered-smoke-1234", Aud: "sts.amazonaws.com",
		Parts: []string{"organization=acme", "app=web", "machine=weathered-smoke-1234"},
	}},
	audienceAt: "the audience of the request to the machine's /v1/tokens/oidc",
	closed:     true,
	details:    []string{"machine"},
	hosts:      []hostPattern{{"oidc.fly.io", "/*"}},
	tenant:     tenantParts{name: "organization", repository: "app"},
	changing:   []string{"machine"},
	generated:  map[string]string{"machine": "is new in every deployment"},
}
