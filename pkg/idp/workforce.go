package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// auth0 ends its issuer with a slash, which belongs to ARN and keys:
// https://auth0.com/docs/secure/tokens/id-tokens/id-token-structure
var auth0 = &Provider{
	ID:        "auth0",
	Name:      "Auth0",
	Issuer:    "https://<tenant>.auth0.com/",
	Open:      policy.No,
	Audiences: []string{"<client id>"},
	NotKeys:   []string{"iss", "azp", "nickname", "name", "email_verified", "groups", "roles", "permissions", "scope"},
	Complete:  true,
	Subjects:  []Shape{{Name: "user", Template: "{connection}|{user*}"}, {Name: "application", Template: "{client}@clients"}},
	Docs:      "https://auth0.com/docs/secure/tokens/id-tokens/id-token-structure",
	Examples: []Example{
		{
			Host: "auth.mozilla.auth0.com/", Sub: "ad|Mozilla-LDAP|jdoe", Aud: "N7lULzWtfVUDGymwDs0yDEq6ZcwmFazj",
			Parts: []string{"connection=ad", "user=Mozilla-LDAP|jdoe"},
		},
		{
			Host: "acme.eu.auth0.com/", Sub: "kq3mXJ0dYbRr@clients", Aud: "https://aws.acme.example",
			Parts: []string{"client=kq3mXJ0dYbRr"},
		},
	},
	hosts: []hostPattern{{"**.auth0.com", "/"}, {"**.auth0.com", ""}},
}

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

// keycloak writes azp into every token; STS takes it for the audience:
// https://www.keycloak.org/docs/latest/server_admin/
var keycloak = &Provider{
	ID:        "keycloak",
	Name:      "Keycloak",
	Issuer:    "https://<host>/realms/<realm>",
	Open:      policy.No,
	Audiences: []string{"<client id of the calling application>"},
	NotKeys:   []string{"iss", "azp", "realm_access", "resource_access", "groups", "scope", "preferred_username", "email_verified"},
	Complete:  true,
	Docs:      "https://www.keycloak.org/docs/latest/server_admin/",
	Examples: []Example{{
		Host: "sso.acme.example/realms/infra", Sub: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", Aud: "aws-cli",
		Parts: []string{"subject=f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
	}},
	hosts: []hostPattern{{"**", "/realms/*"}, {"**", "/auth/realms/*"}},
}
