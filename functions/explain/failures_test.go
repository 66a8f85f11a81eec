package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
)

// failure is something that goes wrong around the function while it gets an
// event, and what must come of it.
type failure struct {
	name    string
	actions map[string]http.HandlerFunc
	slack   []http.HandlerFunc
	timeout time.Duration // of the invocation

	again bool   // SQS hands out the event again
	sns   bool   // the topic has the alert already
	posts bool   // so has Slack
	log   string // what the function says of it
}

var (
	noAccess = standin.Deny(http.StatusForbidden, "AccessDenied", "not authorized")
	refused  = standin.Refuse(http.StatusBadRequest, `{"__type":"AccessDeniedException","message":"not authorized"}`)
	busy     = standin.Refuse(http.StatusInternalServerError, "down")
)

var failures = []failure{
	{
		name: "SNS is down", actions: map[string]http.HandlerFunc{"Publish": standin.Deny(500, "InternalFailure", "down")},
		posts: true, log: "publish to arn:aws:sns:",
	},
	{
		name: "Slack refuses the payload", slack: []http.HandlerFunc{standin.Refuse(400, "invalid_payload")},
		sns: true, log: "slack answered 400: invalid_payload",
	},
	{
		name: "Slack answers 200 without ok", slack: []http.HandlerFunc{standin.Refuse(200, "no_team")},
		sns: true, log: "slack answered 200: no_team",
	},
	{
		name: "Slack is busy once", slack: []http.HandlerFunc{standin.Refuse(429, "rate_limited", "Retry-After", "1")},
		sns: true, posts: true, log: `"msg":"sent"`,
	},
	{
		name: "Slack is busy for longer than there is time", slack: []http.HandlerFunc{standin.Refuse(429, "rate_limited", "Retry-After", "30")},
		sns: true, log: "no time left to try again: slack answered 429",
	},
	{
		name: "Slack fails", slack: []http.HandlerFunc{busy, busy, busy}, timeout: 3 * time.Second,
		sns: true, log: "no time left to try again: slack answered 500: down",
	},
	{
		name: "Slack does not answer", slack: []http.HandlerFunc{standin.Hang}, timeout: 2 * time.Second,
		sns: true, log: "no time left",
	},
	{
		name: "SSM refuses", actions: map[string]http.HandlerFunc{"GetParameter": refused},
		sns: true, log: "read webhook: get parameter /rolewhy/webhook",
	},
	{
		name: "SNS and Slack fail", actions: map[string]http.HandlerFunc{"Publish": noAccess},
		slack: []http.HandlerFunc{standin.Refuse(404, "no_service")},
		log:   "slack answered 404: no_service",
	},
	{
		name: "the table refuses to count", actions: map[string]http.HandlerFunc{"UpdateItem": refused},
		again: true, log: "dynamodb:UpdateItem",
	},
	{
		name: "the table refuses to keep", actions: map[string]http.HandlerFunc{"PutItem": refused},
		again: true, log: "dynamodb:PutItem",
	},
	{
		name: "the table does not answer", actions: map[string]http.HandlerFunc{"GetItem": standin.Hang}, timeout: 2 * time.Second,
		again: true, log: "context deadline exceeded",
	},
	{
		name: "IAM refuses", actions: map[string]http.HandlerFunc{"GetRole": noAccess, "GetOpenIDConnectProvider": noAccess, "ListRoles": noAccess},
		sns: true, posts: true, log: `"msg":"sent"`,
	},
	{
		name: "IAM throttles", actions: map[string]http.HandlerFunc{"GetRole": standin.Deny(400, "Throttling", "Rate exceeded")},
		sns: true, posts: true, log: `"msg":"sent"`,
	},
	{
		name: "IAM does not answer", actions: map[string]http.HandlerFunc{"GetRole": standin.Hang}, timeout: 3 * time.Second,
		sns: true, posts: true, log: `"msg":"sent"`,
	},
	{
		name: "CloudTrail does not answer", actions: map[string]http.HandlerFunc{"LookupEvents": standin.Hang}, timeout: 3 * time.Second,
		sns: true, posts: true, log: `"msg":"sent"`,
	},
	{
		name:    "the deadline is near and nobody answers",
		actions: map[string]http.HandlerFunc{"GetRole": standin.Hang, "LookupEvents": standin.Hang},
		slack:   []http.HandlerFunc{standin.Hang}, timeout: 2500 * time.Millisecond,
		sns: true, log: `"msg":"outstanding"`,
	},
}

