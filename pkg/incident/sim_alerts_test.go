package incident_test

import (
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// spell is one time of failing, told as one: its first call, and when that was
// first handled.
type spell struct {
	*call
	began time.Time
}

// spells are those of which people must hear: the first, and each that began
// after they heard that it was over, or after more than a day of quiet.
func (o *oracle) spells(s *stream) []spell {
	var found []spell
	var last time.Time
	for _, c := range o.byHandling(s) {
		h := o.simulation.calls[c]
		began := len(found) == 0 || h.first.Sub(last) > 26*hour && c.at.Sub(last) > 24*hour || o.overSince(s, c, found[len(found)-1].began)
		if began {
			found = append(found, spell{c, h.first})
		}
		last = later(last, h.first)
	}
	return found
}

// byHandling are the calls of a stream in the order in which they were first
// handled.
func (o *oracle) byHandling(s *stream) []*call {
	calls := slices.Clone(s.calls)
	slices.SortStableFunc(calls, func(a, b *call) int {
		return o.simulation.calls[a].first.Compare(o.simulation.calls[b].first)
	})
	return calls
}

// overSince is whether people had heard, since a spell began, that it was over
// before the call was made and before it was handled.
func (o *oracle) overSince(s *stream, c *call, began time.Time) bool {
	return slices.ContainsFunc(o.overs(s), func(m *message) bool {
		return m.at.After(began) && m.at.Before(o.simulation.calls[c].first) && c.at.After(m.Since)
	})
}

// overs are the messages that a stream works again: its own, and those of its
// provider.
func (o *oracle) overs(s *stream) []*message {
	var found []*message
	for _, m := range slices.Concat(o.byID[s.id], o.parents[s.role.issuer.arn]) {
		if m.Kind == notify.Over {
			found = append(found, m)
		}
	}
	return found
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// checkAlerts wants every spell told within a minute after its first call was
// first handled. A digest tells of no more than it says.
func (o *oracle) checkAlerts() {
	var untold []spell
	for _, s := range o.streams {
		if s.stranger {
			continue
		}
		for _, sp := range o.spells(s) {
			if o.snoozed(s, sp.began) {
				continue
			}
			o.figures.spells++
			due, struck := o.deadline(s, sp.began, time.Minute, false)
			if at := o.toldAt(s, sp); at.IsZero() || at.After(due) {
				untold = append(untold, spell{sp.call, sp.began})
			} else {
				o.delayed(at.Sub(sp.began), struck)
			}
		}
	}
	o.checkDigests(untold)
}

// checkDigests wants those told by a digest that were told by nothing else.
func (o *oracle) checkDigests(untold []spell) {
	room := map[*message]int{}
	for _, m := range o.digests {
		room[m] = m.Digest.Incidents
	}
	slices.SortStableFunc(untold, func(a, b spell) int { return a.began.Compare(b.began) })
	for _, sp := range untold {
		if o.spoken(sp.of, sp.began) {
			o.figures.withheld++
			continue
		}
		due, struck := o.deadline(sp.of, sp.began, time.Minute, true)
		i := slices.IndexFunc(o.digests, func(m *message) bool { return !m.at.Before(sp.began) && room[m] > 0 })
		if i < 0 || o.digests[i].at.After(due) {
			o.wrong("alert", "%s began at %v (call %s, done %v) and was not told by %v; own message: %v", sp.of.describe(), sp.began, sp.id, o.simulation.calls[sp.call].done, due, o.toldAt(sp.of, sp))
			continue
		}
		room[o.digests[i]]--
		o.figures.inDigests++
		o.delayed(o.digests[i].at.Sub(sp.began), struck)
	}
	o.checkWithheld()
}

// checkWithheld wants a digest to say how many messages were not sent, where an
// incident had told enough for the day.
func (o *oracle) checkWithheld() {
	said := 0
	for _, m := range o.digests {
		said += m.Digest.Withheld
	}
	if said < o.figures.withheld {
		o.wrong("digest", "%d messages were withheld, and digests tell of %d", o.figures.withheld, said)
	}
}

func (o *oracle) delayed(delay time.Duration, struck bool) {
	if struck {
		o.figures.struckDelay = max(o.figures.struckDelay, delay)
	} else {
		o.figures.cleanDelay = max(o.figures.cleanDelay, delay)
	}
}

// toldAt is when people heard of a spell, by a message of its own or by that of
// its provider.
func (o *oracle) toldAt(s *stream, sp spell) time.Time {
	told := o.parentTold(s, sp)
	// One that its provider never spoke for goes on where the others work again.
	goesOn := o.lastHeard(s, sp.began.Add(-tick)) != notify.Over
	for _, m := range o.byID[s.id] {
		news := m.Kind == notify.Alert || m.Kind == notify.Back || m.Kind == notify.Update && goesOn
		if news && !m.at.Before(sp.began) {
			return earlier(told, m.at)
		}
	}
	return told
}

// earlier is the first of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// parentTold is when people heard that the provider fails for many, the zero
// time where they did not or had heard that it works again.
func (o *oracle) parentTold(s *stream, sp spell) time.Time {
	told := time.Time{}
	for _, m := range o.parents[s.role.issuer.arn] {
		switch {
		case !s.common():
		case m.Kind == notify.Over && m.at.Before(sp.began):
			told = time.Time{}
		case m.Kind != notify.Over && told.IsZero() && m.at.Before(sp.began.Add(hour)):
			told = later(m.at, sp.began)
		}
	}
	return told
}

// snoozed is whether the rule of the simulation keeps a stream quiet.
func (o *oracle) snoozed(s *stream, t time.Time) bool {
	i := &incident.Incident{Role: s.arn, Provider: s.role.issuer.arn}
	return slices.ContainsFunc(o.rule, func(r incident.Rule) bool { return r.Keeps(i, t) })
}

// checkSandbox wants no word about what a rule keeps quiet but in digests, and
// there all of it.
func (o *oracle) checkSandbox() {
	denials, shown := 0, 0
	for _, s := range o.streams {
		if s.stranger || !o.snoozed(s, o.start) {
			continue
		}
		for _, m := range o.byID[s.id] {
			if o.snoozed(s, m.at) {
				o.wrong("rule", "%s (%s) at %v is about %s, which a rule keeps quiet", m.ID, m.Kind, m.at, s.describe())
			}
		}
		for _, c := range s.calls {
			if o.snoozed(s, o.simulation.calls[c].done) {
				denials++
			}
		}
	}
	for _, m := range o.digests {
		for _, sn := range m.Digest.Snoozed {
			shown += sn.Denials
		}
	}
	o.figures.snoozed = denials
	if denials > 0 && shown == 0 {
		o.wrong("rule", "%d calls were kept quiet, and no digest shows it", denials)
	}
}
