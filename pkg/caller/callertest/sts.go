package callertest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// STS answers AssumeRoleWithWebIdentity as AWS does, as far as that is known:
// it looks at provider, signature, expiry, audience and role in this order, and
// refuses with the texts that were seen from AWS.
type STS struct {
	Now       func() time.Time
	Providers map[string][]string // issuer → client ids of its IAM OIDC provider
	Trust     map[string]string   // role ARN → the sub that it lets in
	Client    *http.Client        // by which keys are fetched

	mu    sync.Mutex
	calls []Call
}

// Call is one call that was made, but for its token.
type Call struct {
	Role, Session, Duration string
	Credentials             bool // it was signed, or carried a session token
}

// The credentials that a call gets which is let through. They are to be found
// nowhere else.
const (
	AccessKey    = "ASIAROLEWHYTEST00001"
	SecretKey    = "rolewhy/test/secret/key/that/is/shown/nowhere"
	SessionToken = "rolewhy-test-session-token-that-is-shown-nowhere"
)

// Serve serves until the test ends, and returns the address for
// AWS_ENDPOINT_URL_STS.
func (s *STS) Serve(t testing.TB) string {
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}

// Calls are those that were made so far.
func (s *STS) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// note keeps a call, and gives it an id.
func (s *STS) note(req *http.Request) (requestID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{
		Role: req.Form.Get("RoleArn"), Session: req.Form.Get("RoleSessionName"), Duration: req.Form.Get("DurationSeconds"),
		Credentials: req.Header.Get("Authorization") != "" || req.Header.Get("X-Amz-Security-Token") != "",
	})
	return fmt.Sprintf("5f1d0c2e-0000-4000-8000-%012d", len(s.calls))
}

// ServeHTTP answers one call of the query protocol.
func (s *STS) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if err := req.ParseForm(); err != nil || req.Form.Get("Action") != "AssumeRoleWithWebIdentity" {
		refuse(w, "0", &refusal{http.StatusBadRequest, "InvalidAction", "Could not find operation"})
		return
	}
	id := s.note(req)
	w.Header().Set("X-Amzn-Requestid", id)
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	if r := s.judge(req.Form); r != nil {
		refuse(w, id, r)
		return
	}
	fmt.Fprintf(w, `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
		AccessKey, SecretKey, SessionToken, id)
}

// refusal is an error of STS.
type refusal struct {
	status        int
	code, message string
}

func invalid(message string) *refusal {
	return &refusal{http.StatusBadRequest, "InvalidIdentityToken", message}
}

func refuse(w http.ResponseWriter, id string, r *refusal) {
	var message strings.Builder
	if err := xml.EscapeText(&message, []byte(r.message)); err != nil {
		panic(err) // a builder takes all
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(r.status)
	fmt.Fprintf(w, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
  <RequestId>%s</RequestId>
</ErrorResponse>`, r.code, message.String(), id)
}

// judge goes through what STS looks at. nil lets the call through.
func (s *STS) judge(form url.Values) *refusal {
	t, ok := take(form.Get("WebIdentityToken"))
	if !ok {
		return invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	}
	clients, ok := s.Providers[t.claims.Issuer]
	if !ok {
		return invalid("No OpenIDConnect provider found in your account for " + t.claims.Issuer)
	}
	if r := t.verify(s.Client); r != nil {
		return r
	}
	now := s.Now().Unix()
	switch audience := t.claims.audience(); {
	case now >= t.claims.Expiry:
		return &refusal{http.StatusBadRequest, "ExpiredTokenException", fmt.Sprintf("Token expired: current date/time %d must be before the expiration date/time%d", now, t.claims.Expiry)}
	case audience == "":
		return invalid("Missing a required claim: aud")
	case !slices.Contains(clients, audience):
		return invalid("Incorrect token audience")
	case s.Trust[form.Get("RoleArn")] != t.claims.Subject:
		return &refusal{http.StatusForbidden, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"}
	}
	return nil
}
