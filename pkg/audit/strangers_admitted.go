package audit

import (
	"fmt"

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
them: there is no condition on sub, its pattern leaves the owner open (` + "`repo:*`" + `, or ` + "`repo:acme*`" + ` which ` + "`repo:acme-evil`" + ` matches too),
or the key is misspelt and ForAllValues or IfExists lets a missing key through. A claim that says nothing of the owner is no help:
a branch, an environment, a pipeline's name, or the actor, who need only comment on an issue in a stranger's repository. At providers that are built into IAM (Cognito,
Google, Facebook, Login with Amazon) it is the application that no condition tests. The finding shows such a token; rolewhy
found it by evaluating the policy.

What to do: name the owner in full, with the character that ends it: ` + "`repo:acme/*`" + `.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
	Run: findStrangers,
}

// findStrangers looks for a stranger at every grant of an issuer that is open
// to all.
func findStrangers(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if !g.open() || g.provider.Exists == policy.No {
			continue
		}
		stranger := g.admittedStranger()
		if stranger == nil {
			continue
		}
		o := g.opening(stranger)
		f := Finding{
			Certainty: report.Certain, Provider: g.principal.Value,
			Message:  fmt.Sprintf("a token of a stranger at %s is admitted by statement %d: %s", g.idp.Name, g.statement.Index+1, g.why(o)),
			Admitted: g.identity(stranger, g.who(stranger)),
			Where:    g.place(g.openPlace(o)),
		}
		f.Notes, f.Fixes = g.close(o)
		if note, ok := g.lentBy(stranger); ok {
			f.Certainty, f.Notes = report.Likely, append([]string{note}, f.Notes...)
		}
		found = append(found, f)
	}
	return found
}

// lent are claims whose value a stranger has from others, and how.
var lent = map[string]string{
	"job_workflow_ref": "a stranger's repository can call this workflow where he can see it",
	"actor":            "a run in a stranger's repository has this actor once that person comments on an issue there or stars it",
	"actor_id":         "a run in a stranger's repository has this actor once that person comments on an issue there or stars it",
}

// lentBy tells how a stranger comes by what the statement wants, where others have
// a part in it; ok is false where none have.
func (g *grant) lentBy(t *token) (note string, ok bool) {
	for _, k := range g.tested {
		if claim := g.claim(k.Key.Value); t.claims[claim] != nil && !k.Op.Negated && lent[claim] != "" {
			return lent[claim], true
		}
	}
	return "", false
}

// who says in words whose token it is.
func (g *grant) who(t *token) string {
	owner, ok := g.idp.Owner(t.sub)
	switch {
	case ok:
		return fmt.Sprintf("%s at %s, whom no policy of the account names", idp.Quote(owner.Name), g.idp.Name)
	case g.builtIn():
		return fmt.Sprintf("any user of another application at %s", g.idp.Name)
	}
	return fmt.Sprintf("another tenant of %s", idp.Quote(g.host))
}

// opening is what in a statement lets a stranger through; all zero where no
// condition is about him.
type opening struct {
	condition *policy.Condition
	value     policy.Text // the value that his token matches
	absent    bool        // the condition is satisfied by a key that tokens do not have
}

// opening reads it off the trace of the stranger.
func (g *grant) opening(t *token) (o opening) {
	s, _ := g.put(t)
	for i := range s.Conditions {
		k := &s.Conditions[i]
		if k.Op.Negated || isGlobal(k.Key.Value) {
			continue
		}
		if k.Got.State == policy.Absent && k.Op.Base != "Null" {
			o = opening{condition: k.Condition, absent: true}
			continue
		}
		if !g.aboutSubject(k.Condition) && (!g.builtIn() || !g.aboutAudience(k.Condition)) {
			continue
		}
		for _, v := range k.Values {
			if v.Result == policy.Yes {
				return opening{condition: k.Condition, value: *v.Text}
			}
		}
	}
	return o
}

func (g *grant) openPlace(o opening) policy.Span {
	switch {
	case o.absent:
		return o.condition.Key.Span
	case o.condition != nil:
		return o.value.Span
	}
	return g.principal.Span
}

// why says what leaves the door open.
func (g *grant) why(o opening) string {
	switch {
	case o.absent:
		return fmt.Sprintf("%s is satisfied by a missing key, and no token has the key %s", o.condition.Operator.Value, idp.Quote(o.condition.Key.Value))
	case o.condition != nil:
		return fmt.Sprintf("%s leaves the owner open", idp.Quote(o.value.Value))
	case g.builtIn():
		return "no condition tests the application"
	case g.negated():
		return "the condition on " + g.idp.ClaimFor("sub") + " keeps some out and lets all others in"
	}
	return "no condition tests " + g.idp.ClaimFor("sub")
}

// negated tells whether the statement names whom it does not admit.
func (g *grant) negated() bool {
	for _, k := range g.tested {
		if k.Op.Negated && g.aboutSubject(k) {
			return true
		}
	}
	return false
}
