package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
	"github.com/rolewhy/rolewhy/pkg/config"
)

// A poison message fails alone, ends in the dead-letter queue, and the log
// tells why; the good ones around it arrive.
func TestPoisonFailsAlone(t *testing.T) {
	s := newStage(t, realRecord(t))
	noHistory(s)
	var bodies [][]byte
	for i := range 3 {
		bodies = append(bodies, numbered(t, realRecord(t), i))
	}
	for _, poison := range poisons(t) {
		bodies = append(bodies, poison.body)
	}
	s.put(t, bodies...)
	s.pollAll(t)
	if got := s.received(t); len(got) != 3 {
		t.Errorf("%d SNS messages, want 3", len(got))
	}
	if messages, _ := places.Slack.Take(); len(messages) != 3 {
		t.Errorf("%d Slack messages, want 3", len(messages))
	}
	dead := strings.Join(s.dead(t), "\n")
	for _, poison := range poisons(t) {
		if !strings.Contains(dead, string(poison.body)) {
			t.Errorf("%s: not in the dead-letter queue", poison.name)
		}
		if !strings.Contains(s.function.Logs(), poison.reason) {
			t.Errorf("%s: the log has no %q", poison.name, poison.reason)
		}
	}
}

type poison struct {
	name, reason string // as it stands in the JSON of the log
	body         []byte
}

func poisons(t *testing.T) []poison {
	t.Helper()
	edit := func(old, new string) []byte {
		edited := strings.ReplaceAll(string(realRecord(t).Raw), old, new)
		if edited == string(realRecord(t).Raw) {
			t.Fatalf("no %q in the record", old)
		}
		return []byte(edited)
	}
	return []poison{
		{"other call", `neither an AssumeRoleWithWebIdentity call nor an edit of a role or a provider: \"AssumeRole\"`, edit(`"AssumeRoleWithWebIdentity"`, `"AssumeRole"`)},
		{"success", "the call did not fail", edit(`"errorCode": "AccessDenied",
    "errorMessage": "An unknown error occurred",`, ``)},
		{"not CloudTrail", "event", []byte(`{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification","detail":{"state":"stopped"}}`)},
		{"no JSON", "read event", []byte(`hello`)},
		{"a failed edit", "tells of no edit", []byte(`{"source":"aws.iam","detail":{"eventVersion":"1.11","eventTime":"2026-11-01T03:00:00Z","eventName":"DeleteRole","eventSource":"iam.amazonaws.com","errorCode":"DeleteConflictException","requestParameters":{"roleName":"r"}}}`)},
	}
}

// What is neither an event nor a batch is refused as a whole.
func TestRefusesOtherEvents(t *testing.T) {
	s := newStage(t, realRecord(t))
	noHistory(s)
	for name, tt := range map[string]struct{ event, err string }{
		"nothing":        {`{}`, `neither an EventBridge event, which has "source" and "detail", nor a batch of SQS messages, which has "Records"`},
		"empty batch":    {`{"Records":[]}`, "neither an EventBridge event"},
		"text":           {`"hello"`, "neither an EventBridge event nor a batch of SQS messages"},
		"S3":             {`{"Records":[{"eventSource":"aws:s3","s3":{}}]}`, `record 1 is no SQS message: its eventSource is "aws:s3"`},
		"a trail's file": {`{"Records":[{"eventVersion":"1.08","eventSource":"sts.amazonaws.com"}]}`, `its eventSource is "sts.amazonaws.com"`},
		"no call":        {`{"source":"aws.ec2","detail":{"state":"stopped"}}`, "event"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.invoke(t, []byte(tt.event))
			if a.Err == nil || !strings.Contains(a.Err.Message, tt.err) {
				t.Errorf("error %v, want one with %q", a.Err, tt.err)
			}
		})
	}
	if got := s.received(t); len(got) != 0 {
		t.Errorf("sent: %v", got)
	}
	// The function is still there for the next event.
	if a := s.invoke(t, realRecord(t).Raw); a.Err != nil || len(s.received(t)) != 1 {
		t.Errorf("after the refusals: %v", a.Err)
	}
}

// An event that comes without a queue is dealt with once it is saved.
func TestEventWithoutQueue(t *testing.T) {
	s := newStage(t, realRecord(t))
	noHistory(s)
	places.Cloud.Fail("Publish", noAccess)
	places.Slack.Next(standin.Refuse(404, "no_service"))
	if a := s.invoke(t, realRecord(t).Raw); a.Err != nil {
		t.Errorf("error %v", a.Err)
	}
	s.Forget()
	s.later(t, 2*time.Minute)
	if kinds, posts := s.told(t); !slices.Equal(kinds, []string{"alert"}) || posts != 1 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
	places.Cloud.Fail("UpdateItem", refused)
	if a := s.invoke(t, realRecord(t).Raw); a.Err == nil || !strings.Contains(a.Err.Message, "dynamodb:UpdateItem") {
		t.Errorf("it is not saved, but the error is %v", a.Err)
	}
}

