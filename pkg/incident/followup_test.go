package incident

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// FollowUp looks at some incidents at the same time, and in the end at all.
func TestFollowUpSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice()
		for n := range 3 * atOnce {
			o.mustDeny(t, o.denial(fmt.Sprint("role-", n), "acme/api", 1))
		}
		o.wait(time.Hour)
		var begun atomic.Int64
		explain, on := o.Explain, make(chan struct{})
		o.Explain = func(ctx context.Context, ev *cloudtrail.Event) *report.Report {
			begun.Add(1)
			<-on
			return explain(ctx, ev)
		}
		go func() {
			if err := o.FollowUp(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		if n := begun.Load(); n != atOnce {
			t.Errorf("%d at the same time", n)
		}
		close(on)
		synctest.Wait()
		if n := begun.Load(); n != 3*atOnce {
			t.Errorf("%d in all", n)
		}
	})
}

// What is to be sent does not wait for incidents that are looked at.
func TestFollowUpSendsFirst(t *testing.T) {
	o := newOffice()
	o.mustDeny(t, o.denial("deploy", "acme/api", 1))
	o.down["slack"] = true
	if _, err := o.Denied(t.Context(), o.denial("deploy", "acme/web", 1)); err == nil {
		t.Fatal("Slack took it")
	}
	o.down["slack"] = false
	o.wait(time.Hour)
	o.told("slack")
	o.Succeeded = func(context.Context, *Incident, time.Time) (time.Time, bool) {
		o.mu.Lock()
		defer o.mu.Unlock()
		for _, s := range o.got {
			if s.channel == "slack" {
				return time.Time{}, false
			}
		}
		t.Error("an incident is looked at, and Slack does not have the message yet")
		return time.Time{}, false
	}
	o.mustFollowUp(t, 0)
	same(t, "Slack has", o.told("slack"), notify.Alert)
}

// What is given up after days is told to those who run the deployment.
func TestLost(t *testing.T) {
	o, lost, log := newOffice(), 0, &bytes.Buffer{}
	o.Lost, o.Log = func(n int) { lost += n }, slog.New(slog.NewTextHandler(log, nil))
	o.down["slack"] = true
	if _, err := o.Denied(t.Context(), o.denial("deploy", "acme/api", 1)); !errors.Is(err, ErrOutstanding) {
		t.Fatalf("error %v", err)
	}
	o.wait(keepTrying)
	if err := o.FollowUp(t.Context()); !errors.Is(err, ErrOutstanding) || lost != 0 {
		t.Errorf("error %v, %d lost", err, lost)
	}
	log.Reset()
	o.mustFollowUp(t, 10*time.Minute)
	o.mustFollowUp(t, time.Minute)
	if n := strings.Count(log.String(), "level=ERROR msg=lost"); n != 1 || lost != 1 || !strings.Contains(log.String(), "never reached slack") {
		t.Errorf("%d lost, log %s", lost, log)
	}
}

// Where the time ends between two tries, the error says what was tried.
func TestTimeEndsBetweenTries(t *testing.T) {
	o := newOffice()
	ctx, end := context.WithCancel(t.Context())
	o.withFaults(func(string, bool) error { end(); return errStore })
	if _, err := o.Denied(ctx, o.denial("deploy", "acme/api", 1)); !errors.Is(err, context.Canceled) || !errors.Is(err, errStore) {
		t.Errorf("error %v", err)
	}
}

// When the time of FollowUp ends, it says how much it left.
func TestFollowUpHasNoTime(t *testing.T) {
	o := newOffice()
	for n := range 3 {
		o.mustDeny(t, o.denial("deploy", fmt.Sprint("acme/", n), 1))
	}
	o.wait(time.Hour)
	ctx, end := context.WithCancel(t.Context())
	o.Succeeded = func(context.Context, *Incident, time.Time) (time.Time, bool) { end(); return time.Time{}, false }
	if err := o.FollowUp(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ErrOutstanding) {
		t.Errorf("error %v", err)
	}
	o.Succeeded = nil
	o.mustFollowUp(t, 0)
}
