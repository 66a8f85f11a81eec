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
// first handled, and no more of them in a digest than that tells of.
func (o *oracle) checkAlerts() {
	inDigest := map[*message]int{}
	for _, s := range o.streams {
		if s.stranger {
			continue
		}
		for _, sp := range o.spells(s) {
			if o.snoozed(s, sp.began) {
				continue
			}
			o.figures.spells++
			at, digest := o.toldAt(s, sp)
			if digest != nil {
				inDigest[digest]++
				o.figures.inDigests++
			}
			o.judgeDelay(s, sp, at, digest != nil)
		}
	}
	for m, n := range inDigest {
		if n > m.Digest.Incidents {
			o.wrong("digest", "%s at %v tells of %d incidents: %d are told by nothing else", m.ID, m.at, m.Digest.Incidents, n)
		}
	}
}

func (o *oracle) judgeDelay(s *stream, sp spell, at time.Time, byDigest bool) {
	if at.IsZero() {
		o.wrong("lost", "%s began at %v (call %s) and was never told", s.describe(), sp.began, sp.id)
		return
	}
	ok, clean := o.inTime(s, sp.began, at, time.Minute, byDigest)
	if !ok {
		o.wrong("late", "%s began at %v and was told at %v", s.describe(), sp.began, at)
	}
	delay := at.Sub(sp.began)
	if clean {
		o.figures.cleanDelay = max(o.figures.cleanDelay, delay)
	} else {
		o.figures.struckDelay = max(o.figures.struckDelay, delay)
	}
}

// toldAt is when people heard of a spell: by a message of its own, by that of
// its provider, or else by the next digest.
func (o *oracle) toldAt(s *stream, sp spell) (at time.Time, digest *message) {
	for _, m := range o.byID[s.id] {
		if (m.Kind == notify.Alert || m.Kind == notify.Back) && !m.at.Before(sp.began) {
			at = m.at
			break
		}
	}
	if t := o.parentTold(s, sp); !t.IsZero() && (at.IsZero() || t.Before(at)) {
		return t, nil
	}
	if !at.IsZero() && at.Sub(sp.began) <= time.Minute+tick {
		return at, nil
	}
	for _, m := range o.digests {
		if !m.at.Before(sp.began) && (at.IsZero() || m.at.Before(at)) && m.Digest.Incidents > 0 {
			return m.at, m
		}
	}
	return at, nil
}

// parentTold is when people heard that the provider fails for many, the zero
// time where they did not or had heard that it works again.
func (o *oracle) parentTold(s *stream, sp spell) time.Time {
	told := time.Time{}
	for _, m := range o.parents[s.role.issuer.arn] {
		switch {
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
