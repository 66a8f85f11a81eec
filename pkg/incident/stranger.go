package incident

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// StrangersID is the ID of the incident of all strangers.
const StrangersID = "strangers"

// stranger counts the call of a stranger for the incident of all of them, and
// tells of it at once where it is the first for a while. FollowUp tells the
// rest.
func (d *Desk) stranger(ctx context.Context, i *Incident, call denial) error {
	if err := d.count(ctx, StrangersID, call); err != nil {
		return err
	}
	all, err := d.get(ctx, StrangersID)
	if err != nil || all.State == Open && !all.strangersDue(d.turn(rulebook{})) {
		return err
	}
	return d.tellOfStrangers(ctx, all, i)
}

// tellOfStrangers sends a message about the strangers since the last one, where
// it is time for one and there is anything to tell. first is one of them that a
// list may not show yet, nil for none.
func (d *Desk) tellOfStrangers(ctx context.Context, all, first *Incident) error {
	begun := d.now()
	tally, err := d.tally(ctx, StrangersID)
	if err != nil || all.State == Open && tally.Count <= all.Tallied {
		return err
	}
	sum, err := d.ofStrangers(ctx, all, first)
	if err != nil {
		return err
	}
	saved, t, err := d.change(ctx, StrangersID, rulebook{}, func(i *Incident, t turn) bool {
		return i.strangers(t, begun, sum, tally)
	})
	if err != nil || !saved.holds(t.by) {
		return err
	}
	_, err = d.deliver(ctx, saved, t, nil)
	return err
}

// strangers opens the incident of all strangers, and decides whether to tell of
// them.
func (i *Incident) strangers(t turn, begun time.Time, sum *notify.Summary, tally Tally) (changed bool) {
	if i.State != Open {
		i.Kind, i.State, i.Opened, i.Closed = Strangers, Open, tally.Last, time.Time{}
		i.NextCheck = t.now.Add(t.Strangers)
		i.chapter(t, "opened", "strangers are refused")
		changed = true
	}
	if !i.strangersDue(t) || tally.Count <= i.Tallied {
		return changed
	}
	told := *sum
	told.Denials = tally.Count - i.Tallied
	told.From = cmp.Or(i.Checked, tally.First)
	i.Tallied, i.Checked, i.NextUpdate = tally.Count, begun, t.now.Add(t.Strangers)
	return i.tell(t, Message{Kind: notify.Security, Digest: &told})
}

// strangersDue reports whether it is time for a message about strangers. One
// that is still to be sent is enough.
func (i *Incident) strangersDue(t turn) bool {
	return !t.now.Before(i.NextUpdate) && len(i.Outbox) == 0
}

// indexLag is how long a list may not show what was saved.
const indexLag = time.Minute

// ofStrangers sums up the strangers since the last message. There may be more
// of them than are listed.
func (d *Desk) ofStrangers(ctx context.Context, all, first *Incident) (*notify.Summary, error) {
	t, now := d.turn(rulebook{}), d.now()
	since := all.Checked.Add(-indexLag)
	s := newSummary(all.Checked, now)
	if first != nil {
		s.add(first)
	}
	for i, err := range d.Store.List(ctx, Aside) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("list strangers: %w", err)
		case i.Kind != Call || first != nil && i.ID == first.ID:
			continue
		case i.touched(t).Before(since) || s.incidents == mostListed:
			return s.done(), nil
		}
		s.add(i)
	}
	return s.done(), nil
}

// touched is when the incident of a stranger was last seen to fail, to half an
// hour.
func (i *Incident) touched(t turn) time.Time { return i.NextUpdate.Add(-t.Strangers) }

// stragglers is how long after the time for a message FollowUp looks each
// minute whether there is one to send. Whoever comes later is told by who deals
// with the call.
const stragglers = 5 * time.Minute

// checkStrangers tells of those who came since the last message, or that no
// more come.
func (d *Desk) checkStrangers(ctx context.Context, i *Incident, t turn) error {
	due := i.checkDue(t)
	if i.State != Open || !due && (!i.strangersDue(t) || t.now.Sub(i.NextUpdate) > stragglers) {
		return nil
	}
	if err := d.tellOfStrangers(ctx, i, nil); err != nil || !due {
		return err
	}
	tally, err := d.tally(ctx, i.ID)
	if err != nil {
		return err
	}
	_, _, err = d.change(ctx, i.ID, rulebook{}, func(i *Incident, t turn) bool { return i.checkedStrangers(t, tally) })
	return err
}

// checkedStrangers closes the incident of all strangers where none came for
// long, and all of them were told.
func (i *Incident) checkedStrangers(t turn, tally Tally) bool {
	if !i.checkDue(t) {
		return false
	}
	i.NextCheck = t.now.Add(t.Strangers)
	if t.now.Sub(tally.Last) >= t.Quiet && tally.Count == i.Tallied {
		told := i.Checked
		i.end(t, Quiet, tally.Last, "no stranger was refused since "+tally.Last.Format(time.RFC3339))
		i.Checked = told
	}
	return true
}
