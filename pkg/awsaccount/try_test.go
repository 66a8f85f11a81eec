package awsaccount

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/caller"
)

// attempt is one for a role in a partition. The token shows itself nowhere.
func attempt(t *testing.T, role string) Attempt {
	t.Helper()
	token, err := caller.Parse([]byte("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJlLW9mLWEtdG9rZW4"))
	if err != nil {
		t.Fatal(err)
	}
	return Attempt{Role: role, Token: token}
}

// endpoint is an STS that gives one answer, in an environment with credentials
// that are not to be used.
func endpoint(t *testing.T, status int, body string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		sent, err := io.ReadAll(req.Body)
		if err != nil || req.Header.Get("Authorization")+req.Header.Get("X-Amz-Security-Token") != "" {
			t.Errorf("%v, sent with credentials: %v", err, req.Header)
		}
		w.Header().Set("X-Amzn-Requestid", "r-1")
		w.WriteHeader(status)
		io.WriteString(w, strings.ReplaceAll(body, "{{sent}}", strings.ReplaceAll(string(sent), "&", "&amp;")))
	}))
	t.Cleanup(server.Close)
	variables(t, "AWS_ENDPOINT_URL_STS="+server.URL, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_SESSION_TOKEN=test")
}

func variables(t *testing.T, more ...string) {
	t.Helper()
	for _, v := range append([]string{
		"AWS_PROFILE=", "AWS_REGION=", "AWS_DEFAULT_REGION=", "AWS_MAX_ATTEMPTS=1", "AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}, more...) {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
}

const refusal = `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>Incorrect token audience {{sent}}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`

func TestTry(t *testing.T) {
	for _, tt := range []struct {
		name, role, region string
		status             int
		body               string
		want               Answer
		err                string // beginning of the error
	}{
		{
			"let through", "arn:aws:iam::111122223333:role/x", "eu-west-1", 200,
			`<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
			Answer{Allowed: true, Region: "eu-west-1"},
			"",
		},
		{"refused", "arn:aws:iam::111122223333:role/x", "", 400, refusal, Answer{Code: "InvalidIdentityToken", Message: "Incorrect token audience", RequestID: "r-1", Region: "us-east-1"}, ""},
		{"refused in China", "arn:aws-cn:iam::111122223333:role/x", "", 400, refusal, Answer{Code: "InvalidIdentityToken", Message: "Incorrect token audience", RequestID: "r-1", Region: "cn-north-1"}, ""},
		{"refused in GovCloud", "arn:aws-us-gov:iam::111122223333:role/x", "", 400, refusal, Answer{Code: "InvalidIdentityToken", Message: "Incorrect token audience", RequestID: "r-1", Region: "us-gov-west-1"}, ""},
		{"a role that is no ARN", "x", "", 400, refusal, Answer{Code: "InvalidIdentityToken", Message: "Incorrect token audience", RequestID: "r-1", Region: "us-east-1"}, ""},
		{"something else answers", "arn:aws:iam::111122223333:role/x", "", 502, "<html>{{sent}}", Answer{}, "ask STS in us-east-1: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			endpoint(t, tt.status, tt.body)
			a := attempt(t, tt.role)
			a.Region = tt.region
			got, err := Try(t.Context(), a)
			hidesToken(t, a, got, err)
			if tt.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.err) {
					t.Errorf("%+v, %v", got, err)
				}
				return
			}
			if !got.Allowed && got.Time.IsZero() {
				t.Error("the clock of STS is not told")
			}
			got.Time = tt.want.Time
			got.Message, _, _ = strings.Cut(got.Message, " Action=")
			if err != nil || got != tt.want {
				t.Errorf("%+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

// hidesToken fails where an answer, which may echo what was sent, shows the
// token.
func hidesToken(t *testing.T, a Attempt, got Answer, err error) {
	t.Helper()
	said := got.Code + got.Message
	if err != nil {
		said += err.Error()
	}
	for _, part := range strings.Split(a.Token.Reveal(), ".") {
		if strings.Contains(said, part) {
			t.Errorf("%q is in %s", part, said)
		}
	}
}

func TestTryWithoutAnAnswer(t *testing.T) {
	variables(t, "AWS_ENDPOINT_URL_STS=http://127.0.0.1:1")
	if _, err := Try(t.Context(), attempt(t, "arn:aws:iam::111122223333:role/x")); err == nil || !strings.HasPrefix(err.Error(), "ask STS in us-east-1: ") {
		t.Errorf("%v", err)
	}
	variables(t, "AWS_PROFILE=nowhere")
	if _, err := Try(t.Context(), attempt(t, "arn:aws:iam::111122223333:role/x")); err == nil || !strings.HasPrefix(err.Error(), "read the configuration of AWS: ") {
		t.Errorf("%v", err)
	}
}
