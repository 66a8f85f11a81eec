package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// A report that waits goes to the channels that miss it, and back for those
// that still do.
func TestWaitingReport(t *testing.T) {
	b := newBench()
	put := func(channels ...string) string {
		q := &fakeQueue{}
		check(t, (&queue{q, "u"}).put(t.Context(), waiting{Channels: channels, Report: &report.Report{Fingerprint: "f", Event: report.Event{ID: "e"}}}))
		return q.bodies[0]
	}
	for _, tt := range []struct {
		channels []string
		want     string
	}{
		{[]string{"slack"}, "sns 0, slack 1, queue 0"},
		{[]string{"sns", "slack"}, "sns 1, slack 2, queue 0"},
		{[]string{"pager"}, "sns 1, slack 2, queue 0"}, // no longer configured
	} {
		out, err := b.handle(t.Context(), batchOf(t, put(tt.channels...)))
		if got := string(must(json.Marshal(out))(t)); err != nil || b.reports() != tt.want || got != `{"batchItemFailures":[]}` {
			t.Errorf("%s: %s, %s, %v", tt.channels, b.reports(), got, err)
		}
	}
	b.slack.err = errors.New("down")
	_, err := b.handle(t.Context(), batchOf(t, put("sns", "slack")))
	check(t, err)
	w, ok := readWaiting([]byte(b.queue.bodies[0]))
	if !ok || !slices.Equal(w.Channels, []string{"slack"}) || w.Report.Fingerprint != "f" {
		t.Errorf("put back: %s", b.queue.bodies)
	}
}

// Every report of the samples is the same after it was in the queue.
func TestWaitingKeepsReports(t *testing.T) {
	for name, s := range samples(t) {
		if !s.Denied() {
			continue
		}
		want := diagnose.Explain(t.Context(), alone{onPaper{Sample: s}}, must(denied(s.Raw))(t), diagnose.Options{})
		q := &fakeQueue{}
		check(t, (&queue{q, "u"}).put(t.Context(), waiting{Channels: []string{"sns"}, Report: want}))
		w, ok := readWaiting([]byte(q.bodies[0]))
		if !ok {
			t.Fatalf("%s: not read", name)
		}
		if diff := cmp.Diff(text(t, want), text(t, w.Report)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// alone is an account on paper where nothing else is seen.
type alone struct{ onPaper }

func (alone) ResourceControlPolicies(ctx context.Context, account string) diagnose.Known[[]diagnose.NamedPolicy] {
	return unseenAccount{}.ResourceControlPolicies(ctx, account)
}

func (alone) Changes(ctx context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	return unseenAccount{}.Changes(ctx, role, provider, from, to)
}

func text(t *testing.T, r *report.Report) string {
	t.Helper()
	return must(notify.Text(r))(t)
}
