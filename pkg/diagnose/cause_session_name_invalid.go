package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

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

// isSessionName tells whether STS takes a text as the name of a session.
func isSessionName(s string) bool { return len(s) >= 2 && len(s) <= 64 && iamName.MatchString(s) }

// sessionNameValue is the name that an error of STS quotes.
var sessionNameValue = lazyregexp.New(`Value '([^']*)' at 'roleSessionName'`)

func findSessionName(c *Case) []Finding {
	message := c.Event.ErrorMessage
	if !mentionsAny(message, "rolesessionname") && (c.Event.SessionName == "" || isSessionName(c.Event.SessionName)) {
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
