package audit

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var organizationRefuses = &Rule{
	Kind:  AboutToBreak,
	Code:  "organization-refuses",
	Title: "A resource control policy refuses what the role admits",
	Doc: `A resource control policy of the organization denies callers that the trust policy admits, for example because it knows
subjects without ids alone.

What to do: bring the resource control policy up to date first.`,
	URL: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
	Run: findRefused,
}

// findRefused judges tokens that the grants admit by the policies of the
// organization.
func findRefused(t *trust) (found []Finding) {
	if len(t.controls.Value) == 0 {
		return nil
	}
	for _, g := range t.grants {
		if g.works == nil {
			continue
		}
		for _, c := range t.controlPolicies() {
			if f, ok := g.refusedBy(c); ok {
				found = append(found, f)
			}
		}
	}
	return found
}

// refusedBy looks among the tokens that the conditions ask for, in every form
// that the provider has, for one that the policy of the organization denies.
func (g *grant) refusedBy(c control) (Finding, bool) {
	want, aud := g.wanted(), g.audiences()[0]
	tried := 0
	for sub := range g.subjects() {
		if tried++; tried > mostWitnesses {
			break
		}
		t := g.token(sub, aud, want)
		if !g.admits(t) || policy.DecideWith(g.doc, []*policy.Document{c.doc}, g.request(t)) != policy.ExplicitlyDenied {
			continue
		}
		return Finding{
			Certainty: report.Likely, Provider: g.principal.Value, Where: g.place(g.principal.Span),
			Message: fmt.Sprintf("the resource control policy %s denies callers whom statement %d admits, such as %s", idp.Quote(c.name), g.statement.Index+1, idp.Quote(sub)),
		}, true
	}
	return Finding{}, false
}

// control is a resource control policy that could be read.
type control struct {
	name string
	doc  *policy.Document
}

// controlPolicies are those that apply to the account, parsed once.
func (a *auditor) controlPolicies() []control {
	if a.parsed != nil {
		return a.parsed
	}
	a.parsed = []control{}
	for _, p := range a.controls.Value {
		doc, err := policy.ParseResourceControl(p.Document)
		if err != nil {
			a.gap("the resource control policy "+p.Name, "it is no valid policy: "+err.Error())
			continue
		}
		a.parsed = append(a.parsed, control{p.Name, doc})
	}
	return a.parsed
}
