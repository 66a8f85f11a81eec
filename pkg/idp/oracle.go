package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// oracle is an identity domain of Oracle Cloud Infrastructure, one per tenant:
// https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/
var oracle = &Provider{
	ID:        "oracle",
	Name:      "Oracle Cloud Infrastructure",
	Issuer:    "https://idcs-<id>.identity.oraclecloud.com",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com"},
	Claims:    since2026("rpst_id"),
	NotKeys:   []string{"iss"},
	Docs:      "https://docs.oracle.com/iaas/Content/Identity/home.htm",
	Examples: []Example{{
		Host: "idcs-0a1b2c3d.identity.oraclecloud.com", Sub: "ocid1.instance.oc1.iad.example", Aud: "sts.amazonaws.com",
		Parts: []string{"subject=ocid1.instance.oc1.iad.example"},
	}},
	hosts: []hostPattern{{"idcs-*.identity.oraclecloud.com", "*"}},
}
