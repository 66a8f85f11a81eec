package audit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// token is one that the provider of a grant could issue.
type token struct {
	sub, aud string
	claims   map[string]any // all of them, as diagnose.Options takes them
}

// event is the call with a token as CloudTrail would record its denial.
func (g *grant) event(t *token) *cloudtrail.Event {
	return &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", Time: g.now, AccountID: cmp.Or(g.account, field(g.role.ARN, 4)),
		RoleARN: g.role.ARN, Provider: g.principal.Value,
		Subject: t.sub, Audience: t.aud, HasAudience: true,
		ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied",
	}
}

// request is the call with a token as a policy sees it. What more than the token
// decides, such as the address of the caller, is hidden. It is good until the
// next is asked for.
func (g *grant) request(t *token) *policy.Request {
	if g.requests == nil {
		ev := g.event(&token{sub: firstSubject(g.statement)})
		if len(g.idp.Examples) > 0 {
			ev.Subject = g.idp.Examples[0].Sub // a pattern does not tell the product
		}
		g.requests = diagnose.Requests(ev, diagnose.Options{Mine: true, Context: g.chosen})
	}
	return g.requests(t.sub, t.aud, t.claims)
}

// options are what is known of a token beside its event.
func (g *grant) options(t *token) diagnose.Options {
	return diagnose.Options{Mine: true, Claims: t.claims, Context: g.chosen}
}

// token makes one with a subject and an audience. Further claims are those
// that the subject tells, and of the others those that want gives.
func (g *grant) token(sub, aud string, want map[string]string) *token {
	t := &token{sub: sub, aud: aud, claims: map[string]any{"sub": sub, "aud": aud}}
	for claim, value := range want {
		t.claims[claim] = value
	}
	if original, ok := want["oaud"]; ok {
		t.claims["aud"] = original // what STS calls aud is the azp of such a token
	}
	for _, d := range g.idp.Derived(sub) {
		if d.Claim != "" {
			t.claims[strings.ToLower(d.Claim)] = d.Value
		}
	}
	return t
}

// identity is a token as a finding shows it, with the claims that the policy
// tests.
func (g *grant) identity(t *token, who string) *Identity {
	id := &Identity{Provider: g.principal.Value, Subject: t.sub, Audience: t.aud, Who: who}
	for i := range g.doc.Statements {
		for j := range g.doc.Statements[i].Conditions {
			if pair, ok := g.shown(t, g.doc.Statements[i].Conditions[j].Key.Value); ok && !slices.Contains(id.Claims, pair) {
				id.Claims = append(id.Claims, pair)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(g.chosen)) {
		id.Claims = append(id.Claims, report.Pair{Name: key, Value: g.chosen[key][0]})
	}
	return id
}

// shown is the claim of a token that a key tests, where STS makes a key of it
// and it is neither the subject nor the audience.
func (g *grant) shown(t *token, key string) (pair report.Pair, ok bool) {
	claim := g.claim(key)
	value, ok := t.claims[claim].(string)
	if !ok || claim == "sub" || claim == "aud" || g.idp.Offers(claim, g.now).State != idp.Offered {
		return report.Pair{}, false
	}
	return report.Pair{Name: claim, Value: value}, true
}

// field is a field of an ARN, from 0, "" where there is none.
func field(arn string, i int) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return ""
	}
	return fields[i]
}
