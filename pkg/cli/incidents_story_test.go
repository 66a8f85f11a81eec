package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// office is a desk with a clock, and a role whose policy people edit.
type office struct {
	t      *testing.T
	desk   *incident.Desk
	now    time.Time
	sample *cloudtrail.Event
	trusts string // subject
	works  time.Time
	events int
}

// newOffice begins with the sample event in which a job was given an
// environment.
func newOffice(t *testing.T) *office {
	o := &office{t: t, sample: first(t, read(t, sampleOfOurs)), trusts: "repo:larkfield/storefront:ref:refs/heads/main"}
	o.now = o.sample.Time
	o.desk = &incident.Desk{
		Store: incident.NewMemory(), Explain: o.explain, Channels: []notify.Channel{{Name: "slack", Notifier: mute{}}},
		Succeeded: func(context.Context, *incident.Incident, time.Time) (time.Time, bool) {
			return o.works, !o.works.IsZero()
		},
		Now: func() time.Time { return o.now }, Log: slog.New(slog.DiscardHandler),
	}
	return o
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// first is the first event of a text.
func first(t *testing.T, text []byte) *cloudtrail.Event {
	t.Helper()
	for ev, err := range cloudtrail.NewReader(bytes.NewReader(text), "sample").Events() {
		if err != nil {
			t.Fatal(err)
		}
		return ev
	}
	t.Fatal("no event")
	return nil
}

// mute takes every notice.
type mute struct{}

func (mute) Notify(context.Context, *notify.Notice, string) (string, error) { return "thread", nil }

func (o *office) explain(ctx context.Context, ev *cloudtrail.Event) *report.Report {
	now := *ev
	now.Case = bytes.Replace(o.sample.Case, []byte("repo:larkfield/storefront:ref:refs/heads/main"), []byte(o.trusts), 1)
	account, options, err := know(&now, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return diagnose.Explain(ctx, account, ev, options)
}

// until lets time go by, with what is done each minute.
func (o *office) until(at string) {
	o.t.Helper()
	end, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		o.t.Fatal(err)
	}
	for o.now.Before(end) {
		o.now = o.now.Add(time.Minute)
		if err := o.desk.FollowUp(o.t.Context()); err != nil {
			o.t.Fatal(err)
		}
	}
}

// denied lets a number of calls be denied now.
func (o *office) denied(n int) {
	o.t.Helper()
	for range n {
		o.events++
		ev := *o.sample
		ev.ID, ev.Time = fmt.Sprint("denied-", o.events), o.now
		if _, err := o.desk.Denied(o.t.Context(), &ev); err != nil {
			o.t.Fatal(err)
		}
	}
}

// edited lets somebody trust another subject.
func (o *office) edited(subject string) {
	o.t.Helper()
	o.events++
	o.trusts = subject
	ev := first(o.t, fmt.Appendf(nil, `{"eventSource":"iam.amazonaws.com","eventName":"UpdateAssumeRolePolicy","eventID":"edit-%d","eventTime":%q,"recipientAccountId":%q,
		"userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mara","userName":"mara"},
		"requestParameters":{"roleName":%q,"policyDocument":"{}"}}`, o.events, o.now.Format(time.RFC3339), o.sample.AccountID, o.sample.RoleName()))
	if err := o.desk.Edited(o.t.Context(), ev); err != nil {
		o.t.Fatal(err)
	}
}

// What a desk keeps is told as one story: two edits, of which the second helps,
// the news that it works, and that it was broken again.
func TestStoryOfADesk(t *testing.T) {
	o := newOffice(t)
	o.denied(1)
	o.until("2026-02-12 09:20")
	o.denied(3)
	o.until("2026-02-12 09:30")
	o.denied(2)
	o.until("2026-02-12 09:41")
	o.edited("repo:larkfield/storefront:environment:prod")
	o.until("2026-02-12 09:47")
	o.denied(1)
	o.edited("repo:larkfield/storefront:environment:production")
	o.until("2026-02-12 09:52")
	o.works = o.now.Add(-time.Minute).Truncate(time.Minute)
	o.until("2026-02-12 16:00")
	o.works = time.Time{}
	o.edited("repo:larkfield/storefront:environment:live")
	o.until("2026-02-12 16:03")
	o.denied(1)
	o.until("2026-02-12 16:10")
	code, stdout, stderr := incidentsOf(t, o.desk.Store, "show", "1-", "--width", "100")
	if code != exitExplained || stderr != "" {
		t.Errorf("exit %d: %s", code, stderr)
	}
	for _, what := range []string{"opened", "update", "edit", "answer", "over", "back"} {
		if !strings.Contains(stdout, "  "+what+" ") {
			t.Errorf("the story has no %q", what)
		}
	}
	golden(t, filepath.Join("testdata", "incidents", "story.txt"), stdout)
}
