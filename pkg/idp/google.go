package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// google is built in: no IAM provider is made for it. Tokens of service
// accounts carry azp, which STS takes for aud; the audience that was asked for
// is oaud:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
var google = &Provider{
	ID:        "google",
	Name:      "Google",
	Issuer:    "https://accounts.google.com",
	Open:      policy.Yes,
	Audiences: []string{"<client id or numeric id of the service account>"},
	Claims:    since2026("google/organization_number"),
	Without:   []string{"amr"},
	NotKeys:   []string{"iss", "azp", "hd", "email_verified", "name"},
	Subjects:  []Shape{{Name: "account", Template: "{identity}"}},
	Docs:      "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Examples: []Example{{
		Host: "accounts.google.com", Sub: "108423917745609128374", Aud: "108423917745609128374",
		Parts: []string{"identity=108423917745609128374"},
	}},
	hosts: []hostPattern{{"accounts.google.com", ""}},
}
