package audit

import (
	"context"
	"fmt"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var providersBothWanted = &Rule{
	Kind:  CannotWork,
	Code:  "providers-both-wanted",
	Title: "A statement asks for the keys of two providers at once",
	Doc: `A token is of one provider, and has condition keys of that one alone. A statement that trusts two providers and tests
keys of both asks every token for what only the other one's has: it admits neither. Where it tests the keys of one alone, it
admits nobody of the other.

What to do: give each provider a statement of its own.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html",
	Run: findBothWanted,
}

func findBothWanted(t *trust) (found []Finding) {
	told := map[*policy.Statement]bool{}
	for _, g := range t.grants {
		others := t.alsoWanted(g)
		if g.works != nil || len(others) == 0 || told[g.statement] || g.provider.Exists == policy.No {
			continue
		}
		told[g.statement] = true
		f := Finding{Certainty: report.Certain, Cause: "condition-key-other-provider", Provider: g.principal.Value}
		if g.testsOwn() {
			f.Message = fmt.Sprintf("statement %d asks for keys of %s and of %s, and no token has both", g.statement.Index+1, idp.Quote(g.host), quoted(others))
			f.Where = g.place(g.statement.PrincipalAt)
			f.Fixes = t.split(g.statement)
		} else {
			f.Message = fmt.Sprintf("statement %d trusts %s and asks for keys of %s alone, which its tokens do not have", g.statement.Index+1, idp.Quote(g.host), quoted(others))
			f.Where = g.place(g.principal.Span)
			f.Notes = []string{"give " + g.host + " a statement of its own with a condition on " + g.host + ":" + g.idp.ClaimFor("sub") + ", or stop trusting it"}
		}
		found = append(found, f)
	}
	return found
}

// alsoWanted lists the providers whose keys a grant asks for beside its own:
// then no token satisfies it.
func (t *trust) alsoWanted(g *grant) (hosts []string) {
	for _, other := range t.grants {
		if other.statement == g.statement && other.host != g.host && slices.ContainsFunc(g.tested, other.wants) {
			hosts = append(hosts, other.host)
		}
	}
	return hosts
}

// wants tells whether a condition needs a key of the grant's provider.
func (g *grant) wants(k *policy.Condition) bool {
	return g.claim(k.Key.Value) != "" && !k.Op.Negated && !k.Op.IfExists && k.Op.Set != policy.ForAllValues && k.Op.Base != "Null"
}

// testsOwn tells whether the statement asks for a key of the grant's provider.
func (g *grant) testsOwn() bool { return slices.ContainsFunc(g.tested, g.wants) }

// split gives every provider of a statement a statement of its own, without the
// conditions on the others' keys. It is nil where one would be left without any.
func (t *trust) split(s *policy.Statement) []report.Fix {
	var edits []policy.Edit
	for _, g := range t.grants {
		if g.statement != s {
			continue
		}
		text, err := g.alone()
		if err != nil || !g.testsOwn() {
			return nil
		}
		edit := policy.Edit{Kind: policy.AddStatement, New: text}
		if len(edits) == 0 {
			edit = policy.Edit{Kind: policy.ReplaceStatement, Statement: s.Index, New: text}
		}
		edits = append(edits, edit)
	}
	return t.provedSplit(report.Fix{
		Message: fmt.Sprintf("give each provider of statement %d a statement of its own, with the conditions on its own keys", s.Index+1),
		Target:  report.TrustPolicy, Edits: edits,
	})
}

// provedSplit is the fix with the whole policy, if every provider's tokens are
// admitted after it and no stranger is, and IAM saves it.
func (t *trust) provedSplit(f report.Fix) []report.Fix {
	doc, err := t.doc.Apply(f.Edits...)
	if err != nil || t.unsavable(doc) {
		return nil
	}
	after := &trust{auditor: t.auditor, role: t.role, doc: doc}
	after.grants = after.findGrants(context.Background())
	for _, g := range after.grants {
		if g.provider.Exists != policy.No && g.works == nil || g.open() && g.admittedStranger() != nil {
			return nil
		}
	}
	f.Policy = string(doc.Source)
	return []report.Fix{f}
}
