package diagnose

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"pgregory.net/rapid"
)

func TestCarry(t *testing.T) {
	for _, test := range []struct{ name, value, subject, want string }{
		{"capitals of the owner", "repo:acme/*", "repo:ACME/api:ref:refs/heads/main", "repo:ACME/*"},
		{"ids of both", "repo:acme/api:*", "repo:acme@1/api@2:environment:prod", "repo:acme@1/api@2:*"},
		{"ids of the owner where the repository is open", "repo:acme/*", "repo:acme@1/api@2:pull_request", "repo:acme@1/*"},
		{"ids in an exact value", "repo:acme/api:ref:refs/heads/main", "repo:acme@1/api@2:ref:refs/heads/main", "repo:acme@1/api@2:ref:refs/heads/main"},
		{"wildcard in the middle", "repo:acme/*:ref:refs/heads/*", "repo:ACME/api:ref:refs/heads/main", "repo:ACME/*:ref:refs/heads/*"},
		{"question mark", "repo:acme/ap?:*", "repo:Acme/api:x", "repo:Acme/ap?:*"},
		{"another repository", "repo:acme/web:*", "repo:acme/api:x", ""},
		{"an @ that is no id", "repo:acme/api:*", "repo:acme@x/api:x", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := carry(test.value, test.subject)
			if ok != (test.want != "") || ok && got != test.want {
				t.Errorf("carry(%q, %q) = %q, %v; want %q", test.value, test.subject, got, ok, test.want)
			}
		})
	}
}

// TestCarriedValueMatches: whatever is carried matches the subject, and has the
// author's wildcards and no more.
func TestCarriedValueMatches(t *testing.T) {
	text := rapid.StringMatching(`[a-cA-C@0-2/:*?]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		value, subject := text.Draw(t, "value"), rapid.StringMatching(`[a-cA-C@0-2/:]{0,12}`).Draw(t, "subject")
		got, ok := carry(value, subject)
		if !ok {
			return
		}
		if !policy.Like(got, subject) {
			t.Fatalf("carry(%q, %q) = %q, which does not match", value, subject, got)
		}
		if strings.Count(got, "*") != strings.Count(value, "*") || strings.Count(got, "?") != strings.Count(value, "?") {
			t.Fatalf("carry(%q, %q) = %q has other wildcards", value, subject, got)
		}
	})
}

func FuzzCarry(f *testing.F) {
	f.Add("repo:acme/*", "repo:Acme@1/api@2:pull_request")
	f.Add(strings.Repeat("*a", 8)+"b", strings.Repeat("a", 400))
	f.Fuzz(func(t *testing.T, value, subject string) {
		if got, ok := carry(value, subject); ok && !strings.ContainsAny(subject, "*?") && !policy.Like(got, subject) {
			t.Errorf("carry(%q, %q) = %q, which does not match", value, subject, got)
		}
	})
}

// TestLiteral: a text written for an operator is taken as it is, whatever
// stands in it.
func TestLiteral(t *testing.T) {
	for _, subject := range []string{"plain", "a*b", "what?", "${aws:username}", "$", "$${", "${*}", "*", "repo:o/r:environment:$"} {
		for _, operator := range []string{"StringEquals", "StringLike"} {
			doc := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/h.example"},` +
				`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"` + operator + `":{"h.example:sub":` + encode(literal(subject, operator == "StringLike")) + `}}}}`
			d, err := policy.Parse([]byte(doc))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []string{subject, subject + "x", "x" + subject, strings.NewReplacer("*", "x", "?", "x").Replace(subject)} {
				got := policy.Decide(d, &policy.Request{
					Action: actionAssume, Principal: "arn:aws:iam::111122223333:oidc-provider/h.example",
					Condition: func(string) policy.Values { return policy.Value(s) },
				})
				if (got == policy.Allowed) != (s == subject) {
					t.Errorf("%s %q: %q is %s", operator, literal(subject, operator == "StringLike"), s, got)
				}
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"repo:acme/api:x":         "repo:acme/api:x",
		"repo:acme@1/api@22:x":    "repo:acme/api:x",
		"repo:acme@*/api@*:x":     "repo:acme/api:x",
		"w.yml@refs/heads/main":   "w.yml@refs/heads/main",
		"alice@acme.com":          "alice@acme.com",
		"trailing@":               "trailing@",
		"repo:a@1/b@2:env:x@3rd":  "repo:a/b:env:xrd",
		"":                        "",
		"@1@2":                    "",
		"repo:a/b:environment:@9": "repo:a/b:environment:",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}
