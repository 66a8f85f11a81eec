package idp

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
			Parts: []string{"subject=https://jenkins.acme.example/job/web/job/main/"},
		},
		{Host: "ci.acme.example", Sub: "builder", Aud: "sts.amazonaws.com", Parts: []string{"subject=builder"}},
	},
}
