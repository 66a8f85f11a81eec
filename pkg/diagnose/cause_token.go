package diagnose

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

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
var expiredText = regexp.MustCompile(`current date/time:? ?(\d+) must be before the expiration date/time:? ?(\d+)`)

var tooOldText = regexp.MustCompile(`Token too old: (\d+)`)

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
	where := "get a new token for every call"
	if c.kubernetes() {
		where = "read the token file anew for every call (AWS_WEB_IDENTITY_TOKEN_FILE, which the kubelet renews)"
	}
	out.Fixes = []report.Fix{{
		Target:  report.CallerSide,
		Message: where + " in the application that keeps it; a current AWS SDK does so by itself",
	}}
	return []Finding{{Finding: out}}
}

func stamp(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

var tokenInvalid = &Check{
	Code:  "token-invalid",
	Title: "The token is not valid for STS",
	Doc: `STS refused the token itself: it is no JWT (a file path, an access token, a line of a log), lacks a claim such as aud, has a
signature that does not verify, or has a claim https://aws.amazon.com/roles that does not list the requested role.

What to do: look at what the application sends as the token, and where it gets it.`,
	URL:    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
	Errors: []string{invalidIdentityToken},
	Run:    findTokenInvalid,
}

// otherTokenCauses are the words of InvalidIdentityToken that have a cause of
// their own.
var otherTokenCauses = []string{"provider found", "token audience", "thumbprint", "certificate", "verification key"}

func findTokenInvalid(c *Case) []Finding {
	message := c.Event.ErrorMessage
	if mentionsAny(message, lower(otherTokenCauses)...) {
		return nil
	}
	if f, ok := c.rolesClaim(); ok {
		return f
	}
	switch {
	case mentionsAny(message, "required claim"):
		claim := strings.TrimSpace(message[strings.LastIndexByte(message, ':')+1:])
		return c.said(fmt.Sprintf("the token lacks the claim %s", quote(claim)), report.Fix{
			Target: report.CallerSide, Message: c.newToken("send a token that carries " + quote(claim)),
		})
	case mentionsAny(message, "not a valid jwt", "access token"):
		return c.said("what was sent is no JSON web token", report.Fix{
			Target: report.CallerSide, Message: c.newToken("send the ID token itself, not an access token, a path or a log line"),
		})
	case mentionsAny(message, "signature"):
		return c.said("the signature of the token does not verify", report.Fix{
			Target: report.CallerSide, Message: c.newToken("send a token that this issuer signed with a key it publishes"),
		})
	}
	f := c.said("STS refused the token", report.Fix{
		Target: report.CallerSide, Message: c.newToken("look at the token that the application sends (rolewhy explain --token FILE shows what STS sees)"),
	})
	if message == "" || mentionsAny(message, "could not be validated", "unknown error") {
		f[0].Certainty = report.Likely // newer wordings cover several causes
	}
	return f
}

func (c *Case) newToken(action string) string {
	if c.kubernetes() || strings.HasPrefix(c.Host, "oidc.eks.") {
		return action + ": a projected service account token with the audience sts.amazonaws.com, from the file that AWS_WEB_IDENTITY_TOKEN_FILE names"
	}
	return action
}

func lower(words []string) []string {
	low := make([]string, len(words))
	for i, w := range words {
		low[i] = strings.ToLower(w)
	}
	return low
}

// rolesClaim is for tokens that list the roles they may be used for: STS looks
// at the list before the trust policy.
func (c *Case) rolesClaim() ([]Finding, bool) {
	listed, carries := c.Options.Claims[claimRoles]
	if !carries && !mentionsAny(c.Event.ErrorMessage, "roles claim", "authorized for the requested role") {
		return nil, false
	}
	roles := []string{}
	for _, v := range texts(listed) {
		if carries {
			roles = append(roles, strings.FieldsFunc(v, func(r rune) bool { return r == ';' || r == ' ' })...)
		}
	}
	for _, r := range roles {
		if r == c.Event.RoleARN {
			return nil, false
		}
	}
	f := c.said("the token's roles claim does not list the requested role", report.Fix{
		Target: report.CallerSide,
		Message: fmt.Sprintf("have the identity provider list %s in the claim %s, or ask for a role that it lists",
			quote(c.Event.RoleARN), claimRoles),
	})
	f[0].Actual = c.Event.RoleARN
	if len(roles) > 0 {
		f[0].Expected = nearest(roles, c.Event.RoleARN)
		f[0].Notes = append(f[0].Notes, "listed: "+list(roles))
	}
	return f, true
}

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

var regionNotActivated = &Check{
	Code:  "region-not-activated",
	Title: "The STS endpoint of the region is not active for the account",
	Doc: `STS answers in a region only where it is activated for the account. In regions that must be opted into it may also say that no
provider was found although it is there.

What to do: activate the region in the account settings of IAM, or call the endpoint of another region.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
	Errors: []string{regionDisabled, invalidIdentityToken},
	Run:    findRegionNotActivated,
}

func findRegionNotActivated(c *Case) []Finding {
	fix := report.Fix{
		Target:  report.Elsewhere,
		Message: fmt.Sprintf("activate STS for region %s in account %s (IAM, account settings), or have the caller use the endpoint of an active region (AWS_REGION)", c.Event.Region, c.Event.AccountID),
	}
	if c.Event.ErrorCode == regionDisabled {
		return c.said(fmt.Sprintf("STS is not active in region %s for the account", c.Event.Region), fix)
	}
	if !strings.Contains(c.Event.ErrorMessage, "No OpenIDConnect provider found") || c.Provider.Exists <= 0 {
		return nil
	}
	f := c.said(fmt.Sprintf("STS found no provider although it is there: its endpoint in region %s may not be active for the account", c.Event.Region), fix)
	f[0].Certainty = report.Likely
	if c.createdSince() {
		f[0].Certainty = report.Possible
	}
	return f
}

// createdSince tells whether the provider is known to be younger than the
// denial.
func (c *Case) createdSince() bool {
	return c.Provider.Value.Created.After(c.Event.Time) ||
		c.lastChange(func(ch *Change) bool { return ch.Time.After(c.Event.Time) && ch.Provider != "" }) != nil
}
