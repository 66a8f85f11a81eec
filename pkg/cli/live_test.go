package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	liveAccount = "111122223333"
	liveRole    = "arn:aws:iam::" + liveAccount + ":role/deploy"
	liveIssuer  = "token.actions.githubusercontent.com"
	liveTrust   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
		"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		"Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:acme/app:ref:refs/heads/main"}}}]}`
	liveRecord = `{"eventVersion":"1.08","eventID":"live-1","eventName":"AssumeRoleWithWebIdentity","eventSource":"sts.amazonaws.com","awsRegion":"eu-west-1",
		"eventTime":"2026-03-02T09:12:44Z","recipientAccountId":"111122223333","errorCode":"AccessDenied","errorMessage":"An unknown error occurred",
		"requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/deploy","roleSessionName":"GitHubActions"},
		"userIdentity":{"type":"WebIdentityUser","userName":"repo:acme/app:ref:refs/heads/dev",
		"identityProvider":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		"principalId":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:acme/app:ref:refs/heads/dev"}}`
)

// awsOf answers what the command asks of an account with one role. CloudTrail
// gives one event by its id, and refuses to be searched.
type awsOf struct {
	mu    sync.Mutex
	calls []string
}

func (a *awsOf) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	form, _ := url.ParseQuery(string(body))
	action := form.Get("Action")
	if target := req.Header.Get("X-Amz-Target"); target != "" {
		action = target[strings.LastIndexByte(target, '.')+1:]
	}
	a.mu.Lock()
	a.calls = append(a.calls, action)
	a.mu.Unlock()
	status, answer := a.answer(action, string(body))
	w.WriteHeader(status)
	io.WriteString(w, answer)
}

func (a *awsOf) answer(action, body string) (int, string) {
	switch action {
	case "GetCallerIdentity":
		return 200, xmlOf(action, "<Account>"+liveAccount+"</Account>")
	case "GetRole":
		return 200, xmlOf(action, "<Role><Arn>"+liveRole+"</Arn><RoleName>deploy</RoleName><AssumeRolePolicyDocument>"+url.PathEscape(liveTrust)+"</AssumeRolePolicyDocument></Role>")
	case "GetOpenIDConnectProvider":
		return 200, xmlOf(action, "<Url>"+liveIssuer+"</Url><ClientIDList><member>sts.amazonaws.com</member></ClientIDList>")
	case "ListAccountAliases":
		return 200, xmlOf(action, "<AccountAliases><member>acme-prod</member></AccountAliases><IsTruncated>false</IsTruncated>")
	case "LookupEvents":
		if strings.Contains(body, `"live-1"`) {
			event, _ := json.Marshal(map[string]any{"Events": []any{map[string]any{"EventId": "live-1", "CloudTrailEvent": liveRecord}}})
			return 200, string(event)
		}
		if strings.Contains(body, "EventId") {
			return 200, `{"Events":[]}`
		}
		return 400, `{"__type":"AccessDeniedException"}`
	case "DescribeOrganization":
		return 400, `{"__type":"AWSOrganizationsNotInUseException"}`
	}
	return 403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
}

func xmlOf(action, inner string) string {
	return fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", action, inner)
}

