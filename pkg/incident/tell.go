package incident

import (
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// tell puts a message into the outbox, held by the turn: the intent. It is
// false where the incident has told enough for the day. It is the caller who
// decides that something is to be told.
func (i *Incident) tell(t turn, m Message) bool {
	if !i.mayTell(t, m.Kind) {
		i.Told.Withheld++
		return false
	}
	i.Sent++
	i.Announced = true
	m.ID = fmt.Sprintf("%s-%d", i.ID, i.Sent)
	m.At, m.Claimed, m.By, m.Tries = t.now, t.now, t.by, 1
	m.Channels = slices.Clone(t.channels)
	if len(i.Outbox) >= MostOutbox {
		i.giveUp(t, 0)
	}
	i.Outbox = append(i.Outbox, m)
	return true
}

// asked are the kinds that people have asked for, or that have a limit of
// their own.
var asked = []notify.Kind{notify.Answer, notify.Digest, notify.Security}

// news tells that a spell has begun or ended, with the next day where the
// incident has told enough for this one.
func (i *Incident) news(t turn, m Message) {
	if i.Owed = nil; !i.tell(t, m) {
		i.Owed = &m
	}
}

// owes reports whether it is time to tell what an earlier day kept back.
func (i *Incident) owes(t turn) bool {
	return i.Owed != nil && t.now.Format(time.DateOnly) > i.Told.Day
}

// takenForOpen reports whether people were not told yet that it is over. If it
// begins anew, its end is news to them all the same.
func (i *Incident) takenForOpen() bool { return i.Owed != nil && i.Owed.Kind == notify.Over }

// pay tells what was owed, unless something else keeps it quiet by now.
func (i *Incident) pay(t turn) {
	m := *i.Owed
	if i.Owed = nil; i.silent(t) {
		return
	}
	i.Updates, i.NextUpdate = 0, t.now.Add(t.Updates[0])
	i.news(t, m)
}

// mayTell counts a message that nobody asked for. What merely goes on leaves
// one for the news that it is over.
func (i *Incident) mayTell(t turn, k notify.Kind) bool {
	if slices.Contains(asked, k) {
		return true
	}
	if day := t.now.Format(time.DateOnly); i.Told.Day != day {
		i.Told = Told{Day: day, Before: i.Told.withheldBefore(t.now)}
	}
	most := t.PerDay
	if k == notify.Update || k == notify.Evidence {
		most--
	}
	if i.Told.Count >= most {
		return false
	}
	i.Told.Count++
	return true
}

// withheldBefore is how many messages were withheld on the day before a time.
func (o Told) withheldBefore(now time.Time) int {
	switch o.Day {
	case now.Format(time.DateOnly):
		return o.Before
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return o.Withheld
	}
	return 0
}
