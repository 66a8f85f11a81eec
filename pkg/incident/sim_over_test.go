package incident_test

import (
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// wasFine is whether the incident may have been over between a denial and the
// time at which an edit was dealt with.
func (o *oracle) wasFine(s *stream, last time.Time, ed *edit) bool {
	helped := slices.ContainsFunc(s.role.edits, func(e *edit) bool {
		return e.at.After(last) && e.at.Before(ed.at) && s.allowed(e.at) && s.allowed(e.at.Add(o.limits.Settle))
	})
	return helped || o.heardOver(s, last, o.simulation.edited[ed].done)
}

// heardOver is whether people heard between two times that it works again.
func (o *oracle) heardOver(s *stream, from, to time.Time) bool {
	return slices.ContainsFunc(o.overs(s), func(m *message) bool { return m.at.After(from) && !m.at.After(to) })
}

// checkBack wants what is told to be back to be back, and since when it had
// been fine.
func (o *oracle) checkBack() {
	for _, s := range o.streams {
		var over *message
		for _, m := range o.byID[s.id] {
			switch m.Kind {
			case notify.Over:
				over = m
			case notify.Back:
				again := slices.ContainsFunc(s.calls, func(c *call) bool {
					return c.at.After(m.Since) && !o.simulation.calls[c].first.After(m.at)
				})
				if !again || over != nil && m.Since.Before(over.Since) {
					o.wrong("back", "%s at %v says that %s is back, fine since %v", m.ID, m.at, s.describe(), m.Since)
				}
			}
		}
	}
}

// checkOver wants the good news told where it is true, and only there.
func (o *oracle) checkOver() {
	for _, m := range o.messages {
		if s := o.stream(m); s != nil && m.Kind == notify.Over {
			o.figures.over++
			if _, worked := s.succeeded(o.lastBefore(s, m.at), m.at); !worked && !s.allowed(m.at) {
				o.wrong("false", "%s says at %v that %s works again, and it does not", m.ID, m.at, s.describe())
			}
		}
	}
	for _, ed := range o.edits {
		for _, s := range o.concerned(ed) {
			if o.duty(ed, s) == mustAnswer && s.allowed(ed.at) {
				o.checkMended(ed, s)
			}
		}
	}
}

// lastBefore is the last call that was handled before a time.
func (o *oracle) lastBefore(s *stream, t time.Time) (last time.Time) {
	for _, c := range s.calls {
		if o.simulation.calls[c].done.Before(t) {
			last = later(last, c.at)
		}
	}
	return last
}

// checkMended wants to hear that it is over after an edit that helped and was
// left as it is.
func (o *oracle) checkMended(ed *edit, s *stream) {
	came := o.simulation.edited[ed].first
	for _, c := range s.calls { // those that came before STS knew
		if c.at.Sub(ed.at) < time.Minute && o.simulation.calls[c].done.After(came) {
			came = o.simulation.calls[c].done
		}
	}
	due, _ := o.deadline(s, o.allMended(s, came), o.limits.Settle+30*time.Minute, false)
	if o.spoken(s, came) || o.spoken(s, due) { // then the next day begins with it
		came = due
		due, _ = o.deadline(s, due.Truncate(day).Add(day), o.limits.Settle, false)
		if o.lastHeard(s, due) == notify.Over || due.After(o.end) || o.lastBefore(s, due).After(came) {
			return // nobody heard that it was back, or it failed anew
		}
	}
	if !s.allowed(due) {
		return
	}
	if !o.heardOver(s, ed.at, due) {
		o.wrong("over", "%s was mended at %v by %s, and nobody heard by %v", s.describe(), ed.at, ed.id, due)
	}
}

// allMended is when the last of those was mended that fail for the same reason
// of their provider: people hear of all of them together.
func (o *oracle) allMended(s *stream, mended time.Time) time.Time {
	for _, other := range o.streams {
		if !s.common() || other.role.issuer != s.role.issuer || other.caller.name != s.caller.name || other.code != s.code {
			continue
		}
		for _, ed := range other.role.edits {
			if other.allowed(ed.at) && !other.allowed(ed.at.Add(-time.Second)) && ed.at.Sub(mended) < 2*day {
				mended = later(mended, o.simulation.edited[ed].done)
			}
		}
	}
	return mended
}

// spoken is whether an incident has told all it may on a day.
func (o *oracle) spoken(s *stream, t time.Time) bool {
	n := 0
	for _, m := range o.byID[s.id] {
		if slices.Contains(unsolicited, m.Kind) && m.at.Format(time.DateOnly) == t.Format(time.DateOnly) {
			n++
		}
	}
	return n >= o.limits.PerDay
}

// lastHeard is what people heard last of an incident up to a time, answers
// aside.
func (o *oracle) lastHeard(s *stream, t time.Time) (last notify.Kind) {
	for _, m := range o.byID[s.id] {
		if slices.Contains(unsolicited, m.Kind) && !m.at.After(t) {
			last = m.Kind
		}
	}
	return last
}
