package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// amazon is Login with Amazon, built in, with opaque tokens as well. Its tenants are
// applications too.
var amazon = &Provider{
	ID:       "amazon",
	Name:     "Login with Amazon",
	Issuer:   "https://www.amazon.com",
	Open:     policy.Yes,
	Claims:   always("app_id", "user_id"),
	Without:  []string{"aud", "amr", "oaud", "email"},
	Complete: true,
	Subjects: []Shape{{Name: "account", Template: "{identity+}"}},
	Docs:     "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Examples: []Example{{
		Host: "www.amazon.com", Sub: "amzn1.account.AGM6BSH4CXAMPLE", Aud: "amzn1.application.0a1b2c3d",
		Parts: []string{"identity=amzn1.account.AGM6BSH4CXAMPLE"},
	}},
	otherNames: map[string]string{"user_id": "sub", "app_id": "aud"},
	hosts:      []hostPattern{{"www.amazon.com", ""}},
}
