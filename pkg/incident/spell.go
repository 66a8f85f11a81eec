package incident

import (
	"cmp"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// denial is a denied call with what was found out about it.
type denial struct {
	event  *cloudtrail.Event
	at     time.Time      // of the call
	begun  time.Time      // when the diagnosis began
	report *report.Report // nil: not diagnosed
	parent string         // ID of the incident of the provider that speaks for it; "": none
}

// step is what a denial asks for.
type step int

const (
	nothing   step = iota // to be counted
	remember              // the subject is new
	diagnosis             // the call is to be looked at, and perhaps told
)

// A stranger is judged again after a day: it may have come to be trusted.
const judgeAgain = 24 * time.Hour

// next is what a denial asks for. It depends on what is saved alone: whether
// the event was counted before does not matter.
func (i *Incident) next(t turn, d denial) step {
	switch {
	case i.Revision == 0, i.State == Open && i.updateDue(t, d.at):
		return diagnosis
	case i.State == Folded && t.now.Sub(i.Checked) >= judgeAgain:
		return diagnosis
	case i.State == Folded && !t.now.Before(i.NextUpdate):
		return remember
	case i.closed() && d.at.After(i.Closed):
		return diagnosis
	case i.knows(d.event.Subject):
		return nothing
	}
	return remember
}

func (i *Incident) closed() bool { return i.State == Over || i.State == Quiet }

// updateDue reports whether it is time to say that calls go on being denied.
// A call from before the last message is no news.
func (i *Incident) updateDue(t turn, at time.Time) bool {
	return i.Kind == Call && i.Parent == "" && i.Rule == "" && i.Waits.IsZero() && i.Owed == nil &&
		!t.now.Before(i.NextUpdate) && at.After(i.NextUpdate.Add(-i.wait(t)))
}

// wait is the time from the last message to the next update.
func (i *Incident) wait(t turn) time.Duration {
	return t.Updates[min(i.Updates, len(t.Updates)-1)]
}

// denied changes the incident by a denial. It is false where there is nothing
// to save.
func (i *Incident) denied(t turn, d denial) bool {
	switch i.next(t, d) {
	case nothing:
		return false
	case remember:
		i.see(d.event.Subject)
		if i.State == Folded {
			i.NextUpdate = t.now.Add(t.Strangers)
		}
		return true
	}
	if d.report == nil {
		return false
	}
	if i.late(d) {
		i.see(d.event.Subject)
		i.Closed = d.at
		return true
	}
	i.learn(t, d)
	i.decide(t, d)
	return true
}

// late reports whether a denial comes to be known after the incident was
// closed, although it was made before, while the edit that closed it had not
// reached all of STS.
func (i *Incident) late(d denial) bool {
	return i.closed() && d.report.Verdict == report.AllowedNow && !d.at.After(i.Checked)
}

// decide says what becomes of the incident after a diagnosis.
func (i *Incident) decide(t turn, d denial) {
	switch {
	case d.report.Caller == report.Stranger:
		i.fold(t)
	case i.State != Open:
		i.begin(t, d)
	default:
		due := i.updateDue(t, d.at)
		i.link(t, d.parent)
		if !i.silent(t) && due {
			i.goOn(t)
		}
	}
}

// begin opens the incident, for the first time or again.
func (i *Incident) begin(t turn, d denial) {
	since, back := i.Closed, i.closed()
	i.State, i.Opened, i.Begun, i.Closed = Open, d.at, d.begun, time.Time{}
	i.Updates, i.Parent, i.Edits = 0, "", nil
	i.Announced, i.Owed = i.takenForOpen(), nil
	i.NextUpdate, i.NextCheck = t.now.Add(i.wait(t)), t.now.Add(t.Settle)
	m := Message{Kind: notify.Alert}
	if back {
		m = Message{Kind: notify.Back, Since: since}
		i.chapter(t, "back", "denied again; it had been fine since "+since.Format(time.RFC3339))
	} else {
		i.chapter(t, "opened", i.Headline)
	}
	i.link(t, d.parent)
	if !i.silent(t) {
		i.news(t, m)
	}
}

// goOn says that calls go on being denied.
func (i *Incident) goOn(t turn) {
	i.Updates++
	i.NextUpdate = t.now.Add(i.wait(t))
	if i.tell(t, Message{Kind: notify.Update}) {
		i.chapter(t, "update", "still denied")
	}
}

// fold puts the incident of a stranger aside. Its record is not needed: the
// next call is diagnosed anew.
func (i *Incident) fold(t turn) {
	if i.State != Folded {
		i.chapter(t, "folded", "the caller is a stranger: told with all the others")
	}
	i.State, i.Closed, i.Waits, i.NextCheck = Folded, time.Time{}, time.Time{}, time.Time{}
	i.Event, i.Edits, i.Owed, i.Parent, i.Rule = nil, nil, nil, "", ""
	i.NextUpdate = t.now.Add(t.Strangers)
}

// link lets the incident of the provider speak for this one.
func (i *Incident) link(t turn, parent string) {
	if parent != "" && parent != i.Parent {
		i.Parent = parent
		i.chapter(t, "parent", "one of many roles that fail for their provider: told with "+parent)
	}
}

// silent reports whether a rule or the incident of the provider keeps the
// incident from telling anything.
func (i *Incident) silent(t turn) bool {
	if t.rules.read {
		rule := t.rules.keeping(i, t)
		if rule != "" && rule != i.Rule {
			i.chapter(t, "snoozed", "kept quiet by a rule: "+rule)
		}
		i.Rule = rule
	}
	return i.Rule != "" || i.Parent != ""
}

// keeping is the first rule that keeps the incident quiet, "" for none.
func (b rulebook) keeping(i *Incident, t turn) string {
	for _, r := range b.rules {
		if r.Keeps(i, t.now) {
			return ruleName(r)
		}
	}
	return ""
}

func ruleName(r Rule) string { return short(cmp.Or(r.String(), "a rule")) }

// end closes the incident: since is when it began to be fine, because how that
// is known.
func (i *Incident) end(t turn, s State, since time.Time, because string) {
	i.State, i.Closed, i.Checked, i.NextCheck, i.Owed = s, since, t.now, time.Time{}, nil
	i.chapter(t, string(s), because)
	if s == Over && i.Announced && !i.silent(t) {
		i.news(t, Message{Kind: notify.Over, Since: since, Because: because})
	}
}
