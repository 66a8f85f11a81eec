package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// shared are further issuers that many tenants share, from the list of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
// Of their subjects nothing is known here.
var shared = &Provider{
	ID:     "shared",
	Name:   "an issuer that many tenants share",
	Issuer: "https://<one of the hosts that IAM lists as shared>",
	Open:   policy.Yes,
	Docs:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
	Examples: []Example{{
		Host: "oidc.codefresh.io", Sub: "account:acme:pipeline:build:initiator:alice", Aud: "https://g.codefresh.io",
		Parts: []string{"account=acme", "pipeline=build", "initiator=alice"},
	}},
	hosts: []hostPattern{
		{"oidc.codefresh.io", ""},
		{"studio.datachain.ai", "/api"},
		{"scalr.io", ""},
		{"*.scalr.io", ""},
		{"tokens.cloud.shisho.dev", ""},
		{"proidc.upbound.io", ""},
		{"sandboxes.cloud", ""},
	},
}
