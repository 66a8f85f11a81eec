package diagnose

import (
	"fmt"
	"strconv"
	"time"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var tokenExpired = &Check{
	Code:  "token-expired",
	Title: "The token has expired",
	Doc: `The token's exp has passed, or its iat is too long ago. Nearly always an application keeps a token that it read once: tokens of
pods are renewed in their file, tokens of CI jobs live for minutes.

What to do: read the token anew for every call, or use the web identity provider of a current AWS SDK, which does.`,
	URL:    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
	Errors: []string{expiredToken},
	Run:    findTokenExpired,
}

// expiredText is what STS says: two times in seconds since 1970, the second
// without a blank before it in some answers.
var expiredText = lazyregexp.New(`current date/time:? ?(\d+) must be before the expiration date/time:? ?(\d+)`)

var tooOldText = lazyregexp.New(`Token too old: (\d+)`)

func findTokenExpired(c *Case) []Finding {
	out := report.Finding{Certainty: report.Certain, Message: "the token has expired"}
	if m := expiredText.FindStringSubmatch(c.Event.ErrorMessage); m != nil {
		now, _ := strconv.ParseInt(m[1], 10, 64)
		exp, _ := strconv.ParseInt(m[2], 10, 64)
		out.Message = fmt.Sprintf("the token had expired %s before the call", roughly(time.Duration(now-exp)*time.Second))
		out.Expected = fmt.Sprintf("before %d (%s)", exp, stamp(exp))
		out.Actual = fmt.Sprintf("%d (%s)", now, stamp(now))
	} else if m := tooOldText.FindStringSubmatch(c.Event.ErrorMessage); m != nil {
		age, _ := strconv.ParseInt(m[1], 10, 64)
		out.Message = fmt.Sprintf("the token was issued %s before the call, which is too long ago", roughly(time.Duration(age)*time.Second))
		out.Notes = append(out.Notes, "STS judges the age of a token by iat, beside exp")
	}
	where := "fetch a new token now, and whenever STS answers ExpiredToken, in the application that keeps it"
	if c.kubernetes() {
		where = "read the token file anew for every call (AWS_WEB_IDENTITY_TOKEN_FILE, which the kubelet renews) in the application that keeps it; a current AWS SDK does so by itself"
	}
	out.Fixes = []report.Fix{{
		Target:  report.CallerSide,
		Message: where,
	}}
	return []Finding{{Finding: out}}
}

func stamp(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }
