package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var roleARNInvalid = &Check{
	Code:  "role-arn-invalid",
	Title: "The role ARN of the request is no ARN",
	Doc: `STS could not read the role ARN: colons too many or too few, an account id that is not twelve digits, an unfilled variable.

What to do: write it as arn:aws:iam::123456789012:role/NAME where the caller has it.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns",
	Errors: []string{validationError},
	Run:    findRoleARNInvalid,
}

// roleARN is the form of a role's ARN.
var roleARN = lazyregexp.New(`^arn:aws[a-z-]*:iam::\d{12}:role/[\x21-\x7e]+$`)

func findRoleARNInvalid(c *Case) []Finding {
	if roleARN.MatchString(c.Event.RoleARN) || !mentionsAny(c.Event.ErrorMessage, "rolearn", " arn") && c.Event.RoleARN == "" {
		return nil
	}
	f := c.said(fmt.Sprintf("the role ARN of the request, %s, is no ARN", quote(c.Event.RoleARN)))
	f[0].Expected, f[0].Actual = c.meantRole(), c.Event.RoleARN
	message := "write the role ARN as arn:aws:iam::123456789012:role/NAME in the caller's configuration: " + c.callerConfiguration()
	if f[0].Expected != "" {
		message = fmt.Sprintf("write the role ARN as %s in the caller's configuration: %s", quote(f[0].Expected), c.callerConfiguration())
	}
	f[0].Fixes = []report.Fix{{Target: report.CallerSide, Message: message}}
	return f
}

// meantRole is the role of the account that has the name at the end of the
// broken ARN.
func (c *Case) meantRole() string {
	for _, r := range c.Roles.Value {
		if roleName(r.ARN) == roleName(c.Event.RoleARN) {
			return r.ARN
		}
	}
	return ""
}
