package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
)

// Every sample and the real record go in at one end of the built bootstrap,
// and what a mail subscriber and a Slack channel would see comes out at the
// other: the very report that the account's data gives directly.
func TestEverySampleArrives(t *testing.T) {
	for name, s := range samples(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, s)
			f := w.start(t)
			a := f.invoke(t, s.raw)
			if (a.Err == nil) != s.denied() {
				t.Fatalf("denied %t, error %v\n%s", s.denied(), a.Err, f.Logs())
			}
			want, posts := "", 0
			if s.denied() {
				want, posts = s.report(t), 1
			}
			if diff := cmp.Diff(want, w.received(t)); diff != "" {
				t.Errorf("SNS message (-want +got):\n%s", diff)
			}
			messages, _ := slackService.Take()
			if len(messages) != posts {
				t.Fatalf("%d Slack messages, want %d", len(messages), posts)
			}
			for _, m := range messages {
				checkSlackText(t, want, m)
			}
			w.checkSecrets(t, f)
		})
	}
}

// Where role and provider exist, two calls of evidence come before the
// message, and a repeat needs no other kind of call.
func TestEvidenceIsCheap(t *testing.T) {
	s := realRecord(t)
	s.Case.Account.Roles = []roleSample{{
		ARN: s.Detail.RequestParameters.RoleARN,
		Policy: json.RawMessage(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
			"Principal":{"Federated":"` + s.Detail.UserIdentity.IdentityProvider + `"},
			"Condition":{"StringEquals":{"oidc.eks.us-west-2.amazonaws.com/id/A8242F25BFBB8F98F5321B2AE63C8B5C:sub":"system:serviceaccount:argo:awf"}}}}`),
	}}
	s.Case.Account.Providers = []providerSample{{ARN: s.Detail.UserIdentity.IdentityProvider, ClientIDs: []string{"sts.amazonaws.com"}}}
	w := newWorld(t, s)
	f := w.start(t)
	want := []string{"iam:GetOpenIDConnectProvider", "iam:GetRole", "sns:Publish", "ssm:GetParameter"}
	for range 2 {
		cloud.Use(s.Detail.RecipientAccountID)
		if a := f.invoke(t, s.raw); a.Err != nil {
			t.Fatal(a.Err)
		}
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(cloud.Calls()))); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		want = slices.DeleteFunc(want, func(call string) bool { return call == "ssm:GetParameter" })
	}
}

// failure is something that goes wrong around the function, and what must come
// of it.
type failure struct {
	name    string
	actions map[string]http.HandlerFunc
	slack   []http.HandlerFunc
	timeout time.Duration
	err     string // in the answer to Lambda; "" for a success
	sns     string // in the SNS message; "" where none arrives
	posts   int    // to Slack
	slackOK bool
}

var failures = []failure{
	{
		name:    "SNS down",
		actions: map[string]http.HandlerFunc{"Publish": standin.Deny(500, "InternalFailure", "down")},
		err:     "sns: publish to arn:aws:sns:", posts: 1, slackOK: true,
	},
	{
		name: "Slack refuses the payload", slack: []http.HandlerFunc{standin.Refuse(400, "invalid_payload")},
		err: "slack: slack answered 400: invalid_payload", sns: "\n", posts: 1,
	},
	{
		name: "Slack answers 200 without ok", slack: []http.HandlerFunc{standin.Refuse(200, "no_team")},
		err: "slack: slack answered 200: no_team", sns: "\n", posts: 1,
	},
	{
		name: "Slack is busy once", slack: []http.HandlerFunc{standin.Refuse(429, "rate_limited", "Retry-After", "1")},
		sns: "\n", posts: 2, slackOK: true,
	},
	{
		name: "Slack is busy for longer than there is time", slack: []http.HandlerFunc{standin.Refuse(429, "rate_limited", "Retry-After", "30")},
		err: "no time left to try again: slack answered 429", sns: "\n", posts: 1,
	},
	{
		name: "Slack does not answer", slack: []http.HandlerFunc{standin.Hang}, timeout: 2 * time.Second,
		err: "slack: no time left", sns: "\n", posts: 1,
	},
	{
		name: "SSM refuses", actions: map[string]http.HandlerFunc{"GetParameter": standin.Refuse(400, `{"__type":"AccessDeniedException"}`)},
		err: "slack: read webhook: get parameter /rolewhy/webhook", sns: "\n",
	},
	{
		name:    "both fail",
		actions: map[string]http.HandlerFunc{"Publish": standin.Deny(403, "AuthorizationError", "no")},
		slack:   []http.HandlerFunc{standin.Refuse(404, "no_service")},
		err:     "slack answered 404: no_service", posts: 1,
	},
	{
		name: "IAM refuses", actions: map[string]http.HandlerFunc{"GetRole": noAccess, "GetOpenIDConnectProvider": noAccess, "ListRoles": noAccess},
		sns: "iam:GetRole", posts: 1, slackOK: true,
	},
	{
		name: "IAM throttles", actions: map[string]http.HandlerFunc{"GetRole": standin.Deny(400, "Throttling", "Rate exceeded")},
		sns: "iam:GetRole", posts: 1, slackOK: true,
	},
	{
		name: "IAM does not answer", actions: map[string]http.HandlerFunc{"GetRole": standin.Hang}, timeout: 2 * time.Second,
		sns: "iam:GetRole", posts: 1, slackOK: true,
	},
}

var noAccess = standin.Deny(http.StatusForbidden, "AccessDenied", "not authorized")

func TestFailures(t *testing.T) {
	for _, tt := range failures {
		t.Run(tt.name, func(t *testing.T) {
			s := realRecord(t)
			w := newWorld(t, s)
			for action, h := range tt.actions {
				cloud.Fail(action, h)
			}
			slackService.Next(tt.slack...)
			f := w.start(t)
			if tt.timeout != 0 {
				f.Timeout = tt.timeout
			}
			a := f.invoke(t, s.raw)
			switch {
			case tt.err == "" && a.Err != nil:
				t.Errorf("failed: %v", a.Err)
			case tt.err != "" && (a.Err == nil || !strings.Contains(a.Err.Message, tt.err)):
				t.Errorf("error %v, want one with %q", a.Err, tt.err)
			}
			if got := w.received(t); (tt.sns == "") != (got == "") || !strings.Contains(got, tt.sns) {
				t.Errorf("SNS message %q, want one with %q", got, tt.sns)
			}
			messages, posts := slackService.Take()
			if posts != tt.posts || (len(messages) == 1) != tt.slackOK {
				t.Errorf("%d posts and %d messages at Slack, want %d posts, message %t", posts, len(messages), tt.posts, tt.slackOK)
			}
			w.checkSecrets(t, f)
		})
	}
}

// What the function does not deal with is refused, tells so, and is not sent.
func TestRefusesOtherEvents(t *testing.T) {
	s := realRecord(t)
	edit := func(old, new string) []byte {
		edited := strings.ReplaceAll(string(s.raw), old, new)
		if edited == string(s.raw) {
			t.Fatalf("no %q in the record", old)
		}
		return []byte(edited)
	}
	w := newWorld(t, s)
	f := w.start(t)
	for name, tt := range map[string]struct {
		event []byte
		err   string
	}{
		"other call": {edit(`"AssumeRoleWithWebIdentity"`, `"AssumeRole"`), `not an AssumeRoleWithWebIdentity call: "AssumeRole"`},
		"success": {edit(`"errorCode": "AccessDenied",
    "errorMessage": "An unknown error occurred",`, ``), "the call did not fail"},
		"not CloudTrail": {
			[]byte(`{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification","detail":{"state":"stopped"}}`), "event",
		},
		"nothing": {[]byte(`{}`), "event"},
		"text":    {[]byte(`"hello"`), "event"},
	} {
		t.Run(name, func(t *testing.T) {
			a := f.invoke(t, tt.event)
			if a.Err == nil || !strings.Contains(a.Err.Message, tt.err) {
				t.Errorf("error %v, want one with %q", a.Err, tt.err)
			}
		})
	}
	if got := w.received(t); got != "" {
		t.Errorf("sent: %s", got)
	}
	// The function is still there for the next event.
	if a := f.invoke(t, s.raw); a.Err != nil {
		t.Errorf("after the refusals: %v", a.Err)
	}
}

