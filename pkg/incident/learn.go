package incident

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// mostCauses bounds the history of causes.
const mostCauses = 20

// learn keeps what a diagnosis of a new call found.
func (i *Incident) learn(t turn, d denial) {
	e := &d.report.Event
	i.Kind = Call
	i.Account, i.AccountAlias = e.Account, short(e.AccountAlias)
	i.Role, i.Provider, i.ProviderName = e.Role, e.Provider, e.ProviderName
	i.Event = encode(d.event)
	i.see(d.event.Subject)
	i.judge(t, d.report, d.begun)
}

// judge keeps what a diagnosis found, be it of a call that was judged before.
func (i *Incident) judge(t turn, r *report.Report, begun time.Time) {
	i.Caller, i.Headline, i.Checked = r.Caller, notify.Headline(r), begun
	for _, c := range r.Changes {
		if c.Time.After(r.Event.Time) && c.Time.After(i.Edited) {
			i.Edited = c.Time
		}
	}
	cause := mainCause(r)
	if cause == "" || cause == i.cause() {
		return
	}
	if len(i.Causes) > 0 {
		i.chapter(t, "cause", "the cause is "+string(cause)+", no longer "+string(i.cause()))
	}
	i.Causes = append(i.Causes, Cause{Code: cause, From: begun})
	if len(i.Causes) > mostCauses {
		i.Causes = slices.Delete(i.Causes, 1, 2)
	}
}

// mainCause is the first that is more than possible, "" where there is none.
func mainCause(r *report.Report) report.Code {
	if len(r.Findings) == 0 || r.Findings[0].Certainty == report.Possible {
		return ""
	}
	return r.Findings[0].Code
}

// cause is the latest, "" where none is known.
func (i *Incident) cause() report.Code {
	if len(i.Causes) == 0 {
		return ""
	}
	return i.Causes[len(i.Causes)-1].Code
}

// see keeps a subject.
func (i *Incident) see(subject string) {
	switch {
	case i.knows(subject):
	case len(i.Subjects) < MostSubjects:
		i.Subjects = append(i.Subjects, keptSubject(subject))
	default:
		i.MoreSubjects = true
	}
}

// knows reports whether there is nothing to keep of a subject.
func (i *Incident) knows(subject string) bool {
	return subject == "" || i.MoreSubjects || slices.Contains(i.Subjects, keptSubject(subject))
}

func keptSubject(s string) string { return notify.Cut(s, mostText, "…") }

// encode keeps a record, nil where it is too long.
func encode(ev *cloudtrail.Event) json.RawMessage {
	raw, err := json.Marshal(ev)
	if err != nil || len(raw) > MostEvent {
		return nil
	}
	return raw
}

// decode is the record that is kept, nil where there is none.
func decode(raw json.RawMessage) *cloudtrail.Event {
	ev := new(cloudtrail.Event)
	if len(raw) == 0 || json.Unmarshal(raw, ev) != nil {
		return nil
	}
	if string(ev.Case) == "null" {
		ev.Case = nil
	}
	if string(ev.Parameters) == "null" {
		ev.Parameters = nil
	}
	return ev
}
