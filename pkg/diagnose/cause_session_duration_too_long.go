package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/report"
)

var sessionDurationTooLong = &Check{
	Code:  "session-duration-too-long",
	Title: "The requested duration is beyond the role's maximum",
	Doc: `The caller asked for a longer session than the role allows. The trust policy did allow the call: STS checks the duration after
it. A role that is assumed by another role's session never lasts longer than an hour.

What to do: ask for less, or raise the maximum of the role (twelve hours at most).`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html#id_roles_update-session-duration",
	Errors: []string{validationError},
	Run:    findSessionDuration,
}

func findSessionDuration(c *Case) []Finding {
	if !mentionsAny(c.Event.ErrorMessage, "durationseconds") {
		return nil
	}
	f := c.said("the requested session duration is beyond the maximum of the role")
	f[0].Notes = append(f[0].Notes, "the trust policy did allow the call: STS checks the duration after it")
	seconds := "SECONDS"
	if c.Event.Duration > 0 {
		f[0].Actual = fmt.Sprintf("%d seconds", c.Event.Duration)
		seconds = fmt.Sprint(max(c.Event.Duration, 3600))
	}
	if n := c.Role.Value.MaxSession; n > 0 {
		f[0].Expected = fmt.Sprintf("at most %d seconds", n)
	}
	const most = 43200 // twelve hours, of any role
	if c.Event.Duration > most {
		f[0].Notes = append(f[0].Notes, "no role allows more than 43200 seconds")
	}
	f[0].Fixes = []report.Fix{{
		Target: report.CallerSide, Message: fmt.Sprintf("have the caller ask role %s for a shorter session (role-duration-seconds, DurationSeconds)", quoteName(roleName(c.Event.RoleARN))),
	}}
	if c.Event.Duration <= most {
		f[0].Fixes = append(f[0].Fixes, report.Fix{
			Target: report.Elsewhere, Message: fmt.Sprintf("raise the maximum session duration of role %s", quoteName(roleName(c.Event.RoleARN))), Commands: awsCommand("iam update-role", option{"role-name", roleName(c.Event.RoleARN)}, option{"max-session-duration", seconds}),
		})
	}
	return f
}
