package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

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
	if mentionsAny(message, otherTokenCauses...) {
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
