package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// okta is Okta under its own host; custom domains are not told from others:
// https://developer.okta.com/docs/concepts/auth-servers/
var okta = &Provider{
	ID:        "okta",
	Name:      "Okta",
	Issuer:    "https://<organization>.okta.com[/oauth2/<server>]",
	Open:      policy.No,
	Audiences: []string{"<client id>"},
	NotKeys:   []string{"iss", "ver", "groups", "name", "preferred_username", "idp", "auth_time", "at_hash", "cid", "uid", "scp"},
	Complete:  true,
	Docs:      "https://developer.okta.com/docs/concepts/auth-servers/",
	Examples: []Example{
		{
			Host: "acme.okta.com", Sub: "00u1a2b3c4d5e6f7g8h9", Aud: "0oa1a2b3c4d5e6f7g8h9",
			Parts: []string{"subject=00u1a2b3c4d5e6f7g8h9"},
		},
		{
			Host: "acme.oktapreview.com/oauth2/default", Sub: "0oa9z8y7x6w5v4u3t2s1", Aud: "api://default",
			Parts: []string{"subject=0oa9z8y7x6w5v4u3t2s1"},
		},
	},
	hosts: []hostPattern{{"*.okta.com", "*"}, {"*.oktapreview.com", "*"}, {"*.okta-emea.com", "*"}, {"*.okta-gov.com", "*"}},
}
