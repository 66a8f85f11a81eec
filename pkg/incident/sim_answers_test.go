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

// checkAnswer holds what an answer says against the truth of the time at which
// it was given.
func (o *oracle) checkAnswer(ed *edit, s *stream, m *message) {
	p := m.postings[0] // the others say the same
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
