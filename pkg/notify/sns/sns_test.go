package sns

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

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

func TestNotifyKeepsTheRulesOfSNS(t *testing.T) {
	notifytest.Each(t, func(t *testing.T, r *report.Report) {
		f := &fake{}
		if err := (&Notifier{f, topic}).Notify(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		checkSubject(t, *f.in.Subject)
		notifytest.Printable(t, *f.in.Message)
		if n := len(*f.in.Message) + len(*f.in.Subject); n > 256*1024 {
			t.Errorf("%d bytes", n)
		}
		if *f.in.Message == "" || *f.in.TopicArn != topic {
			t.Errorf("message of %d bytes to %s", len(*f.in.Message), *f.in.TopicArn)
		}
	})
}

func checkSubject(t *testing.T, s string) {
	t.Helper()
	if len(s) == 0 || len(s) >= 100 {
		t.Errorf("subject of %d characters", len(s))
	}
	for _, c := range s {
		if c < ' ' || c > '~' {
			t.Errorf("%U in subject %q", c, s)
		}
	}
}

func TestNotifySendsTheWholeText(t *testing.T) {
	r, f := notifytest.Report("argo"), &fake{}
	if err := (&Notifier{f, topic}).Notify(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if want, _ := notify.Text(r); *f.in.Message != want {
		t.Errorf("got %s\nwant %s", *f.in.Message, want)
	}
	if want := "rolewhy: Stranger refused: "; !strings.HasPrefix(*f.in.Subject, want) {
		t.Errorf("subject %q does not begin with %q", *f.in.Subject, want)
	}
}

// The renderer shortens values, so only a report of many findings is long.
func TestNotifyCutsALongReport(t *testing.T) {
	r, f := notifytest.Report("é"), &fake{}
	for range 2000 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	if err := (&Notifier{f, topic}).Notify(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	m := *f.in.Message
	if len(m) > maxMessage || len(m) < maxMessage-utf8.UTFMax || !utf8.ValidString(m) || !strings.HasSuffix(m, cutNote) {
		t.Errorf("%d bytes, ends in %q", len(m), m[len(m)-80:])
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