// ambient is an environment whose credentials lead to the fake.
func ambient(t *testing.T, vars ...string) *awsOf {
	t.Helper()
	fake := &awsOf{}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	for _, v := range append([]string{
		"AWS_ENDPOINT_URL=" + server.URL, "AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=1",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}, vars...) {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	return fake
}

var withKeys = []string{"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_REGION=eu-west-1"}

// rolewhy runs the command in the environment of the process.
func rolewhy(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	c := &Command{Args: args, Stdin: strings.NewReader(liveRecord), Stdout: &out, Stderr: &errs, Env: os.Getenv, Now: time.Now}
	code = c.Run(t.Context())
	return code, out.String(), errs.String()
}

func TestLive(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "denied.json")
	if err := os.WriteFile(file, []byte(`{"detail":`+liveRecord+`,"case":{"account":{"roles":[]}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"a record on standard input", []string{"explain", "--live", "-"}},
		{"before the case of an event", []string{"explain", "--live", file}},
		{"a record that is fetched", []string{"explain", "--event-id", "live-1"}},
		{"replay", []string{"replay", "--live", dir}},
		{"a region that is given", []string{"explain", "--live", "--region", "us-east-1", "-"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fake := ambient(t, withKeys...)
			code, stdout, stderr := rolewhy(t, tt.args...)
			if code != exitExplained || stderr != "" {
				t.Errorf("exit %d: %s", code, stderr)
			}
			for _, part := range []string{"acme-prod (" + liveAccount + ")", "subject-mismatch", "grant cloudtrail:LookupEvents"} {
				if !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(stdout, "│", "")), " "), part) {
					t.Errorf("no %q in:\n%s", part, stdout)
				}
			}
			if n := len(fake.calls); n > 8 {
				t.Errorf("%d calls: %q", n, fake.calls)
			}
		})
	}
}

func TestEventWithAnAccountFile(t *testing.T) {
	fake := ambient(t, withKeys...)
	account := filepath.Join(t.TempDir(), "account.json")
	if err := os.WriteFile(account, []byte(`{"roles":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stdout, stderr := rolewhy(t, "explain", "--event-id", "live-1", "--account", account)
	if !strings.Contains(stdout, "role-not-found") || stderr != "" {
		t.Errorf("%s\n%s", stdout, stderr)
	}
	if slices.Contains(fake.calls, "GetRole") {
		t.Error("AWS was asked for what the file tells")
	}
}

func TestLiveFailures(t *testing.T) {
	for _, tt := range []struct {
		name string
		vars []string
		args []string
		code int
		want string
	}{
		{"no credentials", []string{"AWS_REGION=eu-west-1"}, []string{"explain", "--live", "-"}, exitFailure, "no AWS credentials were found: set AWS_PROFILE"},
		{"no region", withKeys[:2], []string{"explain", "--live", "-"}, exitFailure, "no AWS region is set: give --region"},
		{"no region for replay", withKeys[:2], []string{"replay", "--live", "-"}, exitFailure, "no AWS region is set: give --region"},
		{"no such event", withKeys, []string{"explain", "--event-id", "gone"}, exitFailure, "look up event gone: CloudTrail has no such event there"},
		{"a profile that is not there", []string{"AWS_PROFILE=nope", "AWS_REGION=eu-west-1"}, []string{"explain", "--live", "-"}, exitFailure, "nope"},
		{"half a member role", append(withKeys, "ROLEWHY_EXTERNAL_ID=x"), []string{"explain", "--live", "-"}, exitFailure, "ROLEWHY_"},
		{"both accounts", withKeys, []string{"explain", "--live", "--account", "a.json", "-"}, exitUsage, "not both"},
		{"a file and an event", withKeys, []string{"explain", "--event-id", "live-1", "-"}, exitUsage, "--event-id fetches the record"},
		{"an error and an event", withKeys, []string{"explain", "--event-id", "live-1", "--error", "x"}, exitUsage, "--event-id fetches the record"},
		{"a region for nothing", withKeys, []string{"explain", "--region", "eu-west-1", "-"}, exitUsage, "--region goes with --live or --event-id"},
		{"a region for nothing in replay", withKeys, []string{"replay", "--region", "eu-west-1"}, exitUsage, "--region goes with --live"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ambient(t, tt.vars...)
			code, _, stderr := rolewhy(t, tt.args...)
			if code != tt.code || !strings.Contains(stderr, tt.want) {
				t.Errorf("exit %d, %q; want %d with %q", code, stderr, tt.code, tt.want)
			}
		})
	}
}

// Without --live nothing is asked of AWS, whatever the environment holds.
func TestNotLive(t *testing.T) {
	fake := ambient(t, withKeys...)
	rolewhy(t, "explain", "-")
	if len(fake.calls) > 0 {
		t.Errorf("calls %q", fake.calls)
	}
}
