package incident

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// deliver is the one place that sends: the messages that are held by the turn,
// one after the other. fresh is the diagnosis that was just made, nil for none.
// The error wraps ErrOutstanding where a channel did not take a message.
func (d *Desk) deliver(ctx context.Context, i *Incident, t turn, fresh *report.Report) (*Incident, error) {
	var errs []error
	behind := map[string]bool{} // channels that lack an earlier message
	for _, m := range i.Outbox {
		if !i.hasThread() {
			clear(behind)
		}
		if m.By == t.by {
			saved, err := d.send(ctx, i, t, m, behind, fresh)
			if saved != nil {
				i = saved
			}
			errs = append(errs, err)
			continue
		}
		for _, c := range m.Channels {
			behind[c] = true
		}
	}
	if !i.Waits.IsZero() {
		errs = append(errs, d.digest(ctx, i))
	}
	return i, join(errs...)
}

// send sends one message to the channels that are not behind, and writes down
// what came of it.
func (d *Desk) send(ctx context.Context, i *Incident, t turn, m Message, behind map[string]bool, fresh *report.Report) (*Incident, error) {
	if d.limited(ctx, i, m) {
		return d.settled(ctx, i.ID, t, func(i *Incident, t turn) bool { return i.postpone(t, m.ID) })
	}
	n, judged := d.notice(ctx, i, m, fresh)
	var errs []error
	outcomes := notify.Send(ctx, d.take(m.Channels, behind), n, i.Threads)
	for _, o := range outcomes {
		d.logged(ctx, n, o)
		if !o.Sent() {
			behind[o.Channel] = true
			errs = append(errs, fmt.Errorf("%w: %s of incident %s to %s: %w", ErrOutstanding, m.Kind, i.ID, o.Channel, o.Err))
		}
	}
	saved, err := d.settled(ctx, i.ID, t, func(i *Incident, t turn) bool { return i.sent(t, m, outcomes, judged) })
	return saved, join(append(errs, err)...)
}

// take are the channels of those names that lack nothing before.
func (d *Desk) take(names []string, behind map[string]bool) []notify.Channel {
	return slices.DeleteFunc(slices.Clone(d.Channels), func(c notify.Channel) bool {
		return behind[c.Name] || !slices.Contains(names, c.Name)
	})
}

// settling is how long the result may still be written down when the time of
// the process is over.
const settling = 3 * time.Second

// settled writes down the result of sending. What was sent is sent: that the
// context has ended does not keep it from that.
func (d *Desk) settled(ctx context.Context, id string, held turn, step func(*Incident, turn) bool) (*Incident, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	i, _, err := d.change(ctx, id, held.rules, func(i *Incident, t turn) bool {
		t.by = held.by
		return step(i, t)
	})
	return i, err
}

// sent changes the incident by the outcomes of a message. judged is the
// diagnosis that it told, nil for none. It is false where that was written
// down before.
func (i *Incident) sent(t turn, m Message, outcomes []notify.Outcome, judged *report.Report) bool {
	n := slices.IndexFunc(i.Outbox, func(kept Message) bool { return kept.ID == m.ID })
	if n < 0 {
		return false
	}
	i.Outbox[n].Covers = m.Covers
	i.settle(t, m.ID, outcomes)
	if !slices.ContainsFunc(outcomes, notify.Outcome.Sent) {
		return true
	}
	switch m.Kind {
	case notify.Answer:
		i.answered(t, judged)
	case notify.Security:
		if len(m.Channels) == len(t.channels) { // the first of them has it now
			i.NextUpdate = t.now.Add(t.Strangers)
		}
	}
	return true
}

// limited reports whether the alerts of the hour are used up. Only the first
// try asks.
func (d *Desk) limited(ctx context.Context, i *Incident, m Message) bool {
	o, hour := d.options(), d.now().Truncate(time.Hour)
	switch {
	case i.Kind != Call || m.Tries > 1:
		return false
	case m.Kind == notify.Update:
		return !d.permitted(ctx, "updates", hour, o.InAll)
	case m.Kind == notify.Alert || m.Kind == notify.Back:
		return !d.permitted(ctx, "role "+short(i.Role), hour, o.PerRole) || !d.permitted(ctx, "all", hour, o.InAll)
	}
	return false
}

// permitted takes a permit. Where that cannot be told, people are told.
func (d *Desk) permitted(ctx context.Context, name string, window time.Time, limit int) bool {
	ok, err := d.Store.Take(ctx, name, window, limit)
	if err != nil {
		d.log().WarnContext(ctx, "the limit cannot be read", "limit", name, "error", err)
	}
	return ok || err != nil
}

// sweep sends what nobody is sending.
func (d *Desk) sweep(ctx context.Context, id string) (*Incident, error) {
	i, t, err := d.change(ctx, id, rulebook{}, func(i *Incident, t turn) bool { return i.claim(t) })
	if err != nil || !i.holds(t.by) {
		return i, err
	}
	return d.deliver(ctx, i, t, nil)
}

func (d *Desk) logged(ctx context.Context, n *notify.Notice, o notify.Outcome) {
	log := d.log().With("incident", n.Incident.ID, "notice", n.ID, "kind", n.Kind, "channel", o.Channel)
	switch {
	case o.Err == nil:
		log.InfoContext(ctx, "sent")
	case o.Sent():
		log.WarnContext(ctx, "sent in part", "error", o.Err)
	default:
		log.ErrorContext(ctx, "not sent", "error", o.Err)
	}
}
