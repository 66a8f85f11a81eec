package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var statementNeverMatches = &Rule{
	Kind:  CannotWork,
	Code:  "statement-never-matches",
	Title: "No token of the provider satisfies the statement",
	Doc: `rolewhy makes tokens as the provider writes them, with every value that the conditions ask for, and evaluates the
policy for them; it admits none. The finding names what stands in the way, with the [cause](causes.md) that a denied call would
have, and as an example the token that comes nearest. Such things are: a key with ` + "`https://`" + ` or an ARN in front, a key of another
provider, a wildcard under StringEquals, a claim that STS makes no key of, a subject that the provider never writes, an audience
that the IAM OIDC provider does not have, the action of another kind of token, a Deny of everybody, two conditions on sub that
contradict each other.

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
		if g.isDead() {
			found = append(found, g.dead()...)
		}
	}
	return found
}

// dead tells why no token satisfies the statement: what the conditions on the
// subject say by themselves, then what the diagnosis of the nearest token finds.
func (g *grant) dead() []Finding {
	var found []Finding
	switch {
	case g.denied:
	case g.contradicts() != nil:
		found = g.contradictory(g.contradicts())
	default:
		found = g.impossible()
	}
	if len(found) == 0 {
		found = g.explained()
	}
	if len(found) == 0 {
		found = []Finding{g.unexplained()}
	}
	for i := range found {
		found[i].Provider = g.principal.Value
		found[i].Example = g.identity(g.near, "a token as "+g.idp.Name+" would issue it, the nearest to what the statement asks for")
	}
	return found
}

// subjectConditions are those that ask for a subject under the key that has it.
func (g *grant) subjectConditions() (list []*policy.Condition) {
	for _, k := range g.tested {
		if claim := g.claim(k.Key.Value); claim != "" && g.idp.Means(claim, "sub") && !k.Op.Negated && k.Op.Base != "Null" {
			list = append(list, k)
		}
	}
	return list
}

// contradicts are two conditions on the subject that no text satisfies both of;
// nil where there are none.
func (g *grant) contradicts() []*policy.Condition {
	conditions := g.subjectConditions()
	for i, a := range conditions {
		for _, b := range conditions[i+1:] {
			if allDisjoint(policyTexts(a.Values), policyTexts(b.Values)) {
				return []*policy.Condition{a, b}
			}
		}
	}
	return nil
}

// allDisjoint tells whether no text matches a pattern of each list.
func allDisjoint(a, b []string) bool {
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool { return strings.Contains(x+y, "${") || !idp.Disjoint(x, y) }) {
			return false
		}
	}
	return len(a) > 0 && len(b) > 0
}

func (g *grant) contradictory(conditions []*policy.Condition) []Finding {
	f := Finding{
		Certainty: report.Certain, Cause: "subject-mismatch", Where: g.place(conditions[1].ValuesAt),
		Message: fmt.Sprintf("the conditions on sub of statement %d contradict each other: no subject satisfies all of them", g.statement.Index+1),
	}
	for _, k := range conditions {
		f.Notes = append(f.Notes, fmt.Sprintf("%s wants %s", k.Operator.Value, quoted(policyTexts(k.Values))))
	}
	f.Notes = append(f.Notes, "conditions of one statement must all hold; values of one condition are alternatives: put them into one list, or into two statements")
	return []Finding{f}
}

func policyTexts(list []policy.Text) []string {
	values := make([]string, len(list))
	for i, v := range list {
		values[i] = v.Value
	}
	return values
}

// unexplained is the finding for a statement of which the diagnosis tells
// nothing: the conditions that its nearest witness does not satisfy.
func (g *grant) unexplained() Finding {
	s, _ := g.put(g.near)
	f := Finding{
		Certainty: report.Certain,
		Message:   fmt.Sprintf("no token of %s satisfies statement %d", g.idp.Name, g.statement.Index+1),
		Where:     g.place(g.principal.Span),
	}
	for i := range s.Conditions {
		if k := &s.Conditions[i]; k.Result == policy.No && g.fatal(k) {
			f.Cause, f.Where = "condition-not-met", g.place(k.Key.Span)
			f.Notes = append(f.Notes, fmt.Sprintf("%s on %s is not met (%s)", k.Operator.Value, idp.Quote(k.Key.Value), k.Reason))
		}
	}
	return f
}
