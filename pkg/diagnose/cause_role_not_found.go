package diagnose

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var roleNotFound = &Check{
	Code:  "role-not-found",
	Title: "The role named in the request does not exist",
	Doc: `STS does not say that a role does not exist: the answer is the same AccessDenied as for a policy that does not match.
The usual faults: another name, a path that is missing, another account, an ARN that stands twice.

What to do: correct the role ARN where the caller has it: the annotation of the service account (then restart the pods), the
workflow file, the provider block.`,
	URL:    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
	Errors: []string{accessDenied},
	Run:    findRoleNotFound,
}

func findRoleNotFound(c *Case) []Finding {
	if c.Role.Exists != policy.No {
		return nil
	}
	arn := c.Event.RoleARN
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Actual: arn,
		Message: fmt.Sprintf("the account %s has no role %s", c.Event.AccountID, quote(arn)),
		Notes:   []string{"STS answers AccessDenied for a role that does not exist, as for a policy that does not match"},
	}}
	out.Expected = c.nearestRole()
	if d := doubled(arn); d != "" {
		out.Notes = append(out.Notes, "the ARN stands twice in the request")
		out.Expected = d
	}
	message := "create the role, or correct its ARN in the caller's configuration: " + c.callerConfiguration()
	if out.Expected != "" {
		message = fmt.Sprintf("%s; the nearest role of the account is %s", message, quote(out.Expected))
	}
	out.Fixes = []report.Fix{{Target: report.CallerSide, Message: message}}
	return []Finding{out}
}

// doubled is the ARN that stands behind another one, "" where it does not.
func doubled(arn string) string {
	if i := strings.LastIndex(arn, "arn:aws"); i > 0 {
		return arn[i:]
	}
	return ""
}

// nearestRole is the role of the account whose name looks most like the
// requested one, "" where none does.
func (c *Case) nearestRole() string {
	name := strings.ToLower(roleName(c.Event.RoleARN))
	if name == "" {
		return ""
	}
	most := len(name) / 2
	best, distance := "", most+1
	for _, r := range c.Roles.Value {
		other := strings.ToLower(roleName(r.ARN))
		d := editDistance(name, other)
		if strings.Contains(other, name) || strings.Contains(name, other) {
			d = min(d, most)
		}
		if d < distance {
			best, distance = r.ARN, d
		}
	}
	return best
}

// callerConfiguration says where the caller keeps the role ARN.
func (c *Case) callerConfiguration() string {
	if strings.Contains(c.Event.UserAgent, "configure-aws-credentials") {
		return idp.Find("token.actions.githubusercontent.com").RoleAt()
	}
	return cmp.Or(c.IDP.RoleAt(), "wherever it names the role")
}
