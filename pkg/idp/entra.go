package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// entraNotKeys are claims of its tokens that STS drops.
var entraNotKeys = []string{"iss", "tid", "oid", "appid", "azp", "azpacr", "roles", "groups", "upn", "preferred_username", "ver", "idtyp"}

// entra is Microsoft Entra with tokens of version 2, which carry azp; STS
// takes azp for the audience:
// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
var entra = &Provider{
	ID:        "entra",
	Name:      "Microsoft Entra",
	Issuer:    "https://login.microsoftonline.com/<tenant id>/v2.0",
	Open:      policy.No,
	Audiences: []string{"<client id of the calling application>"},
	NotKeys:   entraNotKeys,
	Complete:  true,
	Subjects:  []Shape{{Name: "object", Template: "{identity}"}},
	Docs:      "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
	Examples: []Example{{
		Host: "login.microsoftonline.com/7c3f5d1e-2b6a-4a52-8f0e-1d9c3a7b5e42/v2.0", Sub: "d2f9a7c8-1b3e-4c5d-9f60-7a8b9c0d1e2f",
		Aud:   "0f8e2c66-9c3d-4b77-9e0f-5d1f0a6b2c11",
		Parts: []string{"identity=d2f9a7c8-1b3e-4c5d-9f60-7a8b9c0d1e2f"},
	}},
	hosts: []hostPattern{{"login.microsoftonline.com", "/*/v2.0"}, {"login.microsoftonline.us", "/*/v2.0"}, {"login.partner.microsoftonline.cn", "/*/v2.0"}},
}
