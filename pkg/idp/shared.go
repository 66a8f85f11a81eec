package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// sourceCoop is a shared issuer whose connections choose their audience.
var sourceCoop = &Provider{
	ID:        "source-coop",
	Name:      "Source Cooperative",
	Issuer:    "https://data.source.coop",
	Open:      policy.Yes,
	Audiences: []string{"sts.amazonaws.com"},
	Subjects:  []Shape{{Name: "connection", Template: "scv1:conn:{account}:{product+}"}},
	Docs:      "https://docs.source.coop",
	Examples: []Example{{
		Host: "data.source.coop", Sub: "scv1:conn:acme:products", Aud: "sts.amazonaws.com",
		Parts: []string{"account=acme", "product=products"},
	}},
	hosts:  []hostPattern{{"data.source.coop", ""}},
	tenant: tenantParts{name: "account", repository: "product"},
}

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

// unknown stands for every other issuer. Only the claims of every OIDC
// provider are offered for it.
var unknown = &Provider{
	ID:        "unknown",
	Name:      "an OIDC provider",
	Issuer:    "https://<host>[/<path>]",
	Audiences: []string{"sts.amazonaws.com"},
	NotKeys:   []string{"iss"},
	Complete:  true,
	Docs:      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
	Examples: []Example{
		{
			Host: "auth.vouch.example", Sub: "user:alice@acme.com", Aud: "sts.amazonaws.com",
			Parts: []string{"user=alice@acme.com"},
		},
		{
			Host: "jenkins.acme.example/oidc", Sub: "https://jenkins.acme.example/job/web/job/main/", Aud: "sts.amazonaws.com",
			Parts: []string{"part-1=https", "part-2=//jenkins.acme.example/job/web/job/main/"},
		},
		{Host: "ci.acme.example", Sub: "builder", Aud: "sts.amazonaws.com", Parts: []string{"subject=builder"}},
	},
}
