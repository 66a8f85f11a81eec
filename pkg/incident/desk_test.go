package incident

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// office is a desk with everything around it.
type office struct {
	*Desk
	mu        sync.Mutex
	now       time.Time
	policy    func(*cloudtrail.Event, *report.Report) // changes what a diagnosis finds
	explained int
	down      map[string]bool // channels that refuse
	got       []sentNotice
}

// sentNotice is a notice that a channel took.
type sentNotice struct {
	channel, thread string
	*notify.Notice
}

func newOffice() *office {
	o := &office{now: noon, down: map[string]bool{}, policy: func(*cloudtrail.Event, *report.Report) {}}
	o.Desk = &Desk{
		Store: NewMemory(), Explain: o.explain, Now: o.clock, Log: slog.New(slog.DiscardHandler),
		Channels: []notify.Channel{{Name: "slack", Notifier: place{o, "slack"}}, {Name: "sns", Notifier: place{o, "sns"}}},
	}
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func (o *office) explain(_ context.Context, ev *cloudtrail.Event) *report.Report {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.explained++
	r := &report.Report{
		Schema: report.Schema, Verdict: report.Explained, Caller: report.Known, Fingerprint: diagnose.Fingerprint(ev),
		Event:    report.Event{ID: ev.ID, Time: ev.Time, Account: ev.AccountID, Role: ev.RoleARN, Provider: ev.Provider, Subject: ev.Subject},
		Findings: []report.Finding{{Code: "subject-mismatch", Certainty: report.Certain}},
	}
	o.policy(ev, r)
	return r
}

// place is one of the channels.
type place struct {
	*office
	name string
}

func (p place) Notify(_ context.Context, n *notify.Notice, thread string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down[p.name] {
		return "", errDown
	}
	p.got = append(p.got, sentNotice{p.name, thread, n})
	return fmt.Sprint(p.name, " ", len(p.got)), nil
}

// told are the kinds of what a channel got since it was last asked.
func (o *office) told(channel string) (kinds []notify.Kind) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got = slices.DeleteFunc(o.got, func(s sentNotice) bool {
		if s.channel == channel {
			kinds = append(kinds, s.Kind)
		}
		return s.channel == channel
	})
	return kinds
}

// denial is a call of a repository that was denied just now.
func (o *office) denial(role, repository string, n int) *cloudtrail.Event {
	return &cloudtrail.Event{
		ID: fmt.Sprintf("%s %s %d", role, repository, n), Name: "AssumeRoleWithWebIdentity", Source: "sts.amazonaws.com",
		ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied", Time: o.clock().Truncate(time.Second), AccountID: "111122223333",
		RoleARN: "arn:aws:iam::111122223333:role/" + role, Provider: testProvider, Subject: "repo:" + repository + ":ref:refs/heads/main",
	}
}

// edit is one of the role, made just now.
func (o *office) edit(role, id string) *cloudtrail.Event {
	return &cloudtrail.Event{
		ID: id, Name: "UpdateAssumeRolePolicy", Source: "iam.amazonaws.com", Time: o.clock(), AccountID: "111122223333",
		Parameters: []byte(`{"roleName":"` + role + `"}`), Actor: cloudtrail.Actor{ARN: "arn:aws:iam::111122223333:user/jo"},
	}
}

func (o *office) mustDeny(t *testing.T, ev *cloudtrail.Event) Result {
	t.Helper()
	r, err := o.Denied(t.Context(), ev)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (o *office) mustFollowUp(t *testing.T, d time.Duration) {
	t.Helper()
	o.wait(d)
	if err := o.FollowUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func same[T comparable](t *testing.T, what string, got []T, want ...T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The life of an incident, from the first alert to its return.
func TestLifeOfAnIncident(t *testing.T) {
	o := newOffice()
	first := o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	if !first.News || first.Report == nil || first.Incident.State != Open {
		t.Errorf("result %+v", first)
	}
	same(t, "at first", o.told("slack"), notify.Alert)
	o.wait(time.Minute)
	if again := o.mustDeny(t, o.denial("deploy", "acme/api", 2)); again.News || again.Report != nil || o.explained != 1 {
		t.Errorf("a repetition: %+v, %d diagnoses", again, o.explained)
	}
	o.wait(20 * time.Minute)
	o.mustDeny(t, o.denial("deploy", "acme/api", 3))
	same(t, "while it goes on", o.told("slack"), notify.Update)
	if err := o.Edited(t.Context(), o.edit("deploy", "edit 1")); err != nil {
		t.Fatal(err)
	}
	o.policy = func(_ *cloudtrail.Event, r *report.Report) { r.Verdict = report.AllowedNow }
	o.wait(30 * time.Second)
	if err := o.Edited(t.Context(), o.edit("deploy", "edit 2")); err != nil {
		t.Fatal(err)
	}
	same(t, "at an edit", o.told("slack"), notify.Answer)
	o.mustFollowUp(t, 30*time.Second)
	same(t, "at the next edit", o.told("slack"), notify.Answer)
	o.mustFollowUp(t, 20*time.Minute)
	same(t, "when it is over", o.told("slack"), notify.Over)
	o.policy = func(*cloudtrail.Event, *report.Report) {}
	o.wait(time.Hour)
	o.mustDeny(t, o.denial("deploy", "acme/api", 4))
	same(t, "when it is back", o.told("slack"), notify.Back)
	o.mustFollowUp(t, 25*time.Hour)
	same(t, "when it is quiet", o.told("slack"))
	i, err := o.Store.Get(t.Context(), first.Incident.ID)
	if err != nil || i.State != Quiet || i.Shelf() != Closed {
		t.Errorf("in the end: %+v, %v", i, err)
	}
}

// Everything about an incident goes into the thread of its first message.
func TestThreads(t *testing.T) {
	o := newOffice()
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	o.wait(time.Hour)
	o.mustDeny(t, o.denial("deploy", "acme/api", 2))
	var threads []string
	for _, s := range o.got {
		threads = append(threads, s.thread)
	}
	slices.Sort(threads)
	if len(threads) != 4 || threads[0] != "" || threads[1] != "" || !strings.HasPrefix(threads[2], "slack") || !strings.HasPrefix(threads[3], "sns") {
		t.Errorf("threads %q", threads)
	}
}

// Many handlers that get the first calls of one incident at once tell of it
// once, and count all.
func TestFirstCallsAtOnce(t *testing.T) {
	o := newOffice()
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() { o.mustDeny(t, o.denial("deploy", "acme/api", n)) })
		wg.Go(func() { o.mustDeny(t, o.denial("deploy", "acme/api", n)) })
	}
	wg.Wait()
	same(t, "told", o.told("sns"), notify.Alert)
	tally, err := o.Store.Tally(t.Context(), diagnose.Fingerprint(o.denial("deploy", "acme/api", 0)))
	if err != nil || tally.Count != 50 {
		t.Errorf("counted %d, %v", tally.Count, err)
	}
}

func TestEventsThatAreNoneOfItsOwn(t *testing.T) {
	o := newOffice()
	granted := o.denial("deploy", "acme/api", 1)
	granted.ErrorCode, granted.RawErrorCode = "", ""
	if _, err := o.Denied(t.Context(), granted); err == nil || !strings.Contains(err.Error(), "no denied AssumeRoleWithWebIdentity") {
		t.Errorf("a success: %v", err)
	}
	if _, err := o.Denied(t.Context(), o.edit("deploy", "1")); err == nil {
		t.Error("an edit is no denied call")
	}
	if err := o.Edited(t.Context(), granted); err == nil || !strings.Contains(err.Error(), "no edit") {
		t.Errorf("a call: %v", err)
	}
}
