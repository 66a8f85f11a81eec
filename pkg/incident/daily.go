package incident

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// daily tells once on each UTC day what rules kept quiet on the last, and how
// many messages were not sent, where there is any of either.
func (d *Desk) daily(ctx context.Context, active []*Incident, rules rulebook) error {
	g, err := d.get(ctx, DigestID)
	if err != nil || g.Told.Day == d.now().Format(time.DateOnly) {
		return err
	}
	sum, err := d.ofDay(ctx, active, rules)
	if err != nil {
		return err
	}
	g, t, err := d.change(ctx, DigestID, rulebook{}, func(g *Incident, t turn) bool { return g.day(t, sum) })
	if err != nil || !g.holds(t.by) {
		return err
	}
	return d.deliverDigests(ctx, g, t)
}

// day notes that a day has begun, and tells of the last. On the first day of
// all there is nothing to tell.
func (i *Incident) day(t turn, sum *notify.Summary) bool {
	day := t.now.Format(time.DateOnly)
	if i.Told.Day == day {
		return false
	}
	first := i.Revision == 0
	i.Kind, i.State, i.Told.Day = Digest, Quiet, day
	if !first && len(sum.Snoozed)+sum.Withheld > 0 {
		i.tell(t, Message{Kind: notify.Digest, Digest: sum})
	}
	return true
}

// ofDay sums up the last 24 hours.
func (d *Desk) ofDay(ctx context.Context, active []*Incident, rules rulebook) (*notify.Summary, error) {
	to := d.now()
	sum := &notify.Summary{From: to.Add(-24 * time.Hour), To: to}
	closed, err := d.closedSince(ctx, sum.From)
	if err != nil {
		return nil, err
	}
	for _, i := range append(slices.Clone(active), closed...) {
		sum.Withheld += i.Told.withheldBefore(to)
		if i.Rule == "" || i.Kind != Call {
			continue
		}
		tally, err := d.tally(ctx, i.ID)
		if err != nil {
			return nil, err
		}
		if n := tally.since(sum.From); n > 0 {
			snooze(sum, i.Rule, n, rules)
		}
	}
	slices.SortFunc(sum.Snoozed, func(a, b notify.Snoozed) int { return strings.Compare(a.Rule, b.Rule) })
	return sum, nil
}

// snooze adds an incident that a rule kept quiet.
func snooze(sum *notify.Summary, rule string, denials int, rules rulebook) {
	n := slices.IndexFunc(sum.Snoozed, func(s notify.Snoozed) bool { return s.Rule == rule })
	if n < 0 {
		n = len(sum.Snoozed)
		sum.Snoozed = append(sum.Snoozed, notify.Snoozed{Rule: rule})
	}
	sum.Snoozed[n].Incidents++
	sum.Snoozed[n].Denials += denials
	for _, r := range rules.rules {
		if ruleName(r) == rule {
			sum.Snoozed[n].Until = r.Until
		}
	}
}

// closedSince are the closed incidents that changed since then.
func (d *Desk) closedSince(ctx context.Context, since time.Time) (all []*Incident, err error) {
	for i, err := range d.Store.List(ctx, Closed) {
		switch {
		case err != nil:
			return nil, fmt.Errorf("list closed incidents: %w", err)
		case len(i.Story) == 0:
			continue
		case i.Story[len(i.Story)-1].At.Before(since.Add(-indexLag)):
			return all, nil
		}
		all = append(all, i)
	}
	return all, nil
}

// since counts from that minute on.
func (t Tally) since(from time.Time) (n int) {
	first := Minute(from)
	for minute, count := range t.Minutes {
		if minute >= first {
			n += count
		}
	}
	return n
}
