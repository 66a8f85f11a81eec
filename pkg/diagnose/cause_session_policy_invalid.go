package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

var sessionPolicyInvalid = &Check{
	Code:  "session-policy-invalid",
	Title: "The session policy passed along is malformed or too large",
	Doc: `The caller passed a policy for the session that is no valid policy, or that is too large together with the session tags: both
are packed into one space whose size STS does not publish.

What to do: correct or shorten the session policy; pass ARNs of managed policies instead.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session",
	Errors: []string{malformedPolicy, packedPolicyTooLarge},
	Run: func(c *Case) []Finding {
		fix := report.Fix{
			Target: report.CallerSide, Message: fmt.Sprintf("correct the session policy that the caller passes with its call for role %s (inline-session-policy, Policy)", quoteName(roleName(c.Event.RoleARN))),
		}
		if strings.HasPrefix(c.Event.ErrorCode, packedPolicyTooLarge) {
			fix.Message = fmt.Sprintf("shorten the session policy or the session tags that the caller passes with its call for role %s, or pass ARNs of managed policies", quoteName(roleName(c.Event.RoleARN)))
			return c.said("the session policy and the session tags together are too large", fix)
		}
		return c.said("the session policy that was passed along is no valid policy", fix)
	},
}
