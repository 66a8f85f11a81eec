package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

func TestErrorIn(t *testing.T) {
	const denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
	for name, c := range map[string]struct{ text, code, message string }{
		"aws cli": {
			"\nAn error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: " + denied + "\n",
			"AccessDenied", denied,
		},
		"aws cli, retries": {
			"An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation (reached max retries: 4): Incorrect token audience",
			"InvalidIdentityToken", "Incorrect token audience",
		},
		"code and message": {
			"InvalidIdentityToken: No OpenIDConnect provider found in your account for https://x.example",
			"InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://x.example",
		},
		"Go, first version": {
			"WebIdentityErr: failed to retrieve credentials\ncaused by: AccessDenied: " + denied + "\n\tstatus code: 403, request id: 2c9d5d5c-0000-4000-8000-1234567890ab",
			"AccessDenied", denied,
		},
		"Go, second version": {
			"operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 403, RequestID: 2c9d5d5c-0000-4000-8000-1234567890ab, api error AccessDenied: " + denied,
			"AccessDenied", denied,
		},
		"Java": {
			denied + " (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: 2c9d5d5c-0000-4000-8000-1234567890ab)",
			"AccessDenied", denied,
		},
		"GitHub action": {"Error: Could not assume role with OIDC: " + denied, "AccessDenied", "Error: Could not assume role with OIDC: " + denied},
		"expired": {
			"An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time 1 must be before the expiration date/time0",
			"ExpiredTokenException", "Token expired: current date/time 1 must be before the expiration date/time0",
		},
		"message alone": {"Couldn't retrieve verification key from your identity provider,  please reference", "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference"},
		"XML": {
			"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>OpenIDConnect provider&apos;s HTTPS certificate doesn&apos;t match configured thumbprint</Message></Error></ErrorResponse>",
			"InvalidIdentityToken", "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
		},
		"role ARN":      {"ValidationError: Request ARN is invalid", "ValidationError", "Request ARN is invalid"},
		"nothing known": {"it does not work", "", "it does not work"},
		"code alone":    {"AccessDenied", "AccessDenied", "AccessDenied"},
	} {
		code, message := errorIn(c.text)
		if code != c.code || message != c.message {
			t.Errorf("%s: %q, %q; want %q, %q", name, code, message, c.code, c.message)
		}
	}
}

func TestPastedEvent(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	const role = "arn:aws-cn:iam::111122223333:role/x"
	for name, c := range map[string]struct {
		in   pasted
		want cloudtrail.Event
	}{
		"token": {
			pasted{"AccessDenied: no", role, map[string]any{"iss": "https://idp.example/a/", "sub": "s", "aud": "a"}},
			cloudtrail.Event{
				Provider: "arn:aws-cn:iam::111122223333:oidc-provider/idp.example/a/", Subject: "s", Audience: "a", HasAudience: true,
				ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied", ErrorMessage: "no", RoleARN: role, AccountID: "111122223333",
			},
		},
		"azp goes before aud, aud may be a list": {
			pasted{"AccessDenied: no", role, map[string]any{"iss": "https://accounts.google.com", "azp": "z", "aud": []any{"a"}}},
			cloudtrail.Event{
				Provider: "accounts.google.com", Audience: "z", HasAudience: true,
				ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied", ErrorMessage: "no", RoleARN: role, AccountID: "111122223333",
			},
		},
		"issuer from the text": {
			pasted{"InvalidIdentityToken: No OpenIDConnect provider found in your account for https://idp.example/a.", "", nil},
			cloudtrail.Event{
				Provider:  "arn:aws:iam:::oidc-provider/idp.example/a",
				ErrorCode: "InvalidIdentityToken", RawErrorCode: "InvalidIdentityToken",
				ErrorMessage: "No OpenIDConnect provider found in your account for https://idp.example/a.",
			},
		},
		"exception, request and region": {
			pasted{"https://sts.eu-west-1.amazonaws.com/ RequestID: 2c9d5d5c-0000-4000-8000-1234567890ab ExpiredTokenException: Token expired", role, nil},
			cloudtrail.Event{
				Region: "eu-west-1", RequestID: "2c9d5d5c-0000-4000-8000-1234567890ab",
				ErrorCode: "ExpiredToken", RawErrorCode: "ExpiredTokenException", ErrorMessage: "Token expired", RoleARN: role, AccountID: "111122223333",
			},
		},
	} {
		c.want.Name, c.want.Source, c.want.Time = "AssumeRoleWithWebIdentity", "sts.amazonaws.com", now
		if d := cmp.Diff(&c.want, c.in.event(now)); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
}
