package diagnose

import (
	"fmt"
	"regexp"

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
