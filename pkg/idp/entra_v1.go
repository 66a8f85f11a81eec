package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// entraV1 is the same with tokens of version 1, whose issuer ends in a slash.
var entraV1 = &Provider{
	ID:        "entra-v1",
	Name:      "Microsoft Entra (version 1 tokens)",
	Issuer:    "https://sts.windows.net/<tenant id>/",
	Open:      policy.No,
	Audiences: []string{"<application id URI>"},
	NotKeys:   entraNotKeys,
	Complete:  true,
	Subjects:  []Shape{{Name: "object", Template: "{identity}"}},
	Docs:      "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
	Examples: []Example{{
		Host: "sts.windows.net/7c3f5d1e-2b6a-4a52-8f0e-1d9c3a7b5e42/", Sub: "d2f9a7c8-1b3e-4c5d-9f60-7a8b9c0d1e2f",
		Aud:   "api://aws-federation",
		Parts: []string{"identity=d2f9a7c8-1b3e-4c5d-9f60-7a8b9c0d1e2f"},
	}},
	hosts: []hostPattern{{"sts.windows.net", "/*/"}, {"sts.windows.net", "/*"}, {"sts.chinacloudapi.cn", "/*/"}},
}
