package diagnose

import (
	"fmt"
	"regexp"
	"strings"

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
var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\x21-\x7e]+$`)

func findRoleARNInvalid(c *Case) []Finding {
	if roleARN.MatchString(c.Event.RoleARN) || !mentionsAny(c.Event.ErrorMessage, "arn") && c.Event.RoleARN == "" {
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
	command := "aws iam update-role --role-name " + report.ShellQuote(roleName(c.Event.RoleARN)) + " --max-session-duration "
	if c.Event.Duration > 0 {
		f[0].Actual = fmt.Sprintf("%d seconds", c.Event.Duration)
		command += fmt.Sprint(max(c.Event.Duration, 3600))
	} else {
		command += "SECONDS"
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
			Target: report.Elsewhere, Message: fmt.Sprintf("raise the maximum session duration of role %s", quoteName(roleName(c.Event.RoleARN))), Commands: []string{command},
		})
	}
	return f
}

var sessionNameInvalid = &Check{
	Code:  "session-name-invalid",
	Title: "The session name breaks STS's rules",
	Doc: `A role session name has 2 to 64 characters out of letters, digits and ` + "`_+=,.@-`" + `. Names made from branch names or titles
break this with a slash or a blank.

What to do: replace what is not allowed where the caller makes the name.`,
	URL:    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_RequestParameters",
	Errors: []string{validationError},
	Run:    findSessionName,
}

// sessionName is what STS takes as the name of a session.
var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// sessionNameValue is the name that an error of STS quotes.
var sessionNameValue = regexp.MustCompile(`Value '([^']*)' at 'roleSessionName'`)

func findSessionName(c *Case) []Finding {
	message := c.Event.ErrorMessage
	if !mentionsAny(message, "rolesessionname") && (c.Event.SessionName == "" || sessionName.MatchString(c.Event.SessionName)) {
		return nil
	}
	name := c.Event.SessionName
	if m := sessionNameValue.FindStringSubmatch(message); m != nil {
		name = m[1]
	}
	f := c.said(fmt.Sprintf("the session name %s breaks the rules of STS", quote(name)), report.Fix{
		Target:  report.CallerSide,
		Message: fmt.Sprintf("have the caller use a session name of 2 to 64 letters, digits and _+=,.@- for role %s (role-session-name, AWS_ROLE_SESSION_NAME)", quoteName(roleName(c.Event.RoleARN))),
	})
	f[0].Expected, f[0].Actual = `2 to 64 characters out of [\w+=,.@-]`, name
	return f
}

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
