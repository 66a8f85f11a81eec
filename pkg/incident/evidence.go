package incident

import (
	"context"
	"reflect"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Evidence takes the diagnosis of a call that Denied has reported as old, now
// that more is known. Channels with threads add what is new to the message. It
// does nothing where nothing is new or the incident has moved on. Errors are as
// those of Denied, but nothing is lost where they are ignored.
func (d *Desk) Evidence(ctx context.Context, ev *cloudtrail.Event, old, now *report.Report) error {
	if reflect.DeepEqual(old, now) {
		return nil
	}
	id, call := diagnose.Fingerprint(ev), denial{event: ev, at: ev.Time.UTC(), begun: d.now(), report: now}
	rules := d.rules(ctx)
	i, t, err := d.change(ctx, id, rules, func(i *Incident, t turn) bool { return i.evidence(t, call) })
	if err != nil {
		return err
	}
	if i.State == Folded && now.Caller == report.Stranger {
		return d.stranger(ctx, i, call)
	}
	if i.holds(t.by) {
		_, err = d.deliver(ctx, i, t, now)
	}
	return err
}

// evidence changes the incident by what was found later about the call it was
// told for. It is false where that is not the latest one.
func (i *Incident) evidence(t turn, d denial) bool {
	kept := decode(i.Event)
	if i.State != Open || kept == nil || kept.ID != d.event.ID {
		return false
	}
	i.judge(t, d.report, d.begun)
	switch {
	case d.report.Caller == report.Stranger:
		i.fold(t)
	case i.Announced && i.Waits.IsZero() && !i.silent(t):
		i.tell(t, Message{Kind: notify.Evidence})
	}
	return true
}
