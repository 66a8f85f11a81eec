package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

var (
	errDown = errors.New("down")
	errLate = fmt.Errorf("slack: %w: %w", incident.ErrOutstanding, errDown)
)

// What is saved is dealt with, and comes again only where it is not saved.
func TestWhatComesAgain(t *testing.T) {
	for _, tt := range []struct {
		name    string
		err     error
		durable bool
		again   bool
	}{
		{"all is well", nil, true, false},
		{"the table is out of reach", errDown, true, true},
		{"a channel is out of reach", errLate, true, false},
		{"a channel is out of reach, and nothing is saved", errLate, false, true},
		{"nothing is saved, and nothing has to be", nil, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench()
			b.durable, b.desk.deniedErr, b.desk.editedErr = tt.durable, tt.err, tt.err
			for _, event := range [][]byte{realRecord(t).Raw, editOf(t)} {
				if _, err := b.handle(t.Context(), event); (err != nil) != tt.again {
					t.Errorf("error %v, want one: %t", err, tt.again)
				}
			}
			if (b.desk.followed > 0) == tt.durable {
				t.Errorf("followed up %d times", b.desk.followed)
			}
		})
	}
}

// What is not saved waits for as long as anything of it is not sent.
func TestWithoutTableEverythingWaits(t *testing.T) {
	b := newBench()
	b.durable, b.desk.followErr = false, errLate
	good := string(realRecord(t).Raw)
	if out, err := b.handle(t.Context(), batchOf(t, good, good)); err != nil || failed(t, out) != `["0","1"]` {
		t.Errorf("failed: %s, %v", failed(t, out), err)
	}
	b.desk.followErr = nil
	if out, err := b.handle(t.Context(), batchOf(t, good, good)); err != nil || failed(t, out) != `[]` {
		t.Errorf("failed: %s, %v", failed(t, out), err)
	}
}

// editOf is the event of an edit of the real record's role.
func editOf(t *testing.T) []byte {
	t.Helper()
	return []byte(`{"source":"aws.iam","detail-type":"AWS API Call via CloudTrail","detail":` + changeOf(trusted(t)) + `}`)
}

// An edit is looked at with nothing from before it in mind.
func TestEdit(t *testing.T) {
	b := newBench()
	_, err := b.handle(t.Context(), editOf(t))
	check(t, err)
	if len(b.account.forgotten) != 1 || b.account.forgotten[0].Role == "" || len(b.desk.edited) != 1 || len(b.desk.denied) != 0 {
		t.Errorf("forgotten %+v, edits %s, denials %s", b.account.forgotten, b.desk.edited, b.desk.denied)
	}
	if !strings.Contains(b.numbers.String(), `"Edits":[1]`) {
		t.Errorf("metrics %s", b.numbers)
	}
}

func TestEvidence(t *testing.T) {
	for _, tt := range []struct {
		name     string
		threads  bool
		news     bool
		events   int // denials of one incident
		settled  int
		evidence int
	}{
		{"news", true, true, 1, 1, 1},
		{"news of one of two", true, true, 2, 1, 1},
		{"no news", true, false, 1, 1, 0},
		{"nobody to tell", false, true, 1, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench()
			b.threads, b.account.news = tt.threads, tt.news
			var bodies []string
			for range tt.events {
				bodies = append(bodies, string(realRecord(t).Raw))
			}
			_, err := b.handle(t.Context(), batchOf(t, bodies...))
			check(t, err)
			if b.account.settled != tt.settled || len(b.desk.evidence) != tt.evidence {
				t.Errorf("settled %d times, told %d times", b.account.settled, len(b.desk.evidence))
			}
		})
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

// failed are the ids that an answer names, as JSON.
func failed(t *testing.T, answer any) string {
	t.Helper()
	var got struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	check(t, json.Unmarshal(must(json.Marshal(answer))(t), &got))
	ids := []string{}
	for _, item := range got.BatchItemFailures {
		ids = append(ids, item.ItemIdentifier)
	}
	return string(must(json.Marshal(ids))(t))
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
type panicking struct{ *fakeDesk }

func (d panicking) Denied(ctx context.Context, ev *cloudtrail.Event) (incident.Result, error) {
	if strings.HasSuffix(ev.RoleARN, "x") {
		panic("boom")
	}
	return d.fakeDesk.Denied(ctx, ev)
}

// A fault of the program in one message neither ends the process nor fails the
// others.
func TestPanicFailsOneMessage(t *testing.T) {
	b := newBench()
	b.handler.desk = panicking{b.desk}
	s := realRecord(t)
	role := s.Detail.RequestParameters.RoleARN
	bad := strings.ReplaceAll(string(s.Raw), role, role+"x")
	errs := b.all(t.Context(), []message{{id: "0", body: []byte(bad)}, {id: "1", body: s.Raw}})
	if errs[0] == nil || errs[1] != nil || !strings.Contains(b.log.String(), "boom") {
		t.Errorf("errors %v, log %s", errs, b.log)
	}
}
