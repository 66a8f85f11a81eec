package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

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
