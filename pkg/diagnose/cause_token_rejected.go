package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/report"
)

var tokenRejected = &Check{
	Code:  "token-rejected",
	Title: "The identity provider refused the token",
	Doc: `IDPRejectedClaim: STS asked the identity provider, and it refused. Seen with Facebook and Login with Amazon, whose tokens STS
has checked by the provider: the token expired, was revoked, or is for another application.

What to do: sign in anew, and see that the token is of the application that the policy names.`,
	URL:    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
	Errors: []string{idpRejectedClaim},
	Run: func(c *Case) []Finding {
		return c.said("the identity provider refused the token", report.Fix{
			Target: report.CallerSide, Message: fmt.Sprintf("get a new token from %s, of the application that the trust policy of role %s names", c.IDP.Name, quoteName(roleName(c.Event.RoleARN))),
		})
	},
}
