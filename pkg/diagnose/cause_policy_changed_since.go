package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var policyChangedSince = &Check{
	Code:  "policy-changed-since",
	Title: "The trust policy was changed after the denial and allows the call now",
	Doc: `Events arrive minutes after the call, and people mend things in the meantime. The trust policy as it stands now allows the
call; it was changed after the denial.

What to do: nothing, or try again.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html",
	Errors: []string{accessDenied},
	Run:    findPolicyChangedSince,
}

func findPolicyChangedSince(c *Case) []Finding {
	if c.Policy == nil || verdict(c.Policy, c.call, c.needs()) != policy.Allowed || c.organizationDenies() {
		return nil
	}
	ch := c.changedSince()
	if ch == nil {
		return c.perhapsChanged()
	}
	out := Finding{Finding: report.Finding{
		Certainty: certaintyOf(c.admitting()),
		Message:   fmt.Sprintf("the trust policy allows this call now; it was changed %s after the denial: %s", roughly(ch.Time.Sub(c.Event.Time)), ch.by()),
		Fixes: []report.Fix{{
			Target: report.CallerSide, Message: fmt.Sprintf("run the call again: role %s admits it now", quoteName(roleName(c.Event.RoleARN))),
		}},
	}}
	for _, f := range c.Then {
		out.Notes = append(out.Notes, fmt.Sprintf("at the time of the denial: %s (%s)", f.Message, f.Code))
	}
	return []Finding{out}
}

// perhapsChanged is for a policy that allows the call where changes could not
// be looked at, or the role is younger than the denial.
func (c *Case) perhapsChanged() []Finding {
	if c.allowedAtTheTime() && c.Changes.Exists == policy.Yes && !c.Role.Value.Created.After(c.Event.Time) {
		return nil
	}
	certainty, message := report.Possible, "the trust policy as it stands allows this call; it may have been changed after the denial"
	if c.Role.Value.Created.After(c.Event.Time) {
		certainty, message = report.Likely, "the role was created after the denial and allows the call now"
	}
	return []Finding{{Finding: report.Finding{
		Certainty: certainty, Message: message,
		Fixes: []report.Fix{{Target: report.CallerSide, Message: fmt.Sprintf("run the call again: the trust policy of role %s admits it", quoteName(roleName(c.Event.RoleARN)))}},
	}}}
}
