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
