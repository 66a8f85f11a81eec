package sns

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
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

// publish returns what reaches SNS for r, and its variants.
func publish(t *testing.T, r *report.Report) (in *sns.PublishInput, variants map[string]string) {
	t.Helper()
	f := &fake{}
	if err := (&Notifier{f, topic}).Notify(t.Context(), r); err != nil {
		t.Fatal(err)
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

// each runs f for every report of the guards, the samples, and more than SNS
// takes of every hostile value.
func each(t *testing.T, f func(t *testing.T, r *report.Report)) {
	t.Helper()
	notifytest.Each(t, f)
	for name, r := range notifytest.Samples(t) {
		t.Run("sample "+name, func(t *testing.T) { f(t, r) })
	}
	for name, value := range notifytest.Hostile {
		t.Run("much "+name, func(t *testing.T) { f(t, much(notify.Cut(value, 1000, ""))) })
	}
}

func TestPublicationsKeepTheRulesOfSNS(t *testing.T) {
	each(t, func(t *testing.T, r *report.Report) {
		in, variants := publish(t, r)
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

func TestEverySubscriberGetsItsForm(t *testing.T) {
	each(t, func(t *testing.T, r *report.Report) {
		_, variants := publish(t, r)
		for _, protocol := range []string{"default", "email"} {
			notifytest.Printable(t, variants[protocol])
			if variants[protocol] == "" {
				t.Errorf("no text for %s", protocol)
			}
		}
		if n := len(variants["sms"]); n == 0 || n > 140 {
			t.Errorf("SMS of %d characters", n)
		}
		for _, protocol := range []string{"sqs", "lambda"} {
			var got report.Report
			if err := json.Unmarshal([]byte(variants[protocol]), &got); err != nil || got.Schema != r.Schema {
				t.Errorf("%s: no report: %v", protocol, err)
			}
		}
		if variants["https"] == "" || variants["https"] != variants["http"] {
			t.Error("no notification for web services")
		}
	})
}

func TestMailIsTheWholeText(t *testing.T) {
	r := notifytest.Report("argo")
	in, variants := publish(t, r)
	if want, _ := notify.Text(r); variants["email"] != want {
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
	_, variants := publish(t, r)
	if m := variants["email"]; !strings.HasSuffix(m, cutNote) || notify.JSONLen(m) > maxMail || len(m) < maxMail/2 {
		t.Errorf("%d bytes, ends in %q", len(m), m[max(0, len(m)-80):])
	}
}

func TestAttributes(t *testing.T) {
	in, _ := publish(t, notifytest.Samples(t)["subject-mismatch"])
	got := map[string]string{}
	for name, a := range in.MessageAttributes {
		got[name] = *a.StringValue
	}
	want := map[string]string{
		"cause": "subject-mismatch", "certainty": "certain", "caller": "known", "account": "111122223333",
		"role":     "arn:aws:iam::111122223333:role/ci/deploy",
		"provider": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	in, _ = publish(t, &report.Report{})
	for name, a := range in.MessageAttributes {
		if *a.StringValue != "none" {
			t.Errorf("%s of an empty report: %q", name, *a.StringValue)
		}
	}
}

func TestNotifyTellsTheFailure(t *testing.T) {
	down := errors.New("down")
	err := (&Notifier{&fake{err: down}, topic}).Notify(t.Context(), notifytest.Report("x"))
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
		in, variants := publish(t, r)
		if got.Subject != *in.Subject || got.Message != *in.Message || got.MessageStructure != *in.MessageStructure ||
			len(got.MessageAttributes) != len(in.MessageAttributes) {
			t.Errorf("%s: the payload is not what is published", name)
		}
		notifytest.Golden(t, *update, name+".txt", []byte(readable(t, got, variants)))
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
