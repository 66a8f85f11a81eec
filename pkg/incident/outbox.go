package incident

import (
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// holds reports whether messages are in the hands of that turn.
func (i *Incident) holds(by string) bool {
	return slices.ContainsFunc(i.Outbox, func(m Message) bool { return m.By == by })
}

// free reports whether nobody sends the message, and it is time to.
func (m *Message) free(t turn) bool {
	return !t.now.Before(m.Again) && (m.Claimed.IsZero() || t.now.Sub(m.Claimed) >= t.Lease)
}

// claim takes what is to be sent into the hands of the turn. It is false where
// there is nothing. What has to wait for an earlier message on all its channels
// is left alone, as people read messages in their order.
func (i *Incident) claim(t turn) (any bool) {
	for n := len(i.Outbox) - 1; n >= 0; n-- {
		if i.Outbox[n].free(t) && t.now.Sub(i.Outbox[n].At) > keepTrying {
			i.giveUp(t, n)
			any = true
		}
	}
	for n := range i.Outbox {
		m := &i.Outbox[n]
		if !i.sendable(n, t) {
			continue
		}
		m.Claimed, m.By = t.now, t.by
		m.Tries++
		any = true
	}
	return any
}

// waiting reports whether claim would find something.
func (i *Incident) waiting(t turn) bool {
	for n := range i.Outbox {
		if i.sendable(n, t) {
			return true
		}
	}
	return false
}

// overdue reports whether something waits that FollowUp, called each minute,
// would have sent.
func (i *Incident) overdue(t turn) bool {
	t.now = t.now.Add(-time.Minute)
	return i.waiting(t)
}

// untried reports whether nobody can have the message yet: it waits, or the turn
// has just begun to send it.
func (m *Message) untried(t turn) bool {
	return m.Tries == 0 || m.Tries == 1 && m.By == t.by
}

// sendable reports whether a message can go to a channel now.
func (i *Incident) sendable(n int, t turn) bool {
	m := &i.Outbox[n]
	return m.free(t) && (len(m.Channels) == 0 || len(i.unblocked(n, t.by)) > 0)
}

// unblocked are the channels of a message that lack no earlier one, those held by
// the same turn not counted: it sends them in their order.
func (i *Incident) unblocked(n int, by string) []string {
	if !i.hasThread() {
		return i.Outbox[n].Channels
	}
	return slices.DeleteFunc(slices.Clone(i.Outbox[n].Channels), func(channel string) bool {
		return slices.ContainsFunc(i.Outbox[:n], func(earlier Message) bool {
			return earlier.By != by && slices.Contains(earlier.Channels, channel)
		})
	})
}

// How long and how often a channel is tried that does not take a message.
const (
	keepTrying = 3 * 24 * time.Hour
	firstWait  = 20 * time.Second
	longest    = 4 * time.Minute
)

// settle writes down what came of sending a message. A message that every
// channel has is taken away.
func (i *Incident) settle(t turn, id string, outcomes []notify.Outcome) {
	n := slices.IndexFunc(i.Outbox, func(m Message) bool { return m.ID == id })
	if n < 0 {
		return
	}
	m := &i.Outbox[n]
	for _, o := range outcomes {
		if o.Sent() {
			m.Channels = slices.DeleteFunc(m.Channels, func(c string) bool { return c == o.Channel })
			i.thread(o)
		}
	}
	switch {
	case len(m.Channels) == 0:
		i.Outbox = slices.Delete(i.Outbox, n, n+1)
	case m.By == t.by && len(outcomes) == 0: // it had to wait for an earlier one
		m.Claimed, m.By = time.Time{}, ""
		m.Tries--
	case m.By == t.by:
		m.Claimed, m.By = time.Time{}, ""
		m.Again = t.now.Add(min(firstWait<<min(m.Tries-1, 10), longest))
	}
}

// hasThread reports whether the messages belong together, so that they are read
// in their order. Digests and what is told of strangers stand by themselves.
func (i *Incident) hasThread() bool { return i.Kind != Digest && i.Kind != Strangers }

// thread keeps what a channel calls the first message.
func (i *Incident) thread(o notify.Outcome) {
	if o.Thread == "" || i.Threads[o.Channel] != "" || !i.hasThread() {
		return
	}
	if i.Threads == nil {
		i.Threads = map[string]string{}
	}
	i.Threads[o.Channel] = o.Thread
}

// giveUp drops a message that there is no room or no hope for.
func (i *Incident) giveUp(t turn, n int) {
	m := i.Outbox[n]
	i.chapter(t, "lost", fmt.Sprintf("the %s of %s never reached %s", m.Kind, m.At.Format(time.RFC3339), list(m.Channels)))
	i.Outbox = slices.Delete(i.Outbox, n, n+1)
	i.Lost++
}

// postpone takes back a message that the limits do not admit: the incident is
// told in a digest instead.
func (i *Incident) postpone(t turn, id string) bool {
	n := slices.IndexFunc(i.Outbox, func(m Message) bool { return m.ID == id && m.By == t.by })
	if n < 0 {
		return false
	}
	first := i.Outbox[n].Kind != notify.Update
	i.Outbox = slices.Delete(i.Outbox, n, n+1)
	i.Announced = !first || len(i.Outbox) > 0
	i.Waits = t.now
	i.Told.Count = max(0, i.Told.Count-1)
	return true
}
