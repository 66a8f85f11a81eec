package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var resourceControlPolicyDeny = &Check{
	Code:  "resource-control-policy-deny",
	Title: "A resource control policy of the organization denies the call",
	Doc: `Resource control policies bind everybody who uses the account's roles, web identities included. Nothing in the account shows
them. Often seen: a pattern ` + "`repo:ORG/*`" + ` that refuses GitHub's subjects with ids, a list of clusters that lacks the new one,
a test of aws:PrincipalOrgID that a web identity can never meet.

Service control policies do not apply to this call: its caller is no principal of the organization.

What to do: have the owners of the organization's policies admit this provider and subject.`,
	URL:    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
	Errors: []string{accessDenied},
	Run:    findResourceControlPolicyDeny,
}

func findResourceControlPolicyDeny(c *Case) []Finding {
	var found []Finding
	for _, p := range c.RCPs.Value {
		d, err := policy.ParseResourceControl(p.Document)
		if err != nil {
			continue
		}
		t := policy.Evaluate(d, c.request(actionAssume))
		for i := range t.Statements {
			if s := &t.Statements[i]; s.Deny && s.Result == policy.Yes {
				found = append(found, c.rcpFinding(p, d, s))
			}
		}
	}
	if len(found) == 0 {
		return c.rcpFromMessage()
	}
	return found
}

func (c *Case) rcpFinding(p NamedPolicy, d *policy.Document, s *policy.StatementTrace) Finding {
	name := quote(p.Name)
	if p.ID != "" {
		name += " (" + p.ID + ")"
	}
	line, column := d.Position(s.Span.Start)
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain,
		Where: &report.Where{
			Source: "resource control policy " + p.Name, Statement: s.Index + 1, Path: fmt.Sprintf("Statement[%d]", s.Index),
			Line: line, Column: column, Span: s.Span, Length: s.Span.End - s.Span.Start, Text: string(d.Source[lineStart(d.Source, s.Span.Start):s.Span.End]),
		},
		Message: fmt.Sprintf("statement %d of the resource control policy %s denies this call", s.Index+1, name),
		Notes:   denyNotes(s),
	}}
	for i := range s.Conditions {
		k := &s.Conditions[i]
		if k.Got.State == policy.Present && k.Condition.Op.Negated {
			out.Expected, out.Actual = nearestValue(k.Condition, k.Got.List[0]), k.Got.List[0]
			out.Pattern = !k.Condition.Op.Exact()
		}
	}
	out.Fixes = []report.Fix{{
		Target: report.Elsewhere,
		Message: fmt.Sprintf("have the owners of the organization's policies change statement %d of the resource control policy %s so that it spares %s",
			s.Index+1, name, c.spared(s)),
		Notes: []string{"the trust policy of the role cannot help here: a Deny of the organization wins"},
	}}
	return out
}

// spared names the value that a denying statement would have to spare.
func (c *Case) spared(s *policy.StatementTrace) string {
	for i := range s.Conditions {
		k := &s.Conditions[i]
		if k.Got.State != policy.Present || !k.Condition.Op.Negated {
			continue
		}
		for _, v := range k.Condition.Values {
			if carried, ok := carry(v.Value, k.Got.List[0]); ok {
				return fmt.Sprintf("%s: add %s to the values of %s %s", quote(k.Got.List[0]), quote(carried), k.Condition.Operator.Value, k.Condition.Key.Value)
			}
		}
		return fmt.Sprintf("%s: add it to the values of %s %s", quote(k.Got.List[0]), k.Condition.Operator.Value, k.Condition.Key.Value)
	}
	for i := range s.Conditions {
		if k := &s.Conditions[i]; k.Condition.Op.Base == "Null" && k.Got.State == policy.Absent {
			return fmt.Sprintf("the provider %s: add %s: %s to its Null block", quote(c.Host), quote(c.Host+":sub"), quote("true"))
		}
	}
	return fmt.Sprintf("the provider %s with the subject %s", quote(c.Host), quote(c.Event.Subject))
}

// rcpARN is how STS names a resource control policy in the fuller wording of
// an error (IAM User Guide, troubleshoot_access-denied.html).
var rcpARN = lazyregexp.New(`resource control policy(?:: (arn:[^\s]+))?`)

// rcpFromMessage takes STS at its word where the error names the policy.
func (c *Case) rcpFromMessage() []Finding {
	m := rcpARN.FindStringSubmatch(c.Event.ErrorMessage)
	if m == nil {
		return nil
	}
	name := strings.TrimSpace("the resource control policy " + m[1])
	return []Finding{{Finding: report.Finding{
		Certainty: report.Certain, Message: "STS says that a resource control policy of the organization denies this call",
		Fixes: []report.Fix{{Target: report.Elsewhere, Message: "have the owners of the organization's policies change " + name + " so that it spares this provider and subject"}},
	}}}
}

// organizationDenies tells whether a resource control policy that was read
// refuses the call.
func (c *Case) organizationDenies() bool { return len(findResourceControlPolicyDeny(c)) > 0 }