func TestListsEveryFaultOfItsConfiguration(t *testing.T) {
	f, err := standin.StartFunction(bootstrap, "ROLEWHY_SNS_TOPIC_ARN=mytopic", "ROLEWHY_SLACK_WEBHOOK_PARAMETER="+slackService.URL, "ROLEWHY_LOG_LEVEL=loud")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	code, err := f.Exit(ctx)
	if err != nil || code != 1 {
		t.Errorf("exit status %d, %v; want 1", code, err)
	}
	for _, name := range []string{"ROLEWHY_SNS_TOPIC_ARN", "ROLEWHY_SLACK_WEBHOOK_PARAMETER", "ROLEWHY_LOG_LEVEL"} {
		if !strings.Contains(f.Logs(), name) {
			t.Errorf("%s is not named in:\n%s", name, f.Logs())
		}
	}
	if strings.Contains(f.Logs(), "hush") {
		t.Error("the webhook is in the logs")
	}
}

// samples are events/*.json and the real record, by name.
func samples(t *testing.T) map[string]*sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "events", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*sample{"eks-2023": realRecord(t)}
	for _, file := range files {
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = readSample(t, file)
	}
	return all
}

func realRecord(t *testing.T) *sample {
	t.Helper()
	return readSample(t, filepath.Join("testdata", "eks-2023.json"))
}

func readSample(t *testing.T, file string) *sample {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &sample{raw: raw}
	if err := json.Unmarshal(raw, s); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", file, err))
	}
	return s
}
