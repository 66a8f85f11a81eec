package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// fakeDesk notes what it is told, and fails with its errors. It explains the
// first call of every role.
type fakeDesk struct {
	mu       sync.Mutex
	denied   []string // ids of events
	edited   []string
	evidence []*report.Report // as of now
	followed int

	deniedErr, editedErr, followErr error
}

func (d *fakeDesk) Denied(_ context.Context, ev *cloudtrail.Event) (incident.Result, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.denied = append(d.denied, ev.ID)
	if len(d.denied) > 1 {
		return incident.Result{}, d.deniedErr
	}
	return incident.Result{Report: explained(ev, true), News: true}, d.deniedErr
}

func (d *fakeDesk) Edited(_ context.Context, ev *cloudtrail.Event) error {
	d.edited = append(d.edited, ev.ID)
	return d.editedErr
}

func (d *fakeDesk) Evidence(_ context.Context, _ *cloudtrail.Event, _, now *report.Report) error {
	d.evidence = append(d.evidence, now)
	return nil
}

func (d *fakeDesk) FollowUp(context.Context) error {
	d.followed++
	return d.followErr
}

// explained is a report of an event, with something that was not seen in time
// or without.
func explained(ev *cloudtrail.Event, gap bool) *report.Report {
	r := &report.Report{Event: report.Event{ID: ev.ID}, Verdict: report.Explained, Fingerprint: "f"}
	if gap {
		r.Gaps = []report.Gap{{What: "changes", Why: "it follows"}}
	}
	return r
}

// fakeAccount notes what it is to forget.
type fakeAccount struct {
	news      bool
	settled   int
	forgotten []cloudtrail.Change
}

func (a *fakeAccount) Forget(c cloudtrail.Change) { a.forgotten = append(a.forgotten, c) }

func (a *fakeAccount) Settled(context.Context) bool {
	a.settled++
	return a.news
}

// bench is a handler with nothing real around it.
type bench struct {
	*handler
	desk    *fakeDesk
	account *fakeAccount
	log     *bytes.Buffer
	numbers *bytes.Buffer
}

func newBench() *bench {
	b := &bench{desk: &fakeDesk{}, account: &fakeAccount{}, log: &bytes.Buffer{}, numbers: &bytes.Buffer{}}
	b.handler = &handler{
		desk: b.desk, account: b.account, durable: true, threads: true,
		explain: func(_ context.Context, ev *cloudtrail.Event) *report.Report { return explained(ev, false) },
		log:     slog.New(slog.NewJSONHandler(b.log, nil)),
		metrics: metrics.New(io.Writer(b.numbers), "f"),
	}
	return b
}
