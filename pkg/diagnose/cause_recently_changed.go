package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var recentlyChanged = &Check{
	Code:  "recently-changed",
	Title: "The role, its policy or the provider was changed minutes before the denial",
	Doc: `IAM is eventually consistent: a new role, trust policy or provider takes seconds to minutes to reach every endpoint of STS.
A denial within that time may rest on the state before. Where the policy allows the call and was changed shortly before it, this
is the likely cause.

What to do: try again; in automation wait some minutes after such a change.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
	Errors: []string{accessDenied, invalidIdentityToken},
	Run:    findRecentlyChanged,
}

func findRecentlyChanged(c *Case) []Finding {
	if c.Event.ErrorCode == accessDenied && !c.allowedAtTheTime() {
		return nil
	}
	if c.Event.ErrorCode == invalidIdentityToken && !strings.Contains(c.Event.ErrorMessage, "provider found") && !strings.Contains(c.Event.ErrorMessage, "audience") {
		return nil
	}
	ch := c.lastChange(func(ch *Change) bool {
		return !ch.Time.After(c.Event.Time) && c.Event.Time.Sub(ch.Time) <= propagation
	})
	if ch == nil {
		return nil
	}
	return []Finding{{Finding: report.Finding{
		Certainty: report.Likely,
		Message:   fmt.Sprintf("the denial came %s after a change that may not have reached STS yet: %s", roughly(c.Event.Time.Sub(ch.Time)), ch.by()),
		Fixes: []report.Fix{{
			Target:  report.CallerSide,
			Message: fmt.Sprintf("try the call again, and wait some minutes after a change of role %s or its provider", quoteName(roleName(c.Event.RoleARN))),
		}},
	}}}
}

// allowedAtTheTime tells whether the policy in force at the denial, as far as
// it is known, lets the call through, and the organization too.
func (c *Case) allowedAtTheTime() bool {
	d := c.InForce
	if d == nil {
		d = c.Policy
	}
	return d != nil && verdict(d, c.call, c.needs()) == policy.Allowed && !c.organizationDenies()
}
