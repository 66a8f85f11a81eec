package audit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// sample is a random trust policy with one Allow statement, made of an example of
// its provider.
type sample struct {
	idp       *idp.Provider
	example   idp.Example
	principal string
	text      []byte
}

var operators = []string{
	"StringEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "ForAnyValue:StringLike",
	"ForAllValues:StringLike", "StringLikeIfExists", "StringNotEquals",
}

// drawSample draws a policy.
func drawSample(t *rapid.T) sample {
	p := rapid.SampledFrom(idp.Providers).Filter(func(p *idp.Provider) bool { return len(p.Examples) > 0 }).Draw(t, "provider")
	s := sample{idp: p, example: rapid.SampledFrom(p.Examples).Draw(t, "example")}
	s.principal = principalOf(s.example.Host)
	statements := []any{s.statement(t, "Allow")}
	if rapid.Bool().Draw(t, "deny") {
		statements = append(statements, s.statement(t, "Deny"))
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	s.text = text
	return s
}

// principalOf is the host itself for the providers that are built into IAM.
func principalOf(host string) string {
	switch {
	case host == "accounts.google.com", host == "graph.facebook.com", host == "www.amazon.com", strings.HasPrefix(host, "cognito-identity"):
		return host
	}
	return providerARN(host)
}

func (s sample) statement(t *rapid.T, effect string) map[string]any {
	conditions := map[string]map[string][]string{}
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		operator := rapid.SampledFrom(operators).Draw(t, "operator")
		if conditions[operator] == nil {
			conditions[operator] = map[string][]string{}
		}
		claim := rapid.SampledFrom([]string{"sub", "sub", "sub", "aud", "amr", "environment", "iss"}).Draw(t, "claim")
		key := rapid.SampledFrom([]string{s.example.Host, s.example.Host, s.example.Host, "https://" + s.example.Host, "gitlab.com"}).Draw(t, "host") + ":" + claim
		conditions[operator][key] = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return s.value(t, claim) }), 1, 2).Draw(t, "values")
	}
	statement := map[string]any{
		"Effect": effect, "Principal": map[string]string{"Federated": s.principal},
		"Action": rapid.SampledFrom([]string{"sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity", "sts:*", "sts:AssumeRole"}).Draw(t, "action"),
	}
	if len(conditions) > 0 {
		statement["Condition"] = conditions
	}
	return statement
}

// value is the example's own, one near it, or a pattern of either.
func (s sample) value(t *rapid.T, claim string) string {
	if claim != "sub" {
		return rapid.SampledFrom([]string{s.example.Aud, "*", "prod", "authenticated"}).Draw(t, "value")
	}
	sub := rapid.SampledFrom(append(s.idp.Neighbours(s.example.Sub), s.example.Sub)).Draw(t, "sub")
	i := rapid.IntRange(0, len(sub)).Draw(t, "from")
	j := rapid.IntRange(i, len(sub)).Draw(t, "to")
	switch rapid.IntRange(0, 3).Draw(t, "shape") {
	case 0:
		return sub
	case 1:
		return sub[:i] + "*"
	case 2:
		return sub[:i] + "*" + sub[j:]
	}
	return sub[:i] + sub[j:]
}

// findings audits the account that has the sample as its one policy.
func (s sample) findings(t *rapid.T) []audit.Finding {
	return oneRole(t.Context(), s.text, s.example).Findings
}

// tokenOf is the call with a token.
func tokenOf(principal, sub, aud string, claims map[string]any, context map[string][]string) *policy.Request {
	claims["sub"] = sub
	if claims["aud"] == nil {
		claims["aud"] = aud
	}
	return diagnose.Request(&cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", Time: today, AccountID: account, RoleARN: roleARN,
		Provider: principal, Subject: sub, Audience: aud, HasAudience: true,
	}, diagnose.Options{Mine: true, Claims: claims, Context: context})
}

// admittedCall is the call that a finding shows.
func admittedCall(id *audit.Identity) *policy.Request {
	claims, context := map[string]any{}, map[string][]string{}
	for _, pair := range id.Claims {
		switch {
		case strings.HasPrefix(strings.ToLower(pair.Name), "sts:"), strings.HasPrefix(strings.ToLower(pair.Name), "aws:"):
			context[pair.Name] = []string{pair.Value}
		case pair.Name == "oaud":
			claims["aud"] = pair.Value
		default:
			claims[pair.Name] = pair.Value
		}
	}
	return tokenOf(id.Provider, id.Subject, id.Audience, claims, context)
}

// holdTooOpen wants every finding of the kind to show somebody whom the policy
// admits.
func holdTooOpen(t testing.TB, f *audit.Finding, text []byte) {
	t.Helper()
	if f.Kind != audit.TooOpen {
		return
	}
	doc, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if f.Admitted == nil {
		t.Fatalf("%s admits nobody", f.Code)
	}
	if got := policy.Decide(doc, admittedCall(f.Admitted)); got != policy.Allowed {
		t.Errorf("%s: %+v is %v by %s", f.Code, f.Admitted, got, text)
	}
}
