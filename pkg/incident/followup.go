package incident

import (
	"context"
	"fmt"
)

// FollowUp does what time asks for. Call it each minute. It sends what was left
// unsent, digests and answers that waited, and looks which incidents are over
// or quiet. It goes on after errors, which are joined; those of channels wrap
// ErrOutstanding.
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
	errs := []error{}
	for _, i := range active {
		errs = append(errs, d.attend(ctx, i, rules))
	}
	if len(waiting) > 0 {
		errs = append(errs, d.digestOf(ctx, waiting))
	}
	return join(append(errs, d.daily(ctx, active, rules))...)
}

// attend does for one incident what time asks for. What it was given may be
// out of date: that decides only what is looked at.
func (d *Desk) attend(ctx context.Context, i *Incident, rules rulebook) error {
	var errs []error
	t := d.turn(rules)
	if i.waiting(t) || i.answerDue(t) || i.unruled(t) {
		errs = append(errs, d.resume(ctx, i, rules))
	}
	switch i.Kind {
	case Call:
		errs = append(errs, d.missed(ctx, i))
		if i.checkDue(t) {
			errs = append(errs, d.check(ctx, i, rules))
		}
	case Provider:
		if i.checkDue(t) {
			errs = append(errs, d.checkProvider(ctx, i, rules))
		}
	case Strangers:
		errs = append(errs, d.checkStrangers(ctx, i, t))
	}
	return join(errs...)
}

// resume sends what nobody is sending, answers edits that waited long enough,
// and alerts where a rule has ended.
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
	if i.answerDue(t) {
		i.answer(t)
		changed = true
	}
	return changed
}

func (i *Incident) checkDue(t turn) bool { return i.State == Open && !t.now.Before(i.NextCheck) }
