package audit

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// trust is one role with its trust policy.
type trust struct {
	*auditor
	role   *diagnose.Role
	doc    *policy.Document
	grants []*grant
}

// grant is what one Allow statement gives to the tokens of one provider.
type grant struct {
	*trust
	statement *policy.Statement
	principal policy.Text
	host      string        // what its condition keys begin with
	idp       *idp.Provider // never nil
	provider  diagnose.Known[diagnose.Provider]
	chosen    map[string][]string // keys that a caller sets as the statement wants them: session tags and session name
	tested    []*policy.Condition // those of the statement that test claims of the provider, in any spelling

	works  *token // a witness that is admitted; nil where none was found
	near   *token // the witness that came nearest, where none is
	denied bool   // the statement admits near, and a Deny takes it back

	requests func(subject, audience string, claims map[string]any) *policy.Request // made when first asked for
}

// mayTrustOIDC is a quick look at the text of a policy. Text that is URL-encoded
// is taken to.
func mayTrustOIDC(text []byte) bool {
	return bytes.Contains(text, []byte("Federated")) || bytes.HasPrefix(bytes.TrimSpace(text), []byte("%"))
}

// findGrants lists what the policy gives to OIDC providers.
func (t *trust) findGrants(ctx context.Context) (grants []*grant) {
	for i := range t.doc.Statements {
		s := &t.doc.Statements[i]
		if s.Deny || s.NotPrincipal || !assumes(s) {
			continue
		}
		for _, p := range s.Principals {
			host := cloudtrail.KeyHost(p.Value)
			if p.Type != "Federated" || host == "" {
				continue // SAML providers, and texts that are no provider
			}
			g := &grant{trust: t, statement: s, principal: p.Text, host: host}
			g.idp = providerOf(host, firstSubject(s))
			if strings.HasPrefix(p.Value, "arn:") {
				g.provider = t.trusted(ctx, p.Value)
			} else {
				g.provider = diagnose.Found(diagnose.Provider{})
			}
			g.findTested()
			if g.provider.Exists != policy.No {
				g.search()
			}
			grants = append(grants, g)
		}
	}
	return grants
}

// trusted looks up the provider that a principal names. One of another account
// is as good as missing, whatever is known of that account: STS takes those of
// the role's own account alone.
func (t *trust) trusted(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	const account = 4
	known := t.auditor.provider(ctx, arn)
	if known.Exists == policy.Unknown && differ(field(t.role.ARN, account), field(arn, account)) {
		return diagnose.Missing[diagnose.Provider]()
	}
	return known
}

// differ tells whether two IDs are surely of two accounts.
func differ(a, b string) bool {
	const open = "000000000000" // in a template
	return a != b && a != "" && b != "" && a != open && b != open
}

// assumes tells whether a statement is about assuming the role with a token,
// and not about its session tags alone.
func assumes(s *policy.Statement) bool {
	return s.NotAction || slices.ContainsFunc(s.Actions, func(a policy.Text) bool {
		return strings.Contains(strings.ToLower(a.Value), "assumerole") || strings.Contains(a.Value, "*")
	})
}

// firstSubject is the first value of a condition on a sub, "" where there is
// none. It tells the product behind a host that does not.
func firstSubject(s *policy.Statement) string {
	for i := range s.Conditions {
		if k := &s.Conditions[i]; strings.HasSuffix(strings.ToLower(k.Key.Value), ":sub") && len(k.Values) > 0 {
			return k.Values[0].Value
		}
	}
	return ""
}

// providerOf is what is known of a host, and where that does not tell the product,
// of the product whose subjects a value of the policy is like. The value may be a
// pattern, which is like more than one.
func providerOf(host, value string) *idp.Provider {
	p := idp.Find(host)
	if len(p.Subjects) > 0 && !p.Impossible(value) {
		return p
	}
	if other := idp.FindFor(host, value); !other.Impossible(value) {
		return other
	}
	return p
}

func (g *grant) findTested() {
	g.tested, g.chosen = nil, map[string][]string{}
	for i := range g.statement.Conditions {
		k := &g.statement.Conditions[i]
		switch {
		case !isGlobal(k.Key.Value):
			g.tested = append(g.tested, k)
		case isChosen(k.Key.Value) && !k.Op.Negated && len(k.Values) > 0:
			g.chosen[k.Key.Value] = []string{filled(k.Values[0].Value)}
		}
	}
}

// isGlobal tells whether a key is one of AWS or STS and not of a provider.
func isGlobal(key string) bool {
	prefix, _, _ := strings.Cut(strings.ToLower(key), ":")
	return prefix == "aws" || prefix == "sts"
}

// isChosen tells whether the caller sets a global key as it likes: the name of
// the session, and tags where its provider writes some into the token.
func isChosen(key string) bool {
	key = strings.ToLower(key)
	return key == "sts:rolesessionname" || strings.HasPrefix(key, "aws:requesttag/")
}

// in is the grant in another version of the policy, with the same number of
// the statement. Whether somebody is admitted there is not searched yet.
func (g *grant) in(doc *policy.Document) *grant {
	after, t := *g, *g.trust
	t.doc = doc
	after.trust, after.statement = &t, &doc.Statements[g.statement.Index]
	after.works, after.near, after.denied, after.requests = nil, nil, false, nil
	after.findTested()
	return &after
}

// claim is the claim that a key of the grant's provider names, "" for a key of
// something else.
func (g *grant) claim(key string) string {
	if len(key) > len(g.host) && strings.EqualFold(key[:len(g.host)], g.host) && key[len(g.host)] == ':' {
		return strings.ToLower(key[len(g.host)+1:])
	}
	return ""
}

// place is where a span of the policy stands.
func (t *trust) place(s policy.Span) *report.Where {
	line, column := t.doc.Position(s.Start)
	return &report.Where{
		Statement: t.statementAt(s) + 1, Path: t.doc.Path(s.Start),
		Line: line, Column: column, Span: s, Length: s.End - s.Start,
	}
}

func (t *trust) statementAt(s policy.Span) int {
	return slices.IndexFunc(t.doc.Statements, func(st policy.Statement) bool {
		return st.Span.Start <= s.Start && s.End <= st.Span.End
	})
}
