package incident_test

import (
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// duty is what an edit asks for an incident.
type duty int

const (
	mayAnswer duty = iota
	mustAnswer
	mustNot
)

// checkAnswers wants each edit answered once for each open incident that it
// concerns, with the truth as of then.
func (o *oracle) checkAnswers() {
	for _, ed := range o.edits {
		for _, s := range o.concerned(ed) {
			answers := o.answersTo(ed, s)
			d := o.duty(ed, s)
			switch {
			case len(answers) > 1:
				o.wrong("answer", "%s %s at %v: answered %d times for %s: %s, %s", ed.name, ed.id, ed.at, len(answers), s.describe(), answers[0].ID, answers[1].ID)
			case d == mustAnswer && len(answers) == 0:
				o.wrong("answer", "%s %s at %v: not answered for %s", ed.name, ed.id, ed.at, s.describe())
			case d == mustNot && len(answers) > 0:
				o.wrong("answer", "%s %s at %v: answered for %s, which nobody had heard of", ed.name, ed.id, ed.at, s.describe())
			}
			for _, m := range answers {
				o.checkAnswer(ed, s, m)
			}
			if d == mustAnswer && len(answers) == 1 {
				o.checkPromptness(ed, s, answers[0])
			}
		}
	}
}

// concerned are the streams of the role or provider that was edited, without
// strangers: their incidents are not open.
func (o *oracle) concerned(ed *edit) []*stream {
	var found []*stream
	for _, s := range o.streams {
		if !s.stranger && (ed.role == s.role || ed.issuer == s.role.issuer) {
			found = append(found, s)
		}
	}
	return found
}

// answersTo are the answers to an edit that are about a stream.
func (o *oracle) answersTo(ed *edit, s *stream) []*message {
	var found []*message
	for _, m := range o.answers[ed.id] {
		about := slices.ContainsFunc(m.Roles, func(r notify.RoleState) bool { return r.Role == s.arn })
		if m.Kind == notify.Answer && (m.Incident.ID == s.id || about && s.common()) {
			found = append(found, m)
		}
	}
	return found
}

// duty is whether the incident of a stream was open when an edit came, by the
// truth: people had heard of it, it was denied, and not for the last time a
// day ago.
func (o *oracle) duty(ed *edit, s *stream) duty {
	came := o.simulation.edited[ed].first
	var last time.Time // of the calls that were dealt with before
	heard := false
	for _, c := range s.calls {
		h := o.simulation.calls[c]
		heard = heard || !h.first.After(o.simulation.edited[ed].done.Add(2*time.Minute))
		if h.done.Before(came) {
			last = later(last, c.at)
		}
	}
	before := ed.at.Add(-time.Second)
	_, mended := s.succeeded(last, came)
	switch {
	case !heard || o.snoozed(s, came.Add(5*time.Minute)):
		return mustNot
	case last.IsZero(), mended, s.allowed(before), came.Sub(last) > 23*hour, o.snoozed(s, last), o.wasFine(s, last, ed):
		return mayAnswer
	}
	return mustAnswer
}

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

// checkAnswer holds what an answer says against the truth of the time at which
// it was given.
func (o *oracle) checkAnswer(ed *edit, s *stream, m *message) {
	for _, p := range m.postings {
		allowed := p.verdict == report.AllowedNow
		for _, r := range p.notice.Roles {
			if r.Role == s.arn {
				allowed = r.Allowed
			}
		}
		if allowed != s.allowed(p.at) {
			o.wrong("truth", "%s at %v answers %s (%s) with allowed %t for %s, which is %t", m.ID, p.at, ed.id, ed.name, allowed, s.describe(), s.allowed(p.at))
		}
		if allowed {
			o.figures.allowedNow++
		} else {
			o.figures.stillDenied++
		}
		return // of the first posting: the others say the same
	}
}

// checkPromptness wants an answer within the time in which edits are gathered,
// and a minute.
func (o *oracle) checkPromptness(ed *edit, s *stream, m *message) {
	came := o.simulation.edited[ed].first
	due, struck := o.deadline(s, came, o.limits.Together+time.Minute, false)
	if m.at.After(due) {
		o.wrong("slow", "%s at %v for %s answers %s of %v", m.ID, m.at, s.describe(), ed.id, came)
	}
	if !struck {
		o.figures.answerDelay = max(o.figures.answerDelay, m.at.Sub(came))
	}
}

// checkTogether wants two answers of one incident to come a minute apart: edits
// within it are answered together.
func (o *oracle) checkTogether() {
	for id, all := range o.byID {
		var last *message
		for _, m := range all {
			if m.Kind != notify.Answer {
				continue
			}
			if last != nil && m.at.Sub(last.at) < o.limits.Together && !o.late(last) {
				o.wrong("together", "%s of %s came %v after %s", m.ID, id, m.at.Sub(last.at), last.ID)
			}
			last = m
		}
	}
}

// late is whether an answer may have been decided a while before it came.
func (o *oracle) late(m *message) bool {
	for _, e := range o.struck {
		if e.at.After(m.at.Add(-5*time.Minute)) && !e.at.After(m.at) {
			return true
		}
	}
	return false
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

// checkProviders wants the roles of a storm to be told as one: by a message that
// names many of them, and by none of their own while that stands.
func (o *oracle) checkProviders() {
	for _, st := range o.storms() {
		arn, many := st.roles[0].issuer.arn, 0
		for _, m := range o.parents[arn] {
			if m.Kind == notify.Provider && m.at.After(st.at) && m.at.Before(st.at.Add(3*hour)) {
				many = len(m.Roles)
			}
		}
		if st.common && many < o.limits.ManyRoles {
			o.wrong("provider", "a storm of %s at %v: a message names %d roles", arn, st.at, many)
		}
	}
	for _, s := range o.streams {
		for _, m := range o.byID[s.id] {
			told := o.parentTold(s, spell{nil, m.at.Add(-tick)})
			single := m.Kind == notify.Alert || m.Kind == notify.Back || m.Kind == notify.Update
			if s.common() && single && !told.IsZero() && told.Before(m.at.Add(-tick)) && !o.late(m) {
				o.wrong("provider", "%s (%s) at %v of %s, of which its provider had told", m.ID, m.Kind, m.at, s.describe())
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
	if !s.allowed(due) || o.spoken(s, came) {
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
	return n >= 6
}
