package incident

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	randv2 "math/rand/v2"
	"time"
)

// turn is what a transition of an incident goes by. Transitions are functions
// of the incident and the turn alone.
type turn struct {
	Options
	now      time.Time
	by       string   // who holds the messages that are decided
	channels []string // names
	rules    rulebook
	lost     int // messages that the incident had lost when it was first read; -1: not read yet
}

// rulebook are the rules of now. The zero rulebook was not read: what is quiet
// stays so.
type rulebook struct {
	rules []Rule
	read  bool
}

// How often something is tried.
const (
	mostConflicts = 200 // each means that somebody else got on
	mostFaults    = 4
)

// change is the one place where incidents are changed: it reads the incident,
// an empty one where there is none, lets step change it, and saves it where
// step says so. Where somebody else was faster, or the store failed, it begins
// anew, so that step has to decide by what it is given. A save that failed may
// have been made all the same: then the messages in the outbox are held
// already. It returns the incident as it is in the store, with the turn whose
// messages the caller holds and has to send.
func (d *Desk) change(ctx context.Context, id string, rules rulebook, step func(*Incident, turn) bool) (*Incident, turn, error) {
	t := d.turn(rules)
	for faults, conflicts := 0, 0; ; {
		i, err := d.once(ctx, id, &t, step)
		switch {
		case err == nil:
			d.gaveUp(ctx, i, i.Lost-t.lost)
			return i, t, nil
		case errors.Is(err, ErrConflict):
			conflicts++
		default:
			faults++
		}
		if faults == mostFaults || conflicts == mostConflicts {
			return nil, t, fmt.Errorf("change incident %.60q: %w", id, err)
		}
		if ended := pause(ctx, faults+conflicts); ended != nil {
			return nil, t, fmt.Errorf("change incident %.60q: %w: %w", id, ended, err)
		}
	}
}

func (d *Desk) once(ctx context.Context, id string, t *turn, step func(*Incident, turn) bool) (*Incident, error) {
	i, err := d.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if i == nil {
		i = &Incident{ID: id}
	}
	t.now = d.now()
	if t.lost < 0 {
		t.lost = i.Lost
	}
	if i.holds(t.by) || !step(i, *t) {
		return i, nil
	}
	return i, d.Store.Save(ctx, i)
}

// gaveUp tells that messages of an incident were given up.
func (d *Desk) gaveUp(ctx context.Context, i *Incident, n int) {
	if n <= 0 {
		return
	}
	for _, c := range i.Story[max(0, len(i.Story)-n):] {
		if c.What == "lost" {
			d.log().ErrorContext(ctx, "lost", "incident", i.ID, "what", c.Text)
		}
	}
	if d.Lost != nil {
		d.Lost(n)
	}
}

// get reads an incident, an empty one where there is none, in spite of faults
// that pass.
func (d *Desk) get(ctx context.Context, id string) (*Incident, error) {
	i, _, err := d.change(ctx, id, rulebook{}, func(*Incident, turn) bool { return false })
	return i, err
}

// tally counts the denials of an incident, in spite of faults that pass.
func (d *Desk) tally(ctx context.Context, id string) (t Tally, err error) {
	err = again(ctx, "count the denials of "+id, func() (err error) {
		t, err = d.Store.Tally(ctx, id)
		return err
	})
	return t, err
}

// again tries what the store refuses some times.
func again(ctx context.Context, what string, try func() error) error {
	for faults := 1; ; faults++ {
		err := try()
		if err == nil {
			return nil
		}
		if faults == mostFaults || pause(ctx, faults) != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
}

// pause waits some milliseconds before the next try, longer after many.
func pause(ctx context.Context, tries int) error {
	const most = 64 * time.Millisecond
	wait := time.NewTimer(randv2.N(min(time.Millisecond<<min(tries, 10), most)))
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}

func (d *Desk) turn(rules rulebook) turn {
	t := turn{Options: d.options(), now: d.now(), by: rand.Text(), rules: rules, lost: -1}
	for _, c := range d.Channels {
		t.channels = append(t.channels, c.Name)
	}
	return t
}

func (d *Desk) now() time.Time {
	if d.Now == nil {
		return time.Now().UTC()
	}
	return d.Now().UTC()
}

func (d *Desk) log() *slog.Logger { return cmp.Or(d.Log, slog.Default()) }

// rules are those of now.
func (d *Desk) rules(ctx context.Context) rulebook {
	if d.Rules == nil {
		return rulebook{read: true}
	}
	rules, err := d.Rules(ctx)
	if err != nil {
		d.log().ErrorContext(ctx, "the rules cannot be read: what is quiet stays so", "error", err)
		return rulebook{}
	}
	return rulebook{rules, true}
}

// options are those of the desk, with Defaults for what is not set.
func (d *Desk) options() Options {
	o, otherwise := d.Options, Defaults()
	if len(o.Updates) == 0 {
		o.Updates = otherwise.Updates
	}
	o.Quiet = cmp.Or(o.Quiet, otherwise.Quiet)
	o.Settle = cmp.Or(o.Settle, otherwise.Settle)
	o.Together = cmp.Or(o.Together, otherwise.Together)
	o.PerRole = cmp.Or(o.PerRole, otherwise.PerRole)
	o.InAll = cmp.Or(o.InAll, otherwise.InAll)
	o.PerDay = cmp.Or(o.PerDay, otherwise.PerDay)
	o.Strangers = cmp.Or(o.Strangers, otherwise.Strangers)
	o.ManyRoles = cmp.Or(o.ManyRoles, otherwise.ManyRoles)
	o.ManyWithin = cmp.Or(o.ManyWithin, otherwise.ManyWithin)
	o.Lease = cmp.Or(o.Lease, otherwise.Lease)
	return o
}
