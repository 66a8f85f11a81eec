package cli

import (
	"html"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// pasted is what a user gives in place of a record: the error that a program
// printed, the role it wanted, and the claims of its token if there are any.
type pasted struct {
	text, role string
	claims     map[string]any
}

// event makes a record of it, as CloudTrail would have written it.
func (p pasted) event(now time.Time) *cloudtrail.Event {
	text := caller.Hide(p.text)
	code, message := errorIn(text)
	e := &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", Source: "sts.amazonaws.com", Time: now,
		ErrorCode: strings.TrimSuffix(code, "Exception"), RawErrorCode: code, ErrorMessage: message,
		RoleARN: caller.Hide(p.role), RequestID: firstMatch(requestID, text), Region: firstMatch(stsRegion, text),
	}
	e.AccountID = e.RoleAccount()
	e.Subject, _ = p.claims["sub"].(string)
	e.Audience, e.HasAudience = caller.Audience(p.claims)
	issuer, _ := p.claims["iss"].(string)
	if issuer == "" {
		issuer = firstMatch(issuerInText, text)
	}
	e.Provider = providerFor(issuer, e)
	return e
}

// builtIn lists the issuers that need no IAM OIDC provider.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html
var builtIn = []string{
	"accounts.google.com", "graph.facebook.com", "www.amazon.com",
	"cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com",
}

// providerFor names the provider of an issuer as records do: by the ARN it has
// in the account of the role.
func providerFor(issuer string, e *cloudtrail.Event) string {
	host := strings.TrimPrefix(issuer, "https://")
	if host == "" || slices.Contains(builtIn, host) {
		return host
	}
	return "arn:" + e.Partition() + ":iam::" + e.AccountID + ":oidc-provider/" + host
}

// Parts of the errors that SDKs print.
var (
	errorCode    = lazyregexp.New(`\b(AccessDenied|InvalidIdentityToken|ExpiredToken|IDPRejectedClaim|IDPCommunicationError|RegionDisabled|ValidationError|MalformedPolicyDocument|PackedPolicyTooLarge)(?:Exception)?\b`)
	requestID    = lazyregexp.New(`(?i)request ?id"?:? ?"?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`)
	stsRegion    = lazyregexp.New(`\bsts\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.amazonaws\.com`)
	issuerInText = lazyregexp.New(`account for (https://[^\s"'<>)]+[^\s"'<>),.])`)
)

// afterCode is what stands between code and message, by SDK.
var afterCode = lazyregexp.New(`^(?:\) when calling the \w+ operation(?: \(reached max retries: \d+\))?)?[:\s]+`)

// xmlMessage is the message of an answer of STS that was pasted as it is.
var xmlMessage = lazyregexp.New(`(?s)<Message>(.*?)</Message>`)

// trailer is what SDKs write behind the message.
var trailer = lazyregexp.New(`(?s)(?:\s*\n\s*status code: \d+, request id: |\s*\(Service: ).*`)

// texts are messages that are pasted without their code.
var texts = []struct{ part, code string }{
	{"Not authorized to perform sts:AssumeRoleWithWebIdentity", "AccessDenied"},
	{"No OpenIDConnect provider found", "InvalidIdentityToken"},
	{"Incorrect token audience", "InvalidIdentityToken"},
	{"match configured thumbprint", "InvalidIdentityToken"},
	{"retrieve verification key", "InvalidIdentityToken"},
	{"Missing a required claim", "InvalidIdentityToken"},
	{"roles claim of the identity token", "InvalidIdentityToken"},
	{"could not be validated", "InvalidIdentityToken"},
	{"Token expired", "ExpiredTokenException"},
	{"Token too old", "ExpiredTokenException"},
	{"MaxSessionDuration", "ValidationError"},
	{"validation error", "ValidationError"},
	{"is invalid", "ValidationError"},
}

// errorIn finds the error code and the message in what a program printed.
func errorIn(text string) (code, message string) {
	text = strings.TrimSpace(text)
	if m := xmlMessage.FindStringSubmatch(text); m != nil {
		return codeIn(text), strings.TrimSpace(html.UnescapeString(m[1]))
	}
	message = text
	for _, at := range errorCode.FindAllStringIndex(text, -1) {
		if lead := afterCode.FindString(text[at[1]:]); lead != "" && at[1]+len(lead) < len(text) {
			message = text[at[1]+len(lead):]
			break
		}
	}
	return codeIn(text), strings.TrimSpace(trailer.ReplaceAllString(message, ""))
}

// codeIn is the error code in a text, or the one that goes with it; "" where
// neither is known.
func codeIn(text string) string {
	if code := errorCode.FindString(text); code != "" {
		return code
	}
	for _, t := range texts {
		if strings.Contains(text, t.part) {
			return t.code
		}
	}
	return ""
}

func firstMatch(re *lazyregexp.Regexp, text string) string {
	if m := re.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
