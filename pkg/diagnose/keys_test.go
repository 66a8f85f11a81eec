package diagnose

import "testing"

const eksHost = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"

func TestReadKey(t *testing.T) {
	for _, test := range []struct {
		name, key, host string
		kind            keyKind
		claim           string
	}{
		{"subject", eksHost + ":sub", eksHost, keyOwn, "sub"},
		{"letter case of a key does not matter", "OIDC.eks.EU-west-1.amazonaws.com/id/0123456789abcdef0123456789abcdef:Sub", eksHost, keyOwn, "Sub"},
		{"claim with a host of its own", "oidc.circleci.com/org/1:oidc.circleci.com/project-id", "oidc.circleci.com/org/1", keyOwn, "oidc.circleci.com/project-id"},
		{"issuer with a port", "gitlab.example.com:8443:aud", "gitlab.example.com:8443", keyOwn, "aud"},
		{"issuer with a slash at its end", "acme.auth0.com/:aud", "acme.auth0.com/", keyOwn, "aud"},
		{"built-in provider", "cognito-identity.amazonaws.com:amr", "cognito-identity.amazonaws.com", keyOwn, "amr"},
		{"global key", "aws:SourceIp", eksHost, keyGlobal, "SourceIp"},
		{"session tag", "aws:RequestTag/team", eksHost, keyGlobal, "RequestTag/team"},
		{"key of STS", "sts:RoleSessionName", eksHost, keyGlobal, "RoleSessionName"},
		{"other provider", "gitlab.com:sub", eksHost, keyOther, "sub"},
		{"other cluster", "oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210:sub", eksHost, keyOther, "sub"},
		{"path of the issuer missing", "windmill.example.com:sub", "windmill.example.com/api/oidc/", keyOther, "sub"},
		{"no claim", eksHost, eksHost, keyMalformed, ""},
		{"colon at the end", eksHost + ":", eksHost, keyMalformed, ""},
		{"claim twice", eksHost + ":sub:sub", eksHost, keyMalformed, "sub"},
		{"claim of another behind the first", eksHost + ":sub:aud", eksHost, keyMalformed, "aud"},
		{"ARN", "arn:aws:iam::111122223333:oidc-provider/" + eksHost + ":sub", eksHost, keyMalformed, "sub"},
		{"scheme", "https://" + eksHost + ":sub", eksHost, keyMalformed, "sub"},
		{"slash too many", "gitlab.com/:sub", "gitlab.com", keyMalformed, "sub"},
		{"slash too few", "acme.auth0.com:sub", "acme.auth0.com/", keyMalformed, "sub"},
		{"Terraform residue", "${module.eks.oidc}:sub", eksHost, keyMalformed, "sub"},
		{"Go template residue", "oidc.eks.{.Region}.amazonaws.com/id/{.ID}:aud", eksHost, keyMalformed, "aud"},
		{"blank in front", " gitlab.com:sub", "gitlab.com", keyMalformed, "sub"},
		{"claim alone", "sub", eksHost, keyMalformed, "sub"},
		{"nothing", "", eksHost, keyMalformed, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := readKey(test.key, test.host)
			if got.Kind != test.kind || got.Claim != test.claim {
				t.Errorf("readKey(%q) is kind %d, claim %q; want kind %d, claim %q", test.key, got.Kind, got.Claim, test.kind, test.claim)
			}
			if (got.Kind == keyMalformed) != (got.Fault != "") {
				t.Errorf("a fault is told exactly of malformed keys, got %q", got.Fault)
			}
		})
	}
}

func FuzzReadKey(f *testing.F) {
	f.Add(eksHost+":sub", eksHost)
	f.Add("a:b:c", "")
	f.Add(":", "a")
	f.Fuzz(func(t *testing.T, key, host string) {
		readKey(key, host) // any text is read without a panic
	})
}
