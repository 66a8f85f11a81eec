package incident_test

import (
	"context"
	"maps"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// checkCounters wants every call counted once, in its minute.
func (o *oracle) checkCounters() {
	strangers := incident.Tally{Minutes: map[string]int{}}
	for _, s := range o.streams {
		want := incident.Tally{Minutes: map[string]int{}}
		for _, c := range s.calls {
			if s.stranger {
				add(&strangers, c)
				continue
			}
			add(&want, c)
		}
		if !s.stranger {
			o.checkCounter(s.id, want)
		}
	}
	o.checkCounter("strangers", strangers)
}

func add(t *incident.Tally, c *call) {
	if t.Count == 0 || c.at.Before(t.First) {
		t.First = c.at
	}
	if t.Count == 0 || c.at.After(t.Last) {
		t.Last = c.at
	}
	t.Count++
	t.Minutes[incident.Minute(c.at)]++
}

func (o *oracle) checkCounter(id string, want incident.Tally) {
	got, err := o.store.Tally(context.Background(), id)
	if err != nil || got.Count != want.Count || !maps.Equal(got.Minutes, want.Minutes) {
		o.wrong("counter", "%s: %d, %v; want %d", id, got.Count, err, want.Count)
	}
	if !got.First.Equal(want.First) || !got.Last.Equal(want.Last) {
		o.wrong("counter", "%s: from %v to %v, want %v to %v", id, got.First, got.Last, want.First, want.Last)
	}
}

// checkNames wants every message to be about an incident that there is, and
// none of its own about a stranger.
func (o *oracle) checkNames() {
	for _, m := range o.messages {
		s := o.stream(m)
		switch {
		case m.ID == "" || m.Incident.ID == "":
			o.wrong("names", "a message without a name: %+v", m.Notice)
		case s == nil && m.Incident.ID != "digest" && m.Incident.ID != "strangers" && !strings.HasPrefix(m.Incident.ID, "provider-"):
			o.wrong("names", "%s is about %s, which is unknown", m.ID, m.Incident.ID)
		case s != nil && s.stranger:
			o.wrong("names", "%s is about a stranger alone: %s", m.ID, s.describe())
		case s != nil && m.Incident.Count > len(s.calls):
			o.wrong("names", "%s tells of %d calls, there were %d", m.ID, m.Incident.Count, len(s.calls))
		}
	}
}

func (o *oracle) stream(m *message) *stream { return o.simulation.byID[m.Incident.ID] }

// checkRepetitions allows one repetition on a channel for each fault of the
// one who had sent it before.
func (o *oracle) checkRepetitions() {
	for _, m := range o.messages {
		for _, channel := range []operation{slack, sns} {
			sound, by := 0, map[*execution]bool{}
			for _, p := range m.postings {
				if p.channel != channel {
					continue
				}
				if p.by.faults == 0 {
					sound++
				}
				if by[p.by] {
					o.wrong("repetition", "%s (%s) was sent twice at once at %v", m.ID, m.Kind, p.at)
				}
				by[p.by] = true
			}
			if sound > 1 {
				o.wrong("repetition", "%s (%s) came %d times without any fault, at %v", m.ID, m.Kind, sound, m.postings[0].at)
			}
		}
	}
}

// repeated counts repetitions.
func (o *oracle) repeated() (n int) {
	for _, m := range o.messages {
		on := map[operation]int{}
		for _, p := range m.postings {
			if on[p.channel]++; on[p.channel] > 1 {
				n++
			}
		}
	}
	return n
}

// checkChannels wants every message on every channel, and replies in a thread
// of their incident.
func (o *oracle) checkChannels() {
	threads := map[string]map[string]bool{}
	for _, p := range o.ledger.postings {
		id := p.notice.Incident.ID
		if threads[id] == nil {
			threads[id] = map[string]bool{}
		}
		if p.channel == slack && p.thread == "" {
			threads[id][p.name] = true
		} else if p.channel == slack && !threads[id][p.thread] {
			o.wrong("thread", "%s (%s) of %s replies to %s, which is no thread of it", p.notice.ID, p.notice.Kind, id, p.thread)
		}
	}
	for _, m := range o.messages {
		on := map[operation]bool{}
		for _, p := range m.postings {
			on[p.channel] = true
		}
		if m.Kind != notify.Evidence && (!on[slack] || !on[sns]) {
			o.wrong("channel", "%s (%s) of %s at %v is not on every channel", m.ID, m.Kind, m.Incident.ID, m.at)
		}
	}
}

// checkLeft wants nothing unsent or unanswered at the end.
func (o *oracle) checkLeft() {
	for i, err := range o.store.List(context.Background(), incident.Active) {
		if err != nil || len(i.Outbox) > 0 || len(i.Edits) > 0 {
			o.wrong("left", "%s: %d messages, %d edits, %v", i.ID, len(i.Outbox), len(i.Edits), err)
		}
	}
}
