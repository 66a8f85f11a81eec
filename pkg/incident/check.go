package incident

import (
	"context"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// seen is what a check found.
type seen struct {
	tally     Tally
	report    *report.Report // nil: not diagnosed
	begun     time.Time
	succeeded time.Time // of the first call known to have succeeded after the last denial; zero: none
}

// last is the last denial.
func (s seen) last(i *Incident) time.Time {
	if s.tally.Last.After(i.Opened) {
		return s.tally.Last
	}
	return i.Opened
}

// check looks whether an incident is over or quiet.
func (d *Desk) check(ctx context.Context, i *Incident, rules rulebook) error {
	s := seen{begun: d.now()}
	var err error
	if s.tally, err = d.tally(ctx, i.ID); err != nil {
		return err
	}
	orphan, err := d.orphaned(ctx, i)
	if err != nil {
		return err
	}
	if d.now().Sub(s.last(i)) < d.options().Quiet {
		s.report = d.judge(ctx, i)
		if d.Succeeded != nil {
			if at, ok := d.Succeeded(ctx, i, s.last(i)); ok {
				s.succeeded = at.UTC()
			}
		}
	}
	i, t, err := d.change(ctx, i.ID, rules, func(i *Incident, t turn) bool { return i.checked(t, s, orphan) })
	if err != nil || !i.holds(t.by) {
		return err
	}
	_, err = d.deliver(ctx, i, t, nil)
	return err
}

// orphaned reports whether the incident that spoke for this one is closed.
func (d *Desk) orphaned(ctx context.Context, i *Incident) (bool, error) {
	if i.Parent == "" {
		return false, nil
	}
	p, err := d.get(ctx, i.Parent)
	return err == nil && p.State != Open, err
}

// checked changes the incident by what a check found. It is false where there
// is no check due any more.
func (i *Incident) checked(t turn, s seen, orphan bool) bool {
	if !i.checkDue(t) || len(i.Edits) > 0 {
		return false
	}
	if orphan {
		i.Parent, i.NextUpdate = "", t.now
	}
	if s.report != nil && i.Event != nil {
		i.judge(t, s.report, s.begun)
	}
	last := s.last(i)
	switch {
	case !s.succeeded.IsZero():
		i.end(t, Over, s.succeeded, "a call succeeded at "+s.succeeded.Format(time.RFC3339))
	case i.settled(t, s):
		since := later(i.Edited, last)
		i.end(t, Over, since, "the policy allows the denied call since the edit at "+i.Edited.Format(time.RFC3339)+", and nothing was denied since then")
	case t.now.Sub(last) >= t.Quiet:
		i.end(t, Quiet, last, "nothing was denied since "+last.Format(time.RFC3339))
	default:
		i.NextCheck = i.nextCheck(t, last)
	}
	return true
}

// settled reports whether an edit helped: the policy allows the call, and
// nothing was denied for a while. Where a call was denied that much later than
// the edit, the policy does not tell.
func (i *Incident) settled(t turn, s seen) bool {
	last := s.last(i)
	return s.report != nil && s.report.Verdict == report.AllowedNow && !i.Edited.IsZero() &&
		last.Before(i.Edited.Add(t.Settle)) && t.now.Sub(later(i.Edited, last)) >= t.Settle
}

// longestCheck is the most between two looks whether an incident is over.
const longestCheck = 6 * time.Hour

// nextCheck is when to look again: later, the longer it lasts, but soon after
// an edit and when it may be quiet.
func (i *Incident) nextCheck(t turn, last time.Time) time.Time {
	next := t.now.Add(min(max(t.now.Sub(i.Opened)/2, t.Settle), longestCheck))
	if settled := later(i.Edited, last).Add(t.Settle); !i.Edited.IsZero() && last.Before(i.Edited.Add(t.Settle)) && settled.After(t.now) {
		next = earlier(next, settled)
	}
	return later(earlier(next, last.Add(t.Quiet)), t.now.Add(time.Minute))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// unruled reports whether a rule kept the incident quiet that does so no
// longer.
func (i *Incident) unruled(t turn) bool {
	return i.State == Open && i.Rule != "" && t.rules.read && t.rules.keeping(i, t) == ""
}

// unrule tells of an incident that a rule has kept quiet up to now.
func (i *Incident) unrule(t turn) {
	i.chapter(t, "awake", "no rule keeps it quiet any more")
	i.Rule = ""
	if i.Kind != Call || i.Parent != "" {
		return
	}
	i.Updates, i.NextUpdate = 0, t.now.Add(t.Updates[0])
	i.news(t, Message{Kind: notify.Alert})
}

// checkProvider looks how the incidents stand that one of a provider speaks
// for.
func (d *Desk) checkProvider(ctx context.Context, p *Incident, rules rulebook) error {
	errs := []error{d.linkChildren(ctx, p)}
	all, sum := map[string]*Incident{}, Tally{}
	for _, id := range p.Children {
		i, tally, err := d.child(ctx, id)
		if err != nil {
			return join(append(errs, err)...)
		}
		all[id], sum = i, sum.plus(tally)
	}
	p, t, err := d.change(ctx, p.ID, rules, func(p *Incident, t turn) bool { return p.checkedProvider(t, all, sum) })
	if err == nil && p.holds(t.by) {
		_, err = d.deliver(ctx, p, t, nil)
	}
	return join(append(errs, err)...)
}

// checkedProvider changes the incident of a provider by how its children
// stand. It is false where others have joined since.
func (i *Incident) checkedProvider(t turn, all map[string]*Incident, sum Tally) bool {
	if !i.checkDue(t) || len(i.Edits) > 0 || len(all) != len(i.Children) {
		return false
	}
	i.NextCheck = t.now.Add(t.Settle)
	state, since := Quiet, sum.Last
	for _, child := range all {
		switch {
		case child.State == Open && child.Parent == i.ID, child.Revision == 0:
			i.stillFails(t, sum)
			return true
		case child.State == Over:
			state, since = Over, later(since, child.Closed)
		}
	}
	because := "nothing was denied since " + since.Format(time.RFC3339)
	if state == Over {
		because = "the roles work again"
	}
	i.end(t, state, since, because)
	i.Sightings = nil
	return true
}

// stillFails tells, where it is time to, that roles go on failing.
func (i *Incident) stillFails(t turn, sum Tally) {
	if i.Owed == nil && !t.now.Before(i.NextUpdate) && sum.Last.After(i.NextUpdate.Add(-i.wait(t))) && !i.silent(t) {
		i.goOn(t)
	}
}
