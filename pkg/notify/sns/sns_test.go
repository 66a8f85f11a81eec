package sns

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

const topic = "arn:aws:sns:eu-west-1:111122223333:rolewhy"

// fake keeps what is published and answers with err.
type fake struct {
	in  *sns.PublishInput
	err error
}

func (f *fake) Publish(_ context.Context, in *sns.PublishInput, _ ...func(*sns.Options)) (*sns.PublishOutput, error) {
	f.in = in
	return &sns.PublishOutput{}, f.err
}

// publish returns what reaches SNS for n, and its variants.
func publish(t *testing.T, n *notify.Notice) (in *sns.PublishInput, variants map[string]string) {
	t.Helper()
	f := &fake{}
	if thread, err := (&Notifier{f, topic}).Notify(t.Context(), n, "1.2"); err != nil || thread != "" {
		t.Fatalf("thread %q, error %v", thread, err)
	}
	if err := json.Unmarshal([]byte(*f.in.Message), &variants); err != nil {
		t.Fatal(err)
	}
	return f.in, variants
}

// much has more of everything than SNS takes.
func much(s string) *report.Report {
	r := notifytest.Report(s)
	r.TrustPolicy = strings.Repeat(s, 3)
	f := r.Findings[0]
	f.Where = &report.Where{Source: s, Text: s, Line: 1, Column: 1}
	f.Fixes = append(f.Fixes, report.Fix{Message: s, Policy: s, Admits: s, Notes: []string{s, s}, Commands: []string{s, s}})
	r.Findings = nil
	for range 20 {
		r.Findings = append(r.Findings, f)
		r.Changes = append(r.Changes, report.Change{Name: s, By: s, Via: s, Effect: s, EventID: s})
		r.Gaps = append(r.Gaps, report.Gap{What: s, Why: s})
		r.Event.Derived = append(r.Event.Derived, report.Pair{Name: s, Value: s})
	}
	return r
}

// each runs f for every notice that is published, the samples, and more than SNS
// takes of every hostile value.
func each(t *testing.T, f func(t *testing.T, n *notify.Notice)) {
	t.Helper()
	notifytest.EachNotice(t, func(t *testing.T, n *notify.Notice) {
		if n.Kind != notify.Evidence {
			f(t, n)
		}
	})
	for name, r := range notifytest.Samples(t) {
		t.Run("sample "+name, func(t *testing.T) { f(t, notify.ForReport(r)) })
	}
	for name, value := range notifytest.Hostile {
		n := notifytest.Notice(notify.Back, notify.Cut(value, 1000, ""))
		n.Report = much(notify.Cut(value, 1000, ""))
		t.Run("much "+name, func(t *testing.T) { f(t, n) })
	}
}

// Whatever others wrote, publications keep the rules of SNS, and every
// subscriber gets its form.
func TestPublicationsStandHostileText(t *testing.T) {
	each(t, func(t *testing.T, n *notify.Notice) {
		in, variants := publish(t, n)
		checkForms(t, n, variants)
		if *in.TopicArn != topic || *in.MessageStructure != "json" || variants["default"] == "" {
			t.Errorf("%s message to %s, default %q", *in.MessageStructure, *in.TopicArn, variants["default"])
		}
		size := len(*in.Message) + len(*in.Subject)
		for name, a := range in.MessageAttributes {
			if *a.DataType != "String" || *a.StringValue == "" || len(*a.StringValue) > maxValue {
				t.Errorf("attribute %s: %s of %d bytes", name, *a.DataType, len(*a.StringValue))
			}
			notifytest.Printable(t, *a.StringValue)
			size += len(name) + len(*a.DataType) + len(*a.StringValue)
		}
		if size > 256*1024 || len(in.MessageAttributes) > 10 {
			t.Errorf("%d bytes, %d attributes", size, len(in.MessageAttributes))
		}
		checkSubject(t, *in.Subject)
	})
}

func checkSubject(t *testing.T, s string) {
	t.Helper()
	if !strings.HasPrefix(s, "rolewhy: ") || len(s) >= 100 {
		t.Errorf("subject of %d characters: %q", len(s), s)
	}
	for _, c := range s {
		if c < ' ' || c > '~' {
			t.Errorf("%U in subject %q", c, s)
		}
	}
}

func checkForms(t *testing.T, n *notify.Notice, variants map[string]string) {
	t.Helper()
	for _, protocol := range []string{"default", "email"} {
		notifytest.Printable(t, variants[protocol])
		if variants[protocol] == "" {
			t.Errorf("no text for %s", protocol)
		}
	}
	if length := len(variants["sms"]); length == 0 || length > 140 {
		t.Errorf("SMS of %d characters", length)
	}
	for _, protocol := range []string{"sqs", "lambda"} {
		var got struct {
			Schema string
			Notice record
		}
		want := NoticeSchema
		if n.Report != nil {
			want = n.Report.Schema
		}
		if err := json.Unmarshal([]byte(variants[protocol]), &got); err != nil || got.Schema != want || got.Notice.Kind != n.Kind {
			t.Errorf("%s: schema %q, kind %q, %v", protocol, got.Schema, got.Notice.Kind, err)
		}
	}
	if variants["https"] == "" || variants["https"] != variants["http"] {
		t.Error("no notification for web services")
	}
}

func TestMailIsTheWholeText(t *testing.T) {
	n := notify.ForReport(notifytest.Report("argo"))
	in, variants := publish(t, n)
	if want, _ := notify.Text(n); variants["email"] != want {
		t.Errorf("got %s\nwant %s", variants["email"], want)
	}
	if want := "rolewhy: Stranger refused: "; !strings.HasPrefix(*in.Subject, want) {
		t.Errorf("subject %q does not begin with %q", *in.Subject, want)
	}
}

