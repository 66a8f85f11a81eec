package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var explicitDeny = &Check{
	Code:  "explicit-deny",
	Title: "A Deny statement of the trust policy matches",
	Doc: `A Deny that matches wins over every Allow. A Deny with a negated operator (StringNotLike and the like) also matches where the
request does not have the key at all.

rolewhy proposes no change of a Deny: somebody put it there on purpose. It shows which statement matched and on which values.

What to do: ask whoever owns the statement, or make the call meet what the Deny spares.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html",
	Errors: []string{accessDenied},
	Run:    findExplicitDeny,
}

func findExplicitDeny(c *Case) []Finding {
	if c.Trace == nil {
		return nil
	}
	var found []Finding
	for i := range c.Trace.Statements {
		if s := c.denying(i); s != nil {
			found = append(found, c.denyFinding(s))
		}
	}
	return found
}

// denying is a Deny statement as it stands to the first of the actions that
// the call needs and that it denies, nil where it denies none.
func (c *Case) denying(i int) *policy.StatementTrace {
	if !c.Trace.Statements[i].Deny {
		return nil
	}
	for n, action := range c.needs() {
		t := c.Trace
		if n > 0 {
			t = policy.Evaluate(c.Policy, c.request(action))
		}
		if s := &t.Statements[i]; s.Result == policy.Yes || s.Result == policy.Unknown && c.Trace.Allowed == policy.Yes {
			return s
		}
	}
	return nil
}

func (c *Case) denyFinding(s *policy.StatementTrace) Finding {
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Where: c.where(s.Index, ".Effect", s.Effect.Span),
		Message: fmt.Sprintf("statement %d of the trust policy denies this call", s.Index+1),
		Fixes: []report.Fix{{
			Target:  report.Elsewhere,
			Message: fmt.Sprintf("ask the owner of the Deny in statement %d of the trust policy of role %s whether this caller should get in; a Deny wins over every Allow", s.Index+1, quoteName(roleName(c.Event.RoleARN))),
		}},
	}}
	if s.Result == policy.Unknown {
		out.Certainty = report.Possible
		out.Message = fmt.Sprintf("whether the Deny in statement %d of the trust policy matches hangs on values that the record does not show", s.Index+1)
	}
	out.Notes = denyNotes(s)
	if c.Trace.Allowed != policy.Yes && c.Nearest == nil {
		out.Notes = append(out.Notes, "the policy has no Allow statement for this call either: without the Deny it would be denied as well")
	}
	return out
}

// denyNotes says on which values a Deny matched.
func denyNotes(s *policy.StatementTrace) []string {
	var notes []string
	for i := range s.Conditions {
		k := &s.Conditions[i]
		switch k.Got.State {
		case policy.Present:
			if k.Condition.Op.Base == "Null" {
				notes = append(notes, fmt.Sprintf("the request has %s, which Null %s matches", k.Condition.Key.Value, list(values(k.Condition))))
				continue
			}
			notes = append(notes, fmt.Sprintf("%s is %s, and the Deny matches on %s %s", k.Condition.Key.Value, quote(strings.Join(k.Got.List, ", ")), k.Condition.Operator.Value, list(values(k.Condition))))
		case policy.Absent:
			notes = append(notes, fmt.Sprintf("the request does not have %s, and %s matches a missing key", k.Condition.Key.Value, k.Condition.Operator.Value))
		default:
			notes = append(notes, fmt.Sprintf("the record does not show %s", k.Condition.Key.Value))
		}
	}
	return notes
}
