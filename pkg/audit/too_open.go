package audit

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var strangersAdmitted = &Rule{
	Kind:  TooOpen,
	Code:  "strangers-admitted",
	Title: "Somebody else's token is admitted",
	Doc: `The issuer gives tokens to everybody: to all organizations of GitHub, all groups of gitlab.com, all customers of a
CI service. The conditions are all that keeps others out, and a token of a tenant that no policy of the account names satisfies
them: there is no condition on sub, its pattern leaves the owner open (repo:*, or repo:acme* which repo:acme-evil matches too),
or ForAllValues lets a missing key through. The finding shows such a token; rolewhy found it by evaluating the policy.

What to do: name the owner in full, with the character that ends it: repo:acme/*.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
	Run: findStrangers,
}

// findStrangers looks for a stranger at every grant of an issuer that is open
// to all.
func findStrangers(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if g.idp.Open != policy.Yes {
			continue
		}
		stranger := g.admittedStranger(g.doc)
		if stranger == nil {
			continue
		}
		f := Finding{
			Certainty: report.Certain, Provider: g.principal.Value,
			Message:  fmt.Sprintf("a token of a stranger at %s is admitted: %s", g.idp.Name, g.why()),
			Admitted: g.identity(stranger, g.who(stranger)),
			Where:    g.place(g.openPlace()),
		}
		f.Notes, f.Fixes = g.close()
		found = append(found, f)
	}
	return found
}

// who says in words whose token it is.
func (g *grant) who(t *token) string {
	owner, ok := g.idp.Owner(t.sub)
	if !ok {
		return fmt.Sprintf("any user of another application at %s", g.idp.Name)
	}
	return fmt.Sprintf("%s at %s, whom no policy of the account names", idp.Quote(owner.Name), g.idp.Name)
}

// openCondition is the condition on sub that leaves the owner open, nil where
// there is none on sub.
func (g *grant) openCondition() (*policy.Condition, policy.Text) {
	for _, k := range g.tested {
		if k.Op.Negated || g.claim(k.Key.Value) == "" || !g.aboutSubject(k) {
			continue
		}
		for _, v := range k.Values {
			if _, ok := g.idp.OwnerOfPattern(v.Value); !ok || k.Op.Set == policy.ForAllValues {
				return k, v
			}
		}
	}
	return nil, policy.Text{}
}

func (g *grant) openPlace() policy.Span {
	if _, v := g.openCondition(); v.Span != (policy.Span{}) {
		return v.Span
	}
	return g.principal.Span
}

// why says what leaves the door open.
func (g *grant) why() string {
	k, v := g.openCondition()
	switch {
	case k == nil && !g.builtIn():
		return "no condition tests sub"
	case k == nil:
		return "no condition tests the application or the user"
	case k.Op.Set == policy.ForAllValues:
		return fmt.Sprintf("%s is satisfied by a missing key", k.Operator.Value)
	}
	return fmt.Sprintf("%s leaves the owner open", idp.Quote(v.Value))
}

// close finds a change after which no stranger is admitted and whoever had a
// business there still is.
func (g *grant) close() (notes []string, fixes []report.Fix) {
	for _, p := range g.proposals() {
		if fix, ok := g.proved(p); ok {
			fixes = append(fixes, fix)
		}
	}
	if len(fixes) == 0 {
		notes = append(notes, "no policy of the account tells who is to be admitted here: name the owner in a condition on "+g.host+":"+g.idp.ClaimFor("sub"))
	}
	return notes, fixes
}

// proposals are changes that may close the door, the best first.
func (g *grant) proposals() (list []report.Fix) {
	k, v := g.openCondition()
	switch {
	case k != nil && k.Op.Set == policy.ForAllValues:
		plain := k.Op
		plain.Set = policy.NoSet
		list = append(list, g.fix(
			fmt.Sprintf("test %s with %s, which wants the key to be there", idp.Quote(k.Key.Value), plain),
			policy.Edit{Kind: policy.ChangeOperator, Statement: g.statement.Index, Operator: k.Operator.Value, Key: k.Key.Value, New: plain.String()},
		))
	case k != nil:
		if closed, ok := g.closeOwner(v.Value); ok {
			list = append(list, g.fix(
				fmt.Sprintf("end the owner's name: %s in the place of %s", idp.Quote(closed), idp.Quote(v.Value)),
				policy.Edit{Kind: policy.ReplaceValue, Statement: g.statement.Index, Operator: k.Operator.Value, Key: k.Key.Value, Value: v.Value, New: closed},
			))
		}
	}
	return list
}

func (g *grant) fix(message string, edits ...policy.Edit) report.Fix {
	return report.Fix{Message: message, Target: report.TrustPolicy, Edits: edits}
}

// closeOwner ends the name of the owner that a pattern begins, as in repo:acme*
// and repo:acme*/api:*.
func (g *grant) closeOwner(pattern string) (string, bool) {
	head, tail, ok := strings.Cut(pattern, "*")
	if !ok {
		return "", false
	}
	for _, middle := range []string{"/*", ":*", "/*:*", ""} {
		closed := head + middle + tail
		if owner, ok := g.idp.OwnerOfPattern(closed); ok && owner.Name != "" && strings.HasSuffix(head, owner.Name) {
			return closed, true
		}
	}
	return "", false
}

// proved is the fix with the whole policy after it, if no stranger is admitted
// any more, somebody still is, and IAM saves it.
func (g *grant) proved(f report.Fix) (report.Fix, bool) {
	doc, err := g.doc.Apply(f.Edits...)
	if err != nil || doc.Savable(g.saveOptions()) != nil {
		return f, false
	}
	if g.admittedStranger(doc) != nil || !g.admitsSomebody(doc) {
		return f, false
	}
	f.Policy = string(doc.Source)
	return f, true
}

// admitsSomebody tells whether the statement goes on admitting a token in a
// version of the policy.
func (g *grant) admitsSomebody(doc *policy.Document) bool {
	after := *g
	after.doc, after.statement = doc, &doc.Statements[g.statement.Index]
	after.works, after.near = nil, nil
	after.findTested()
	after.search()
	return after.works != nil
}
