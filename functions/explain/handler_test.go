package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

func TestDeliver(t *testing.T) {
	down := errors.New("down")
	for _, tt := range []struct {
		name              string
		sns, slack, queue error
		fails             bool
		want              string
	}{
		{"both take it", nil, nil, nil, false, "sns 1, slack 1, queue 0"},
		{"one takes it", down, nil, nil, false, "sns 0, slack 1, queue 1"},
		{"none takes it", down, down, nil, true, "sns 0, slack 0, queue 0"},
		{"one takes it, and the queue is down", nil, down, down, true, "sns 1, slack 0, queue 0"},
		{"the thread is incomplete", nil, &notify.Incomplete{Err: down}, nil, false, "sns 1, slack 1, queue 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench()
			b.sns.err, b.slack.err, b.queue.err = tt.sns, tt.slack, tt.queue
			_, err := b.handle(t.Context(), realRecord(t).Raw)
			if (err != nil) != tt.fails || b.reports() != tt.want {
				t.Errorf("%s, error %v; want %s, error %t", b.reports(), err, tt.want, tt.fails)
			}
		})
	}
}

// Trying an event again repeats nothing that was taken, though the queue did
// not take the rest.
func TestRetryWithoutQueueRepeatsNothing(t *testing.T) {
	b := newBench()
	b.handler.queue, b.slack.err = nil, errors.New("down")
	for range 3 {
		if _, err := b.handle(t.Context(), realRecord(t).Raw); err == nil {
			t.Error("no error")
		}
	}
	b.slack.err = nil
	if _, err := b.handle(t.Context(), realRecord(t).Raw); err != nil || b.reports() != "sns 1, slack 1, queue 0" {
		t.Errorf("%s, %v", b.reports(), err)
	}
	// It is over: the same event anew is another delivery.
	if _, err := b.handle(t.Context(), realRecord(t).Raw); err != nil || b.reports() != "sns 2, slack 2, queue 0" {
		t.Errorf("%s, %v", b.reports(), err)
	}
}

// batchOf is an SQS event with these bodies, whose ids are 0, 1, 2...
func batchOf(t *testing.T, bodies ...string) []byte {
	t.Helper()
	var records []map[string]any
	for i, body := range bodies {
		records = append(records, map[string]any{"messageId": fmt.Sprint(i), "eventSource": "aws:sqs", "body": body})
	}
	return must(json.Marshal(map[string]any{"Records": records}))(t)
}

func TestAnswerNamesWhatFailed(t *testing.T) {
	b := newBench()
	good := string(realRecord(t).Raw)
	out, err := b.handle(t.Context(), batchOf(t, good, "hello", good, "{}"))
	check(t, err)
	got := string(must(json.Marshal(out))(t))
	if want := `{"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"3"}]}`; got != want {
		t.Errorf("answer %s, want %s", got, want)
	}
	out, err = b.handle(t.Context(), batchOf(t, good))
	check(t, err)
	if got := string(must(json.Marshal(out))(t)); got != `{"batchItemFailures":[]}` {
		t.Errorf("answer %s", got)
	}
}

// panicking breaks on one event's role.
type panicking struct{ *fakeAccount }

func (panicking) Begin(ev *cloudtrail.Event) {
	if strings.HasSuffix(ev.RoleARN, "x") {
		panic("boom")
	}
}

// A fault of the program in one message neither ends the process nor fails the
// others.
func TestPanicFailsOneMessage(t *testing.T) {
	b := newBench()
	b.handler.account = panicking{b.account}
	s := realRecord(t)
	role := s.Detail.RequestParameters.RoleARN
	bad := strings.ReplaceAll(string(s.Raw), role, role+"x")
	errs := b.all(t.Context(), b.handler.log, []message{{id: "0", body: []byte(bad)}, {id: "1", body: s.Raw}})
	if errs[0] == nil || errs[1] != nil || !strings.Contains(b.log.String(), "boom") {
		t.Errorf("errors %v, log %s", errs, b.log)
	}
}