// Whatever fails, in the end each channel has the alert once, and nothing is
// left in a queue.
func TestFailures(t *testing.T) {
	for _, tt := range failures {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, realRecord(t))
			s.put(t, realRecord(t).Raw)
			noHistory(s)
			for action, h := range tt.actions {
				places.Cloud.Fail(action, h)
			}
			places.Slack.Next(tt.slack...)
			if tt.timeout != 0 {
				s.function.Timeout = tt.timeout
			}
			tt.checkFirst(t, s)
			s.Forget()
			noHistory(s)
			s.function.Timeout = standin.Timeout
			s.pollAll(t)
			s.later(t, 2*time.Minute)
			tt.checkRest(t, s)
			s.checkSecrets(t)
		})
	}
}

// checkFirst looks at what the first batch has come to.
func (tt *failure) checkFirst(t *testing.T, s *stage) {
	t.Helper()
	if b := s.poll(t); b.Size != 1 || (b.Failed == 1) != tt.again {
		t.Errorf("batch %+v, want one that fails: %t", b, tt.again)
	}
	if got := s.received(t); (len(got) == 1) != tt.sns {
		t.Errorf("%d SNS messages, want one: %t", len(got), tt.sns)
	}
	if messages, _ := places.Slack.Take(); (len(messages) == 1) != tt.posts {
		t.Errorf("%d Slack messages, want one: %t", len(messages), tt.posts)
	}
	if !strings.Contains(s.function.Logs(), tt.log) {
		t.Errorf("no %q in the log:\n%s", tt.log, s.function.Logs())
	}
}

// checkRest looks for what was still missing, and for nothing else.
func (tt *failure) checkRest(t *testing.T, s *stage) {
	t.Helper()
	if got := s.received(t); (len(got) == 1) == tt.sns || len(got) > 1 {
		t.Errorf("%d SNS messages later, though one came at first: %t", len(got), tt.sns)
	}
	if messages, _ := places.Slack.Take(); (len(messages) == 1) == tt.posts || len(messages) > 1 {
		t.Errorf("%d Slack messages later, though one came at first: %t", len(messages), tt.posts)
	}
	if dead := s.dead(t); len(dead) != 0 {
		t.Errorf("dead letters: %s", dead)
	}
}

// What is sent late tells Slack the same as it would have at once.
func TestLateAlertIsTheSame(t *testing.T) {
	for name, s := range samples(t) {
		if !s.Denied() || !strings.HasPrefix(name, "subject-") && !strings.HasPrefix(name, "hostile-") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			st := newStage(t, s)
			noHistory(st)
			st.put(t, s.Raw)
			st.pollAll(t)
			prompt, _ := places.Slack.Take()
			st = newStage(t, s)
			noHistory(st)
			places.Slack.Next(standin.Refuse(400, "invalid_payload"))
			st.put(t, s.Raw)
			st.pollAll(t)
			st.later(t, 2*time.Minute)
			late, posts := places.Slack.Take()
			if len(prompt) != 1 || len(late) != 1 || posts != 2 || prompt[0].Read() != late[0].Read() {
				t.Errorf("%d posts, messages %+v and %+v", posts, prompt, late)
			}
		})
	}
}

// A table that stays out of reach loses nothing: the events end in the
// dead-letter queue.
func TestDeadLetters(t *testing.T) {
	s := newStage(t, realRecord(t))
	places.Cloud.Fail("UpdateItem", refused)
	s.put(t, realRecord(t).Raw)
	s.pollAll(t)
	if dead := s.dead(t); len(dead) != 1 || dead[0] != string(realRecord(t).Raw) {
		t.Errorf("%d dead letters: %.300s", len(dead), dead)
	}
	if kinds, posts := s.told(t); kinds != nil || posts != 0 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
}