// Without a table the function keeps all in mind for as long as it lives, and
// what it could not tell has to come again.
func TestWithoutTable(t *testing.T) {
	s := newStage(t, realRecord(t), config.Table+"=")
	noHistory(s)
	places.Slack.Next(standin.Refuse(404, "no_service"))
	if a := s.invoke(t, realRecord(t).Raw); a.Err == nil || !strings.Contains(a.Err.Message, "no_service") {
		t.Errorf("error %v, want one that says what Slack answered", a.Err)
	}
	if kinds, posts := s.told(t); !slices.Equal(kinds, []string{"alert"}) || posts != 0 {
		t.Errorf("told %s, and %d posts", kinds, posts)
	}
	if a := s.invoke(t, again(t, realRecord(t).Raw, 1)); a.Err != nil {
		t.Errorf("a repetition: %v", a.Err)
	}
	if calls := s.calls(); slices.ContainsFunc(calls, func(call string) bool { return strings.HasPrefix(call, "dynamodb:") }) {
		t.Errorf("calls %s", calls)
	}
}

// The log is JSON, and names the request and the report; the metrics are lines
// that CloudWatch reads.
func TestLogsAndMetrics(t *testing.T) {
	s := newStage(t, realRecord(t))
	noHistory(s)
	places.Slack.Next(standin.Refuse(400, "invalid_payload"))
	s.put(t, realRecord(t).Raw)
	s.pollAll(t)
	s.put(t, realRecord(t).Raw)
	s.pollAll(t)
	for line := range strings.Lines(s.function.Logs()) {
		var got struct{ Msg, RequestID, MessageID, EventID string }
		check(t, json.Unmarshal([]byte(line), &got))
		if got.RequestID == "" || got.MessageID == "" || got.EventID == "" {
			t.Errorf("request, message or event is missing: %s", line)
		}
	}
	sums := map[string]float64{}
	for line := range strings.Lines(s.function.Metrics()) {
		sum(t, sums, line)
	}
	for name, want := range map[string]float64{
		"Events": 2, "Repeats": 1, "Edits": 0, "Unexplained": 0, "Outstanding": 1,
		"Sent sns": 1, "Failed slack": 1, "Messages alert": 1,
		"Causes role-not-found": 1, "Calls iam:GetRole": 1, "Refusals cloudtrail:LookupEvents": 1,
	} {
		if sums[name] != want {
			t.Errorf("%s: %g, want %g", name, sums[name], want)
		}
	}
	year := 365 * 24 * time.Hour
	if age := sums["EventAge"]; age < year.Seconds() || sums["Duration"] <= 0 {
		t.Errorf("age %g, duration %g", age, sums["Duration"])
	}
}

// sum adds the values of a line by metric and value of its dimension.
func sum(t *testing.T, sums map[string]float64, line string) {
	t.Helper()
	var head struct {
		AWS struct {
			CloudWatchMetrics []struct {
				Dimensions [][]string
				Metrics    []struct{ Name string }
			}
		} `json:"_aws"`
	}
	var values map[string]any
	check(t, json.Unmarshal([]byte(line), &head))
	check(t, json.Unmarshal([]byte(line), &values))
	for _, d := range head.AWS.CloudWatchMetrics {
		for _, m := range d.Metrics {
			name := m.Name
			for _, dimension := range d.Dimensions[0][1:] {
				name += " " + values[dimension].(string)
			}
			for _, v := range values[m.Name].([]any) {
				sums[name] += v.(float64)
			}
		}
	}
}

func TestListsEveryFaultOfItsConfiguration(t *testing.T) {
	wrong := []string{
		config.TopicARN + "=mytopic", config.WebhookParameter + "=" + places.Slack.URL, config.Table + "=t", config.UpdateAfter + "=never",
		config.LogLevel + "=loud",
	}
	for _, bootstrap := range []string{bootstrap, following} {
		f := must(standin.StartFunction(bootstrap, wrong...))(t)
		defer f.Stop()
		if code, err := f.Exit(limited(t)); err != nil || code != 1 {
			t.Errorf("exit status %d, %v; want 1", code, err)
		}
		for _, setting := range wrong {
			if name, _, _ := strings.Cut(setting, "="); !strings.Contains(f.Logs(), name) {
				t.Errorf("%s is not named in:\n%s", name, f.Logs())
			}
		}
		if strings.Contains(f.Logs(), "hush") {
			t.Error("the webhook is in the logs")
		}
	}
}

// What looks after incidents needs a table of them.
func TestFollowUpNeedsATable(t *testing.T) {
	f := must(standin.StartFunction(following, config.TopicARN+"=arn:aws:sns:eu-west-1:111122223333:rolewhy"))(t)
	defer f.Stop()
	if code, err := f.Exit(limited(t)); err != nil || code != 1 || !strings.Contains(f.Logs(), config.Table) {
		t.Errorf("exit status %d, %v:\n%s", code, err, f.Logs())
	}
}

// numbered gives the event of a sample an id of its own, and its subject too,
// so that it is another failure.
func numbered(t *testing.T, s *world.Sample, i int) []byte {
	t.Helper()
	ev := must(readEvent(s.Raw))(t)
	return []byte(strings.NewReplacer(ev.ID, fmt.Sprintf("%s-%04d", ev.ID[:len(ev.ID)-5], i), ev.Subject, fmt.Sprintf("%s-%d", ev.Subject, i)).Replace(string(s.Raw)))
}

// again is another delivery of a failed call of the same incident.
func again(t *testing.T, raw []byte, i int) []byte {
	t.Helper()
	id := must(readEvent(raw))(t).ID
	return []byte(strings.ReplaceAll(string(raw), id, fmt.Sprintf("%s-%04d", id[:len(id)-5], 9000+i)))
}
