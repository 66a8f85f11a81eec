package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var statementNeverMatches = &Rule{
	Kind:  CannotWork,
	Code:  "statement-never-matches",
	Title: "No token of the provider satisfies the statement",
	Doc: `rolewhy makes tokens as the provider writes them, with every value that the conditions ask for, and evaluates the
statement for them; it admits none. The finding names what stands in the way, with the cause that a denied call would have.

What to do: what the finding says. A statement that nobody can satisfy does no harm, but somebody waits for it to work.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Run: findDead,
}

// findDead explains the grants that admit no witness.
func findDead(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if g.works != nil || g.near == nil || g.provider.Exists == policy.No || len(t.alsoWanted(g)) > 0 {
			continue
		}
		found = append(found, g.explain()...)
	}
	return found
}

// explain has the denial of the nearest witness diagnosed. The causes that
// stand in the statement become findings.
func (g *grant) explain() (found []Finding) {
	r := diagnose.Explain(context.Background(), g.accountView(), g.event(g.near), g.options(g.near))
	for _, cause := range r.Findings {
		if cause.Certainty != report.Certain || cause.Where == nil || cause.Where.Statement != g.statement.Index+1 {
			continue
		}
		found = append(found, Finding{
			Certainty: cause.Certainty, Provider: g.principal.Value, Message: cause.Message,
			Where: cause.Where, Notes: append(cause.Notes, "cause: "+string(cause.Code)), Fixes: cause.Fixes, Docs: cause.Docs,
		})
	}
	if len(found) == 0 {
		found = append(found, g.dead())
	}
	return found
}

// dead is the finding for a statement of which the diagnosis tells nothing,
// because another one admits its callers: the conditions that its nearest
// witness does not satisfy.
func (g *grant) dead() Finding {
	s := &policy.Evaluate(g.doc, g.request(g.near)).Statements[g.statement.Index]
	f := Finding{
		Certainty: report.Certain, Provider: g.principal.Value,
		Message: fmt.Sprintf("no token of %s satisfies statement %d", g.idp.Name, g.statement.Index+1),
		Where:   g.place(g.principal.Span),
	}
	for i := range s.Conditions {
		if k := &s.Conditions[i]; k.Result == policy.No {
			f.Where = g.place(k.Key.Span)
			f.Notes = append(f.Notes, fmt.Sprintf("%s on %s is not met (%s)", k.Operator.Value, idp.Quote(k.Key.Value), k.Reason))
		}
	}
	return f
}

// accountView is the account as the diagnosis of the role sees it.
func (g *grant) accountView() diagnose.Account { return view{g.auditor, g.role} }

// alsoWanted lists the providers whose keys a grant asks for beside its own:
// then no token satisfies it, and another rule says so.
func (t *trust) alsoWanted(g *grant) (hosts []string) {
	for _, other := range t.grants {
		if other.statement != g.statement || other.host == g.host {
			continue
		}
		if slices.ContainsFunc(g.tested, func(k *policy.Condition) bool { return other.wants(k) }) {
			hosts = append(hosts, other.host)
		}
	}
	return hosts
}

// wants tells whether a condition needs a key of the grant's provider.
func (g *grant) wants(k *policy.Condition) bool {
	return g.claim(k.Key.Value) != "" && !k.Op.Negated && !k.Op.IfExists && k.Op.Set != policy.ForAllValues && k.Op.Base != "Null"
}

var providersBothWanted = &Rule{
	Kind:  CannotWork,
	Code:  "providers-both-wanted",
	Title: "A statement asks for the keys of two providers at once",
	Doc: `A token is of one provider, and has condition keys of that one alone. A statement that trusts two providers and tests
keys of both asks every token for what only the other one's has: it admits neither.

What to do: give each provider a statement of its own.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html",
	Run: findBothWanted,
}

func findBothWanted(t *trust) (found []Finding) {
	told := map[*policy.Statement]bool{}
	for _, g := range t.grants {
		others := t.alsoWanted(g)
		if g.works != nil || len(others) == 0 || told[g.statement] {
			continue
		}
		told[g.statement] = true
		f := Finding{
			Certainty: report.Certain, Provider: g.principal.Value,
			Message: fmt.Sprintf("statement %d asks for keys of %s and of %s, and no token has both", g.statement.Index+1, g.host, strings.Join(others, ", ")),
			Where:   g.place(g.statement.PrincipalAt),
		}
		if fix, ok := t.split(g.statement); ok {
			f.Fixes = []report.Fix{fix}
		}
		found = append(found, f)
	}
	return found
}

// split gives every provider of a statement a statement of its own, without the
// conditions on the others' keys.
func (t *trust) split(s *policy.Statement) (report.Fix, bool) {
	var edits []policy.Edit
	first := true
	for _, g := range t.grants {
		if g.statement != s {
			continue
		}
		text, err := g.alone()
		if err != nil {
			return report.Fix{}, false
		}
		edit := policy.Edit{Kind: policy.AddStatement, New: text}
		if first {
			edit = policy.Edit{Kind: policy.ReplaceStatement, Statement: s.Index, New: text}
			first = false
		}
		edits = append(edits, edit)
	}
	return t.provedSplit(report.Fix{
		Message: "give each provider a statement of its own, with the conditions on its own keys",
		Target:  report.TrustPolicy, Edits: edits,
	})
}

// provedSplit is the fix with the whole policy, if every provider's tokens are
// admitted after it and IAM saves it.
func (t *trust) provedSplit(f report.Fix) (report.Fix, bool) {
	doc, err := t.doc.Apply(f.Edits...)
	if err != nil || doc.Savable(t.saveOptions()) != nil {
		return f, false
	}
	after := &trust{auditor: t.auditor, role: t.role, doc: doc}
	after.grants = after.findGrants(context.Background())
	for _, g := range after.grants {
		open := g.idp.Open == policy.Yes && g.admittedStranger(doc) != nil
		if g.provider.Exists != policy.No && g.works == nil || open {
			return f, false
		}
	}
	f.Policy = string(doc.Source)
	return f, true
}
