package audit_test

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

const roleARN = "arn:aws:iam::" + account + ":role/deploy"

// small is an account with one role and the provider of an example.
type small struct {
	diagnose.Account
	role     diagnose.Role
	provider diagnose.Provider
}

func (s small) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Found([]diagnose.Role{s.role})
}

func (s small) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return diagnose.Found([]diagnose.Provider{s.provider})
}

func (s small) Provider(_ context.Context, arn string) diagnose.Known[diagnose.Provider] {
	if arn == s.provider.ARN {
		return diagnose.Found(s.provider)
	}
	return diagnose.Missing[diagnose.Provider]()
}

func (small) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Found([]diagnose.NamedPolicy{})
}

// oneRole audits an account whose only role has a policy.
func oneRole(ctx context.Context, text []byte, e idp.Example) *audit.Result {
	return audit.Audit(ctx, small{
		role:     diagnose.Role{ARN: roleARN, TrustPolicy: text},
		provider: diagnose.Provider{ARN: providerARN(e.Host), URL: e.Host, ClientIDs: []string{e.Aud}},
	}, account, audit.Options{Now: today})
}

// Whoever is shown to be admitted is, in every fixture.
func TestAdmittedAreAdmitted(t *testing.T) {
	for _, file := range fixtures(t, "bad") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range auditText(t, text, file).Findings {
			holdTooOpen(t, &f, []byte(f.Policy))
		}
	}
}

// Whoever is shown to be admitted is, by any policy; and no fix of such a
// finding admits him.
func TestAdmittedByRandomPoliciesAreAdmitted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSample(rt)
		for _, f := range s.findings(rt) {
			if f.Kind != audit.TooOpen {
				continue
			}
			holdTooOpen(t, &f, s.text)
			for _, fix := range f.Fixes {
				refuses(rt, fix, f.Admitted)
			}
		}
	})
}

// refuses wants a fix to leave the stranger outside, and a policy that IAM saves.
func refuses(t *rapid.T, fix report.Fix, stranger *audit.Identity) {
	after, err := policy.Parse([]byte(fix.Policy))
	if err != nil {
		t.Fatal(err)
	}
	if policy.Decide(after, admittedCall(stranger)) == policy.Allowed {
		t.Errorf("%s: %+v is admitted still by %s", fix.Message, stranger, fix.Policy)
	}
	if err := after.Savable(policy.SaveOptions{}); err != nil {
		t.Errorf("%s: %v", fix.Message, err)
	}
}

// A statement that is said to admit nobody admits none of many random tokens of
// its provider.
func TestDeadStatementsAdmitNobody(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSample(rt)
		dead := slices.ContainsFunc(s.findings(rt), func(f audit.Finding) bool { return f.Kind == audit.CannotWork })
		if !dead {
			return
		}
		doc, err := policy.Parse(s.text)
		if err != nil {
			rt.Fatal(err)
		}
		for range 30 {
			sub := s.subject(rt)
			claims := map[string]any{"amr": "authenticated", "environment": "prod"}
			if policy.Decide(doc, tokenOf(s.principal, sub, s.example.Aud, claims, nil)) == policy.Allowed {
				rt.Errorf("%s is said to admit nobody, and admits %s", s.text, sub)
			}
		}
	})
}

// subject is one that the provider could write: an example, one near it, or one
// of the policy's values with something in the place of its stars.
func (s sample) subject(t *rapid.T) string {
	near := append(s.idp.Neighbours(s.example.Sub), s.example.Sub)
	sub := rapid.SampledFrom(near).Draw(t, "subject")
	if values := s.patterns(); len(values) > 0 && rapid.Bool().Draw(t, "wanted") {
		i := rapid.IntRange(0, len(s.example.Sub)).Draw(t, "piece from")
		j := rapid.IntRange(i, len(s.example.Sub)).Draw(t, "piece to")
		sub = strings.ReplaceAll(rapid.SampledFrom(values).Draw(t, "pattern"), "*", s.example.Sub[i:j])
	}
	if s.idp.Impossible(sub) {
		return s.example.Sub
	}
	return sub
}

// patterns are the values of the sample's conditions.
func (s sample) patterns() (list []string) {
	var doc struct {
		Statement []struct {
			Condition map[string]map[string][]string
		}
	}
	if json.Unmarshal(s.text, &doc) != nil {
		return nil
	}
	for _, statement := range doc.Statement {
		for _, keys := range statement.Condition {
			for key, values := range keys {
				if strings.HasSuffix(key, ":sub") {
					list = append(list, values...)
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

// A policy whose patterns all name their owner literally admits no stranger.
func TestNamedOwnersAreNoStrangers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SampledFrom(idp.Providers).Filter(func(p *idp.Provider) bool { return p.TellsOwner() && p.Open == policy.Yes }).Draw(rt, "provider")
		e := rapid.SampledFrom(p.Examples).Draw(rt, "example")
		s := sample{idp: p, example: e, principal: principalOf(e.Host)}
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return s.value(t, "sub") }).Filter(func(v string) bool {
			_, ok := p.OwnerOfPattern(v)
			return ok
		}), 1, 3).Draw(rt, "values")
		text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect": "Allow", "Principal": map[string]string{"Federated": s.principal}, "Action": "sts:AssumeRoleWithWebIdentity",
			"Condition": map[string]any{rapid.SampledFrom([]string{"StringLike", "StringEquals", "ForAnyValue:StringLike"}).Draw(rt, "operator"): map[string]any{e.Host + ":sub": values}},
		}}})
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range oneRole(rt.Context(), text, e).Findings {
			if f.Code == "strangers-admitted" {
				rt.Errorf("%s: %s %+v", text, f.Message, f.Admitted)
			}
		}
	})
}

// FuzzAudit wants every policy that can be parsed to be audited without a panic,
// with findings that hold.
func FuzzAudit(f *testing.F) {
	for _, p := range idp.Providers {
		for _, e := range p.Examples {
			f.Add([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"`+providerARN(e.Host)+
				`"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"`+e.Host+`:sub":["`+e.Sub+`","*"]}}}}`), e.Host)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, host string) {
		r := oneRole(t.Context(), text, idp.Example{Host: host, Aud: "sts.amazonaws.com"})
		for i := range r.Findings {
			if r.Findings[i].Message == "" || r.Findings[i].Where == nil || r.Findings[i].Fixes == nil {
				t.Errorf("%+v is not whole", r.Findings[i])
			}
			holdTooOpen(t, &r.Findings[i], []byte(r.Findings[i].Policy))
		}
	})
}
