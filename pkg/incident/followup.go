package incident

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// FollowUp does what time asks for. Call it each minute. It sends what was left
// unsent, digests and answers that waited, and looks which incidents are over
// or quiet. What is to be sent goes first: looking may take longer than there is
// time, and goes on with the next call. It goes on after errors, which are
// joined; those of channels wrap ErrOutstanding.
func (d *Desk) FollowUp(ctx context.Context) error {
	var active []*Incident
	var waiting []string
	for i, err := range d.Store.List(ctx, Active) {
		if err != nil {
			return fmt.Errorf("list open incidents: %w", err)
		}
		active = append(active, i)
		if !i.Waits.IsZero() {
			waiting = append(waiting, i.ID)
		}
	}
	rules := d.rules(ctx)
	errs := []error{d.each(ctx, "send", active, func(i *Incident) error { return d.resumed(ctx, i, rules) })}
	if len(waiting) > 0 {
		errs = append(errs, d.digestOf(ctx, waiting))
	}
	errs = append(errs, d.daily(ctx, active, rules))
	errs = append(errs, d.each(ctx, "look at", active, func(i *Incident) error { return d.look(ctx, i, rules) }))
	return join(errs...)
}

// atOnce is how many incidents FollowUp works on at the same time.
const atOnce = 8

// each does something about many incidents, some at the same time. When the
// time is over, those that are left are counted in the error.
func (d *Desk) each(ctx context.Context, what string, all []*Incident, do func(*Incident) error) error {
	errs := make([]error, len(all)+1)
	var taken, left atomic.Int64
	var workers sync.WaitGroup
	for range min(len(all), atOnce) {
		workers.Go(func() {
			for n := taken.Add(1) - 1; n < int64(len(all)); n = taken.Add(1) - 1 {
				if ctx.Err() != nil {
					left.Add(1)
					continue
				}
				errs[n] = do(all[n])
			}
		})
	}
	workers.Wait()
	if n := left.Load(); n > 0 {
		errs[len(all)] = fmt.Errorf("%s open incidents: no time for %d of %d: %w", what, n, len(all), ctx.Err())
	}
	return join(errs...)
}

// resumed sends what of an incident waits to be sent. What it was given may be
// out of date: that decides only what is looked at.
func (d *Desk) resumed(ctx context.Context, i *Incident, rules rulebook) error {
	if t := d.turn(rules); !i.waiting(t) && !i.answerDue(t) && !i.unruled(t) && !i.owes(t) {
		return nil
	}
	return d.resume(ctx, i, rules)
}

// look looks how an incident stands, where it is time to.
func (d *Desk) look(ctx context.Context, i *Incident, rules rulebook) error {
	t := d.turn(rules)
	due := i.checkDue(t)
	switch {
	case i.Kind == Strangers:
		return d.checkStrangers(ctx, i, t)
	case i.Kind == Provider && due:
		return d.checkProvider(ctx, i, rules)
	case i.Kind == Call && due:
		return join(d.missed(ctx, i), d.check(ctx, i, rules))
	case i.Kind == Call:
		return d.missed(ctx, i)
	}
	return nil
}

// resume sends what nobody is sending, answers edits that waited long enough,
// alerts where a rule has ended, and tells what the limit of a day kept back.
func (d *Desk) resume(ctx context.Context, i *Incident, rules rulebook) error {
	i, t, err := d.change(ctx, i.ID, rules, func(i *Incident, t turn) bool { return i.resume(t) })
	if err != nil || !i.holds(t.by) {
		return err
	}
	if i.Kind == Digest {
		return d.deliverDigests(ctx, i, t)
	}
	_, err = d.deliver(ctx, i, t, nil)
	return err
}

func (i *Incident) resume(t turn) bool {
	changed := i.claim(t)
	if i.unruled(t) {
		i.unrule(t)
		changed = true
	}
	if i.owes(t) {
		i.pay(t)
		changed = true
	}
	if i.answerDue(t) {
		i.answer(t)
		changed = true
	}
	return changed
}

func (i *Incident) checkDue(t turn) bool { return i.State == Open && !t.now.Before(i.NextCheck) }