func TestLongMailIsCut(t *testing.T) {
	r := notifytest.Report("é")
	for range 2000 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	_, variants := publish(t, notify.ForReport(r))
	if m := variants["email"]; !strings.HasSuffix(m, cutNote) || notify.JSONLen(m) > maxMail || len(m) < maxMail/2 {
		t.Errorf("%d bytes, ends in %q", len(m), m[max(0, len(m)-80):])
	}
}

func TestAttributes(t *testing.T) {
	in, _ := publish(t, notify.ForReport(notifytest.Samples(t)["subject-mismatch"]))
	got := map[string]string{}
	for name, a := range in.MessageAttributes {
		got[name] = *a.StringValue
	}
	want := map[string]string{
		"kind": "alert", "cause": "subject-mismatch", "certainty": "certain", "caller": "known", "account": "111122223333",
		"role":     "arn:aws:iam::111122223333:role/ci/deploy",
		"provider": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	in, _ = publish(t, notify.ForReport(&report.Report{}))
	for name, a := range in.MessageAttributes {
		if *a.StringValue != "none" && name != "kind" {
			t.Errorf("%s of an empty report: %q", name, *a.StringValue)
		}
	}
}

func TestNotifyTellsTheFailure(t *testing.T) {
	down := errors.New("down")
	_, err := (&Notifier{&fake{err: down}, topic}).Notify(t.Context(), notify.ForReport(notifytest.Report("x")), "")
	if !errors.Is(err, down) || !strings.Contains(err.Error(), topic) {
		t.Errorf("error %v", err)
	}
}

func TestNewUsesTheRegionOfTheTopic(t *testing.T) {
	n := New(aws.Config{Region: "us-east-1"}, topic)
	if got := n.client.(*sns.Client).Options().Region; got != "eu-west-1" {
		t.Errorf("region %s", got)
	}
}

// The payload that the command line prints is what is published.
func TestPayload(t *testing.T) {
	for name, r := range notifytest.Samples(t) {
		raw, err := Payload(r)
		if err != nil {
			t.Fatal(err)
		}
		var got payload
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		in, variants := publish(t, notify.ForReport(r))
		if got.Subject != *in.Subject || got.Message != *in.Message || got.MessageStructure != *in.MessageStructure ||
			len(got.MessageAttributes) != len(in.MessageAttributes) {
			t.Errorf("%s: the payload is not what is published", name)
		}
		notifytest.Golden(t, *update, name+".txt", []byte(readable(t, got, variants)))
	}
}

// The life of an incident, and what else there is to tell, as it is published.
func TestPayloadsOfNotices(t *testing.T) {
	for name, notices := range map[string][]*notify.Notice{"story": notifytest.Story(t), "others": notifytest.Others(t)} {
		var all strings.Builder
		for _, n := range notices {
			if n.Kind == notify.Evidence {
				continue
			}
			p, err := publication(n)
			if err != nil {
				t.Fatal(err)
			}
			_, variants := publish(t, n)
			all.WriteString("=== " + string(n.Kind) + "\n" + readable(t, *p, variants))
		}
		notifytest.Golden(t, *update, name+".txt", []byte(all.String()))
	}
}

// The example in the documentation is what programs get.
func TestDocumentedExample(t *testing.T) {
	page, err := os.ReadFile("../../../docs/messages.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```json\n")
	example, _, _ = strings.Cut(example, "```")
	story := notifytest.Story(t)
	got, err := data(story[slices.IndexFunc(story, func(n *notify.Notice) bool { return n.Kind == notify.Over })])
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(canonical(t, got), canonical(t, example)); d != "" {
		t.Errorf("docs/messages.md (-want +got)\n%s", d)
	}
}

func canonical(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// A second message would not tell more than the alert to those without threads.
func TestEvidenceIsNotPublished(t *testing.T) {
	f := &fake{}
	thread, err := (&Notifier{f, topic}).Notify(t.Context(), notifytest.Notice(notify.Evidence, "x"), "")
	if f.in != nil || thread != "" || err != nil {
		t.Errorf("published %v, thread %q, error %v", f.in, thread, err)
	}
}

// What lacks something is not published.
func TestNotifyRefusesWhatLacksSomething(t *testing.T) {
	f := &fake{}
	if _, err := (&Notifier{f, topic}).Notify(t.Context(), &notify.Notice{Kind: notify.Alert}, ""); err == nil || f.in != nil {
		t.Errorf("published %v, error %v", f.in, err)
	}
}

// All notices of an incident stand in one thread.
func TestThreadIsTheIncident(t *testing.T) {
	for _, n := range notifytest.Story(t) {
		c := chatOf(t, n)
		if c.Metadata.ThreadID != n.Incident.ID || c.ID != n.ID {
			t.Errorf("%s: thread %q, id %q", n.Kind, c.Metadata.ThreadID, c.ID)
		}
	}
}

// readable is a payload with its variants laid out.
func readable(t *testing.T, p payload, variants map[string]string) string {
	t.Helper()
	attributes, err := json.MarshalIndent(p.MessageAttributes, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("Subject: " + p.Subject + "\nMessageAttributes: " + string(attributes) + "\n")
	for _, protocol := range []string{"default", "sms", "https", "sqs", "email"} {
		text := variants[protocol]
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			indented, _ := json.MarshalIndent(value, "", "  ")
			text = string(indented)
		}
		b.WriteString("\n--- " + protocol + "\n" + text + "\n")
	}
	return b.String()
}
