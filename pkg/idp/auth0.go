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
