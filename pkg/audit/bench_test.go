package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/casefile"
)

const (
	clusterHost = "oidc.eks.eu-west-1.amazonaws.com/id/9422B2E0F81B4E0C8A3D1F6A7B5C1723"
	githubHost  = "token.actions.githubusercontent.com"
)

func providerARN(host string) string {
	return "arn:aws:iam::" + account + ":oidc-provider/" + host
}

// template is a trust policy that every so many roles of a large account have;
// %d is the number of the role.
type template struct {
	share    int // of a hundred roles
	provider string
	operator string
	key      string
	value    string
}

// templates are those of an account as they come: most work, and a tenth has
// some fault.
var templates = []template{
	{60, providerARN(clusterHost), "StringEquals", clusterHost + ":sub", "system:serviceaccount:team-%d:app"},
	{18, providerARN(githubHost), "StringLike", githubHost + ":sub", "repo:acme@1234/service-%d@99:*"},
	{10, providerARN(githubHost), "StringLike", githubHost + ":sub", "repo:acme/service-%d:ref:refs/heads/main"},
	{3, providerARN(githubHost), "StringLike", githubHost + ":sub", "repo:acme*/service-%d:*"},
	{2, providerARN(githubHost), "StringEquals", githubHost + ":sub", "repo:acme@1234/service-%d@99:*"},
	{2, providerARN(githubHost), "StringLike", "https://" + githubHost + ":sub", "repo:acme@1234/service-%d@99:*"},
	{2, providerARN(clusterHost), "StringLike", clusterHost + ":sub", "system:serviceaccounts:team-%d:*"},
	{3, providerARN("oidc.eks.eu-west-1.amazonaws.com/id/2A8E67D0F81B4E0C8A3D1F6A7B5CBEBC"), "StringEquals", clusterHost + ":sub", "system:serviceaccount:old-%d:app"},
}

// templateOf spreads the templates over the roles.
func templateOf(role int) template {
	place := role * 37 % 100
	for _, t := range templates {
		if place -= t.share; place < 0 {
			return t
		}
	}
	return templates[0]
}

// largeAccount is the file of an account with so many roles, a fifth of which
// have nothing to do with OIDC.
func largeAccount(tb testing.TB, roles int) []byte {
	tb.Helper()
	list := make([]any, roles)
	for i := range list {
		statement := map[string]any{"Effect": "Allow", "Principal": map[string]any{"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
		if t := templateOf(i); i%5 != 4 {
			statement = map[string]any{
				"Effect": "Allow", "Principal": map[string]any{"Federated": t.provider}, "Action": "sts:AssumeRoleWithWebIdentity",
				"Condition": map[string]any{t.operator: map[string]any{t.key: fmt.Sprintf(t.value, i)}},
			}
		}
		list[i] = map[string]any{
			"Arn":                      fmt.Sprintf("arn:aws:iam::%s:role/service-%d", account, i),
			"AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{statement}},
		}
	}
	var providers []any
	for _, host := range []string{clusterHost, githubHost} {
		providers = append(providers, map[string]any{"Arn": providerARN(host), "Url": host, "ClientIDList": []string{"sts.amazonaws.com"}})
	}
	text, err := json.Marshal(map[string]any{"roles": list, "oidcProviders": providers, "resourceControlPolicies": []any{}})
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// A large account is audited whole, and all of its faults are found.
func TestLargeAccount(t *testing.T) {
	const roles = 500
	r := auditText(t, largeAccount(t, roles), "large.json")
	want := map[string]int{}
	for i := range roles {
		if i%5 == 4 {
			continue
		}
		switch tmpl := templateOf(i); {
		case tmpl.share == 3 && tmpl.operator == "StringLike":
			want["strangers-admitted"]++
		case tmpl.share == 2:
			want["statement-never-matches"]++
		case tmpl.share == 3:
			want["provider-gone"]++
		case tmpl.share == 10:
			want["immutable-subject"]++
		}
	}
	got := map[string]int{}
	for _, f := range r.Findings {
		got[string(f.Code)]++
	}
	for code, n := range want {
		if got[code] != n {
			t.Errorf("%d findings %s, want %d", got[code], code, n)
		}
	}
	if r.Roles != roles*4/5 {
		t.Errorf("%d roles, want %d", r.Roles, roles*4/5)
	}
}

// Roles of a provider that is gone stand together, providers in order.
func TestLeftOversStandByProvider(t *testing.T) {
	const cluster = "oidc.eks.eu-west-1.amazonaws.com/id/"
	var roles []any
	for i, id := range []string{"BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		roles = append(roles, map[string]any{
			"Arn": fmt.Sprintf("arn:aws:iam::%s:role/%d", account, i),
			"AssumeRolePolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": map[string]any{
				"Effect": "Allow", "Principal": map[string]any{"Federated": providerARN(cluster + id)}, "Action": "sts:AssumeRoleWithWebIdentity",
			}},
		})
	}
	text, err := json.Marshal(map[string]any{"roles": roles, "oidcProviders": []any{}, "resourceControlPolicies": []any{}})
	if err != nil {
		t.Fatal(err)
	}
	var order string
	for _, f := range auditText(t, text, "gone.json").Findings {
		order += f.Role[len(f.Role)-1:]
	}
	if order != "1302" {
		t.Errorf("the roles come in the order %s, want 1302", order)
	}
}

// BenchmarkSavedByDeny is of policies for which every stranger is tried, to no
// avail.
func BenchmarkSavedByDeny(b *testing.B) {
	text, err := os.ReadFile("testdata/good/strangers-admitted-github-deny-saves.json")
	if err != nil {
		b.Fatal(err)
	}
	acct, err := casefile.Load(bytes.NewReader(text), "saved.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := audit.Audit(b.Context(), acct, account, audit.Options{Now: today}); len(r.Findings) > 0 {
			b.Fatal(r.Findings[0].Message)
		}
	}
}

func BenchmarkAudit5000Roles(b *testing.B) {
	text := largeAccount(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		acct, err := casefile.Load(bytes.NewReader(text), "large.json")
		if err != nil {
			b.Fatal(err)
		}
		if r := audit.Audit(b.Context(), acct, account, audit.Options{Now: today}); len(r.Findings) == 0 {
			b.Fatal("nothing found")
		}
	}
}
