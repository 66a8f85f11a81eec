package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var conditionNotMet = &Check{
	Code:  "condition-not-met",
	Title: "Another condition of the statement is not met",
	Doc: `A condition on something else than sub and aud fails: a session tag, the address of the caller, the session name, the time,
or another claim of the token. All conditions of a statement must hold together.

CloudTrail shows only sub, aud, session tags and the source identity of a token. A condition on another claim cannot be
judged from the record; where everything else of the statement holds, it is the cause by elimination.

What to do: correct the value in the policy where the call is right, or the call where the policy is.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html",
	Errors: []string{accessDenied},
	Run:    findConditionNotMet,
}

func findConditionNotMet(c *Case) []Finding {
	var found []Finding
	for _, f := range c.Failures {
		switch {
		case f.Got.State == policy.Present && c.isOther(f):
			found = append(found, c.notMet(f))
		case f.Got.State == policy.Absent && f.Key.Kind == keyGlobal:
			found = append(found, c.missingGlobal(f))
		}
	}
	return append(found, c.byElimination()...)
}

// isOther tells whether a condition is on neither sub nor aud of the token, or
// not on their values.
func (c *Case) isOther(f Failure) bool {
	switch f.Key.Kind {
	case keyGlobal:
		return true
	case keyOwn:
		return f.Condition.Op.Base == "Null" || !c.isSubject(f.Key.Claim) && !strings.EqualFold(f.Key.Claim, "aud")
	}
	return false
}

func (c *Case) notMet(f Failure) Finding {
	got := strings.Join(f.Got.List, ", ")
	value := nearestValue(f.Condition, got)
	out := Finding{Finding: report.Finding{
		Certainty: c.certainty(f), Where: c.at(f), Expected: value, Actual: got, Pattern: f.Condition.Op.Pattern(),
		Message: fmt.Sprintf("%s is %s, which %s of statement %d does not accept", f.Condition.Key.Value, quote(got), f.Condition.Operator.Value, f.Statement.Index+1),
	}}
	if strings.EqualFold(f.Condition.Key.Value, "sts:RoleSessionName") {
		out.Notes = append(out.Notes, "the caller chooses the session name freely: it protects nothing by itself")
	}
	switch {
	case f.Key.Kind == keyOwn && strings.EqualFold(f.Key.Claim, "amr"):
		// how somebody signed in is never opened: it tells guests from users
		out.Fixes = []report.Fix{{
			Target:  report.CallerSide,
			Message: fmt.Sprintf("sign in as %s asks for (%s), or use the role that is meant for %s", c.inStatement(f.Statement.Index), list(values(f.Condition)), quote(got)),
		}}
	case !f.Condition.Op.Negated && len(f.Got.List) == 1 && c.textual(f):
		out.Proposals = []Proposal{c.otherValue(f, f.Got.List[0])}
	}
	return out
}

// missingGlobal is a condition on a key of AWS or STS that the request does not
// have.
func (c *Case) missingGlobal(f Failure) Finding {
	out := Finding{Finding: report.Finding{
		Certainty: c.certainty(f), Where: c.atKey(f), Expected: nearestValue(f.Condition, ""),
		Message: fmt.Sprintf("the request does not have %s, which statement %d wants", f.Condition.Key.Value, f.Statement.Index+1),
	}}
	if !c.sometimes(f.Condition.Key.Value) {
		out.Notes = []string{"no call with a web identity token has this key: its caller is no principal of AWS"}
		out.Proposals = c.insteadOf(f)
		return out
	}
	out.Fixes = []report.Fix{{
		Target:  report.CallerSide,
		Message: fmt.Sprintf("have the call carry %s as %s wants it: %s", f.Condition.Key.Value, c.inStatement(f.Statement.Index), list(values(f.Condition))),
	}}
	return out
}

// sometimes tells whether some calls with a web identity token have a key that
// this one lacks: those of VPC endpoints, and those that the token brings.
func (c *Case) sometimes(key string) bool {
	low := strings.ToLower(key)
	for _, prefix := range []string{"aws:sourceip", "aws:sourcevpc", "aws:vpcsourceip", "aws:requesttag/", "aws:tagkeys", "aws:resourcetag/", "sts:sourceidentity", "sts:transitivetagkeys"} {
		if strings.HasPrefix(low, prefix) {
			return true
		}
	}
	return false
}

// textual tells whether adding a value to the condition can make it hold.
func (c *Case) textual(f Failure) bool {
	base := f.Condition.Op.Base
	return strings.HasPrefix(base, "String") || strings.HasPrefix(base, "Arn") || base == "IpAddress"
}

func (c *Case) otherValue(f Failure, got string) Proposal {
	operator, key := f.Condition.Operator.Value, f.Condition.Key.Value
	text := got
	if strings.HasPrefix(f.Condition.Op.Base, "String") {
		text = literal(got, !f.Condition.Op.Exact())
	}
	p := Proposal{
		Message: fmt.Sprintf("add %s to the values of %s in %s", quote(text), c.condition(operator, key), c.inStatement(f.Statement.Index)),
		Edits:   []policy.Edit{c.edit(f, policy.Edit{Kind: policy.AddValue, Operator: operator, Key: key, New: text})},
	}
	if f.Condition.Op.Base == "IpAddress" {
		p.Notes = append(p.Notes, "make sure that this address is yours and stays the same: hosted runners change theirs")
	}
	return p
}

// byElimination names the hidden conditions of the nearest statement where
// nothing that can be seen stands in the way. One alone must be the cause,
// unless something outside the policy is; of several, any may be.
func (c *Case) byElimination() []Finding {
	if c.Nearest == nil || c.Nearest.Distance() > 0 || c.Trace.Denied == policy.Yes || c.organizationDenies() {
		return nil
	}
	var found []Finding
	for _, f := range c.Unseen {
		certainty := report.Possible
		if len(c.Unseen) == 1 && c.Trace.Denied == policy.No {
			certainty = report.Likely
		}
		found = append(found, Finding{Finding: report.Finding{
			Certainty: certainty, Where: c.at(f), Expected: nearestValue(f.Condition, ""),
			Message: fmt.Sprintf("%s cannot be seen from the record, and everything else of statement %d holds", f.Condition.Key.Value, f.Statement.Index+1),
			Notes:   []string{c.whyHidden(f)},
			Fixes: []report.Fix{{
				Target:  report.CallerSide,
				Message: fmt.Sprintf("compare %s in the token with %s", claimName(f), list(values(f.Condition))),
			}},
		}})
	}
	return found
}

func claimName(f Failure) string {
	if f.Key.Kind == keyOwn {
		return "the claim " + f.Key.Claim
	}
	return f.Condition.Key.Value
}
