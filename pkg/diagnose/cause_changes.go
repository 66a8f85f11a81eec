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
	ch := c.lastChange(func(ch *Change) bool { return ch.Time.After(c.Event.Time) && ch.Policy != nil })
	if ch == nil {
		return c.perhapsChanged()
	}
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain,
		Message:   fmt.Sprintf("the trust policy allows this call now; it was changed %s after the denial: %s", roughly(ch.Time.Sub(c.Event.Time)), ch.by()),
		Fixes: []report.Fix{{
			Target: report.CallerSide, Message: fmt.Sprintf("run the call again: role %s admits it now", quoteName(roleName(c.Event.RoleARN))),
		}},
	}}
	out.Notes = c.AtTheTime
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

var vpcEndpointPolicyDeny = &Check{
	Code:  "vpc-endpoint-policy-deny",
	Title: "A policy of the STS interface endpoint refuses the call",
	Doc: `The call came through a VPC endpoint of STS. The endpoint has a policy of its own, which must allow the action for everybody
who is no principal of AWS yet. Nothing in the role or the event shows it.

What to do: look at the policy of the endpoint that the record names.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_interface_vpc_endpoints.html",
	Errors: []string{accessDenied},
	Run:    findVPCEndpointPolicyDeny,
}

func findVPCEndpointPolicyDeny(c *Case) []Finding {
	if c.Event.VPCEndpoint == "" || !c.allowedAtTheTime() {
		return nil
	}
	certainty := report.Possible
	if c.RCPs.Exists == policy.Yes && c.Changes.Exists == policy.Yes {
		certainty = report.Likely // nothing else that could be looked at is left
	}
	return []Finding{{Finding: report.Finding{
		Certainty: certainty, Actual: c.Event.VPCEndpoint,
		Message: fmt.Sprintf("the trust policy allows this call, which came through the VPC endpoint %s: the policy of the endpoint may refuse it", quote(c.Event.VPCEndpoint)),
		Fixes: []report.Fix{{
			Target:   report.Elsewhere,
			Message:  fmt.Sprintf("see that the policy of the VPC endpoint %s allows %s for %s", quote(c.Event.VPCEndpoint), actionAssume, c.Event.RoleARN),
			Commands: []string{"aws ec2 describe-vpc-endpoints --vpc-endpoint-ids " + report.ShellQuote(c.Event.VPCEndpoint)},
		}},
	}}}
}
