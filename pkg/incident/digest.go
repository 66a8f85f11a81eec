package incident

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// DigestID is the ID of the incident that holds digests.
const DigestID = "digest"

// digest tells at once of an incident that waits, and of all others that do,
// unless that was done in this minute. FollowUp tells of those that are left.
func (d *Desk) digest(ctx context.Context, own *Incident) error {
	if !d.permitted(ctx, "digest", d.now().Truncate(time.Minute), 1) {
		return nil
	}
	waiting := []string{own.ID}
	for i, err := range d.Store.List(ctx, Active) {
		if err != nil {
			return fmt.Errorf("list incidents that wait: %w", err)
		}
		if !i.Waits.IsZero() && i.ID != own.ID {
			waiting = append(waiting, i.ID)
		}
	}
	return d.digestOf(ctx, waiting)
}

// digestOf tells of the incidents that wait, in one message.
func (d *Desk) digestOf(ctx context.Context, waiting []string) error {
	var failed error
	g, t, err := d.change(ctx, DigestID, rulebook{}, func(g *Incident, t turn) bool {
		// What waits is read between reading and saving the digest, so that no
		// two digests tell of the same: one of them is not saved.
		m, err := d.cover(ctx, g, t, waiting)
		if failed = err; err != nil || len(m.Covers) == 0 {
			return false
		}
		g.Kind, g.State = Digest, Quiet
		return g.tell(t, m)
	})
	if err := join(err, failed); err != nil || !g.holds(t.by) {
		return err
	}
	return d.deliverDigests(ctx, g, t)
}

// deliverDigests sends the digests that are held by the turn. Those they tell
// of wait no longer.
func (d *Desk) deliverDigests(ctx context.Context, g *Incident, t turn) error {
	err := d.covered(ctx, g, t)
	if err == nil {
		for n := range g.Outbox { // nobody has to see to them any more
			g.Outbox[n].Covers = nil
		}
	}
	_, undelivered := d.deliver(ctx, g, t, nil)
	return join(err, undelivered)
}

// cover makes the digest of those incidents that wait, and are in no digest
// yet.
func (d *Desk) cover(ctx context.Context, g *Incident, t turn, waiting []string) (Message, error) {
	m, sum, denials := Message{Kind: notify.Digest}, newSummary(t.now, t.now), 0
	for _, id := range waiting {
		if len(m.Covers) == MostCovered {
			break
		}
		if slices.ContainsFunc(g.Outbox, func(o Message) bool { return slices.Contains(o.Covers, id) }) {
			continue
		}
		i, tally, err := d.child(ctx, id)
		if err != nil {
			return m, err
		}
		if i.Waits.IsZero() {
			continue
		}
		sum.add(i)
		denials += tally.Count
		m.Covers = append(m.Covers, id)
	}
	m.Digest = sum.done()
	m.Digest.Denials = denials
	return m, nil
}

// covered lets the incidents that a digest tells of wait no longer.
func (d *Desk) covered(ctx context.Context, g *Incident, t turn) error {
	var errs []error
	for _, m := range g.Outbox {
		if m.By != t.by {
			continue
		}
		for _, id := range m.Covers {
			_, _, err := d.change(ctx, id, rulebook{}, func(i *Incident, t turn) bool { return i.inDigest(t, m.At) })
			errs = append(errs, err)
		}
	}
	return join(errs...)
}

// inDigest notes that a digest of that time tells of the incident.
func (i *Incident) inDigest(t turn, at time.Time) bool {
	if i.Waits.IsZero() || i.Waits.After(at) {
		return false
	}
	i.Waits = time.Time{}
	i.chapter(t, "digest", "told in a digest, as there was too much to tell")
	return true
}
