package incident_test

import (
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// checkStrangers wants them told in time, and in no hour more than twice.
func (o *oracle) checkStrangers() {
	o.figures.strangersPerHour = mostInAnHour(o.security)
	o.figures.digestsPerHour = mostInAnHour(o.digests)
	if o.figures.strangersPerHour > 2 {
		o.wrong("strangers", "%d messages about strangers within an hour", o.figures.strangersPerHour)
	}
	for _, s := range o.streams {
		if s.stranger {
			o.checkStranger(s)
		}
	}
}

// mostInAnHour is how many messages come within an hour at most.
func mostInAnHour(all []*message) (most int) {
	for i, m := range all {
		n := 0
		for _, other := range all[i:] {
			if other.at.Before(m.at.Add(hour)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// checkStranger wants a stranger told with all the others, within the time for
// which they are gathered.
func (o *oracle) checkStranger(s *stream) {
	began := o.simulation.calls[o.byHandling(s)[0]].first
	i := slices.IndexFunc(o.security, func(m *message) bool { return !m.at.Before(began) })
	if i < 0 {
		o.wrong("strangers", "%s at %v was never told", s.describe(), began)
		return
	}
	due, struck := o.deadline(s, began, o.limits.Strangers+time.Minute, true)
	if struck {
		due = due.Add(5 * time.Minute) // a channel that was away is tried again by then
	}
	if o.security[i].at.After(due) {
		o.wrong("strangers", "%s came at %v and was told at %v", s.describe(), began, o.security[i].at)
	}
}

// checkRates wants no more alerts and no more updates in an hour than the
// limits say, in all and for each role. Who cannot read a limit, for a fault,
// may exceed it.
func (o *oracle) checkRates() {
	told := map[string]int{}
	for _, m := range o.messages {
		if o.stream(m) == nil {
			continue
		}
		clock, limit := m.at.Format("02 15h"), map[string]int{}
		switch m.Kind {
		case notify.Update:
			limit["updates "+clock] = o.limits.InAll
		case notify.Alert, notify.Back:
			limit["alerts "+clock], limit[m.Incident.Role+" "+clock] = o.limits.InAll, o.limits.PerRole
		}
		for what, most := range limit {
			if told[what]++; told[what] > most+o.strikes(m.at) {
				o.wrong("rate", "%s: %d, with %s", what, told[what], m.ID)
			}
		}
	}
}

// strikes counts faults in the hour of the clock up to a time, and a little
// before.
func (o *oracle) strikes(t time.Time) (n int) {
	from := t.Truncate(hour).Add(-5 * time.Minute)
	for _, e := range o.struck {
		if e.at.After(from) && !e.at.After(t) {
			n++
		}
	}
	return n
}

// unsolicited are the kinds of messages about one incident that nobody asked
// for.
var unsolicited = []notify.Kind{notify.Alert, notify.Update, notify.Over, notify.Back, notify.Provider}

// checkDays wants no incident to speak up more than six times on a day.
func (o *oracle) checkDays() {
	type incidentDay struct{ id, day string }
	told := map[incidentDay]int{}
	for _, m := range o.messages {
		if !slices.Contains(unsolicited, m.Kind) || m.Incident.ID == "strangers" {
			continue
		}
		d := incidentDay{m.Incident.ID, m.at.Format(time.DateOnly)}
		if told[d]++; told[d] > 6 {
			o.wrong("day", "%s told %d times on %s, with %s (%s)", d.id, told[d], d.day, m.ID, m.Kind)
		}
		o.figures.perDay = max(o.figures.perDay, told[d])
	}
}
