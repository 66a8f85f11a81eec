package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// facebook is built in. Its tokens are opaque; STS asks Facebook about them.
// The application is the tenant: ids of users tell nothing of it.
var facebook = &Provider{
	ID:       "facebook",
	Name:     "Facebook",
	Issuer:   "https://graph.facebook.com",
	Open:     policy.Yes,
	Claims:   always("app_id", "id"),
	Without:  []string{"aud", "sub", "amr", "oaud", "email"},
	Complete: true,
	Subjects: []Shape{{Name: "account", Template: "{identity}"}},
	Docs:     "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Examples: []Example{{
		Host: "graph.facebook.com", Sub: "10155123456789012", Aud: "112233445566778899",
		Parts: []string{"identity=10155123456789012"},
	}},
	otherNames: map[string]string{"id": "sub", "app_id": "aud"},
	hosts:      []hostPattern{{"graph.facebook.com", ""}},
}
