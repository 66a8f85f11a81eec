package incident

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// faulty is a store of which some calls fail.
type faulty struct {
	Store
	writes, reads int
	// fail is asked before each call, and after it where done is set.
	fail func(call string, done bool) error
}

var errStore = errors.New("throttled")

func (f *faulty) step(call string, do func() error) error {
	if err := f.fail(call, false); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return f.fail(call, true)
}

func (f *faulty) Count(ctx context.Context, incident, event string, at time.Time) error {
	f.writes++
	return f.step("count", func() error { return f.Store.Count(ctx, incident, event, at) })
}

func (f *faulty) Get(ctx context.Context, id string) (i *Incident, err error) {
	f.reads++
	err = f.step("get", func() (err error) { i, err = f.Store.Get(ctx, id); return err })
	return i, err
}

func (f *faulty) Save(ctx context.Context, i *Incident) error {
	f.writes++
	return f.step("save", func() error { return f.Store.Save(ctx, i) })
}

func (f *faulty) List(ctx context.Context, s Shelf) iter.Seq2[*Incident, error] {
	f.reads++
	return f.Store.List(ctx, s)
}

// withFaults puts a faulty store into the office.
func (o *office) withFaults(fail func(call string, done bool) error) *faulty {
	f := &faulty{Store: o.Store, fail: fail}
	o.Store = f
	return f
}

func never(string, bool) error { return nil }

// A repetition costs one write and one read, no diagnosis and no message.
func TestPriceOfARepetition(t *testing.T) {
	o := newOffice()
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	f := o.withFaults(never)
	o.mustDeny(t, o.denial("deploy", "acme/api", 2))
	if f.writes != 1 || f.reads != 1 || o.explained != 1 || len(o.got) != 2 {
		t.Errorf("%d writes, %d reads, %d diagnoses, %d messages", f.writes, f.reads, o.explained, len(o.got))
	}
}

// An alert costs a count, the intent and the result.
func TestPriceOfAnAlert(t *testing.T) {
	o := newOffice()
	f := o.withFaults(never)
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	if f.writes != 3 || o.explained != 1 {
		t.Errorf("%d writes, %d diagnoses", f.writes, o.explained)
	}
}

// The intent is in the store before anything is sent.
func TestIntentBeforeSending(t *testing.T) {
	o := newOffice()
	o.Channels = []notify.Channel{{Name: "looks", Notifier: notifierFunc(func() error {
		for i, err := range o.Store.List(t.Context(), Active) {
			if err != nil || len(i.Outbox) != 1 || i.Outbox[0].Kind != notify.Alert {
				t.Errorf("%+v, %v", i, err)
			}
			return nil
		}
		t.Error("the store knows of nothing")
		return nil
	})}}
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
}

type notifierFunc func() error

func (f notifierFunc) Notify(context.Context, *notify.Notice, string) (string, error) {
	return "", f()
}

// A channel that is down gets the message later, and nobody gets it twice.
func TestOutstanding(t *testing.T) {
	o := newOffice()
	o.down["slack"] = true
	if _, err := o.Denied(t.Context(), o.denial("deploy", "acme/api", 1)); !errors.Is(err, ErrOutstanding) || !errors.Is(err, errDown) {
		t.Fatalf("error %v", err)
	}
	o.wait(time.Minute)
	if err := o.FollowUp(t.Context()); !errors.Is(err, ErrOutstanding) {
		t.Errorf("error %v", err)
	}
	o.down["slack"] = false
	o.wait(time.Minute)
	o.mustDeny(t, o.denial("deploy", "acme/api", 2)) // that is for FollowUp
	same(t, "Slack has", o.told("slack"))
	o.wait(time.Minute) // it does not come
	o.mustDeny(t, o.denial("deploy", "acme/api", 3))
	same(t, "Slack has", o.told("slack"), notify.Alert)
	o.mustFollowUp(t, 10*time.Minute)
	same(t, "SNS has", o.told("sns"), notify.Alert)
}

// Saving that fails although it was done does not make two of one message.
func TestSavedAlthoughItFailed(t *testing.T) {
	o, failed := newOffice(), map[string]bool{}
	o.withFaults(func(call string, done bool) error {
		if key := fmt.Sprint(call, done); !failed[key] {
			failed[key] = true
			return errStore
		}
		return nil
	})
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	same(t, "told", o.told("slack"), notify.Alert)
	o.mustFollowUp(t, 5*time.Minute)
	same(t, "told later", o.told("slack"))
}

// A process is killed before one of its steps; what it dealt with comes again.
// Nothing is lost, and at most one message comes twice.
func TestKilledAtEachStep(t *testing.T) {
	for kill := 1; ; kill++ {
		o, steps := newOffice(), 0
		whole := o.Store
		o.withFaults(func(string, bool) error {
			if steps++; steps >= kill {
				return errStore
			}
			return nil
		})
		ev := o.denial("deploy", "acme/api", 1)
		_, err := o.Denied(t.Context(), ev)
		o.Store = whole
		o.wait(3 * time.Minute)
		o.mustDeny(t, ev)
		o.mustFollowUp(t, 3*time.Minute)
		for _, channel := range []string{"slack", "sns"} {
			if n := len(o.told(channel)); n < 1 || n > 2 || err == nil && n > 1 {
				t.Errorf("killed at step %d: %d messages on %s", kill, n, channel)
			}
		}
		if err == nil {
			return
		}
	}
}

// An edit that comes while the call is being diagnosed is answered.
func TestEditDuringTheDiagnosis(t *testing.T) {
	o := newOffice()
	explain, edited := o.Explain, false
	o.Explain = func(ctx context.Context, ev *cloudtrail.Event) *report.Report {
		r := explain(ctx, ev)
		if !edited {
			edited = true
			if err := o.Edited(ctx, o.edit("deploy", "1")); err != nil {
				t.Error(err)
			}
		}
		return r
	}
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	o.mustFollowUp(t, time.Minute)
	same(t, "told", o.told("slack"), notify.Alert, notify.Answer)
	if err := o.Edited(t.Context(), o.edit("deploy", "1")); err != nil {
		t.Fatal(err)
	}
	same(t, "when the edit comes again", o.told("slack"))
}

// An edit that comes once more, after the incident has opened, is none that
// people wait for.
func TestEditFromBeforeTheAlert(t *testing.T) {
	o := newOffice()
	edit := o.edit("deploy", "1")
	if err := o.Edited(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	o.wait(time.Minute)
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	if err := o.Edited(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	same(t, "told", o.told("slack"), notify.Alert)
}

// A digest that was decided by a process that was killed is sent once, and those
// it tells of wait no longer.
func TestKilledWithADigest(t *testing.T) {
	o := newOffice()
	o.Options.PerRole = 1
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	whole, saves := o.Store, 0
	o.withFaults(func(call string, done bool) error {
		if call == "save" && !done {
			saves++
		}
		if saves > 3 { // the alert, that it is put off, and the digest
			return errStore
		}
		return nil
	})
	if _, err := o.Denied(t.Context(), o.denial("deploy", "acme/web", 1)); err == nil || errors.Is(err, ErrOutstanding) {
		t.Fatalf("error %v", err)
	}
	o.Store = whole
	o.told("sns")
	for range 5 {
		o.mustFollowUp(t, time.Minute)
	}
	if got := o.told("sns"); len(got) > 1 || slices.Contains(got, notify.Alert) {
		t.Errorf("told %v", got)
	}
	for i := range whole.List(t.Context(), Active) {
		if !i.Waits.IsZero() || len(i.Outbox) > 0 {
			t.Errorf("left: %+v", i)
		}
	}
}
