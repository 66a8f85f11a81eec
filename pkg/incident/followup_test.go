package incident

import (
	"context"
	"fmt"
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
