package incident

import (
	"context"
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Denied takes a denied call. A repetition is only counted; the first call of
// an incident is diagnosed and told at once, and so is what comes back. An
// error without ErrOutstanding means that the event has to come again. Events
// may come in any order and any number of times.
func (d *Desk) Denied(ctx context.Context, ev *cloudtrail.Event) (Result, error) {
	if !ev.IsWebIdentity() || !ev.Failed() {
		return Result{}, fmt.Errorf("event %q is no denied AssumeRoleWithWebIdentity call, but %q of %q", ev.ID, ev.Name, ev.Source)
	}
	id, call := diagnose.Fingerprint(ev), denial{event: ev, at: ev.Time.UTC()}
	i, err := d.get(ctx, id)
	if err != nil {
		return Result{}, err
	}
	t := d.turn(rulebook{})
	if call.at.IsZero() {
		call.at = t.now
	}
	if err := d.count(ctx, id, call); err != nil {
		return Result{}, err
	}
	if i.next(t, call) == diagnosis {
		return d.diagnosed(ctx, id, call)
	}
	return d.repeated(ctx, i, t, call)
}

// count counts a call before anything is decided by it: it may come again and
// is counted once.
func (d *Desk) count(ctx context.Context, incident string, call denial) error {
	return again(ctx, "count a denial", func() error { return d.Store.Count(ctx, incident, call.event.ID, call.at) })
}

// repeated deals with a call of which the incident is told already. It sends
// what was left unsent as well: nobody else may be there to.
func (d *Desk) repeated(ctx context.Context, i *Incident, t turn, call denial) (Result, error) {
	var err error
	if i.next(t, call) == remember {
		i, _, err = d.change(ctx, i.ID, rulebook{}, func(i *Incident, t turn) bool { return i.denied(t, call) })
		if err != nil {
			return Result{}, err
		}
	}
	if i.State == Folded {
		if err := d.stranger(ctx, i, call); err != nil {
			return Result{Incident: i}, err
		}
	}
	if i.overdue(t) {
		i, err = d.sweep(ctx, i.ID)
	}
	return Result{Incident: i}, err
}

// diagnosed deals with a call that may be news.
func (d *Desk) diagnosed(ctx context.Context, id string, call denial) (Result, error) {
	call.begun = d.now()
	call.report = d.Explain(ctx, call.event)
	rules := d.rules(ctx)
	f, err := d.join(ctx, id, call.report, rules)
	if err != nil {
		return Result{}, err
	}
	call.parent = f.speaker()
	i, t, err := d.change(ctx, id, rules, func(i *Incident, t turn) bool { return i.denied(t, call) })
	told := d.announce(ctx, f, call.report)
	if err != nil {
		return Result{}, join(err, told)
	}
	result := Result{Report: call.report, Incident: i, News: i.holds(t.by) || f.told()}
	switch {
	case i.State == Folded:
		err = d.stranger(ctx, i, call)
	case i.holds(t.by):
		result.Incident, err = d.deliver(ctx, i, t, call.report)
	}
	return result, join(err, told)
}
