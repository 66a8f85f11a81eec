package incident

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// editOf is a change as it is kept and told.
func editOf(c cloudtrail.Change) report.Change {
	return report.Change{Time: c.Time.UTC(), Name: c.Name, By: short(c.By), Via: short(c.Via), EventID: short(c.EventID)}
}

// edited notes an edit that people wait for an answer to. concerned are the
// children it is about, of an incident of a provider. The answer is decided at
// once, unless one was given just before. It is false where the edit is known
// or nobody waits.
func (i *Incident) edited(t turn, e report.Change, concerned []string) bool {
	if i.State != Open || i.knowsEdit(e) {
		return false
	}
	i.note(t, e)
	i.Edits = append(i.Edits, e)
	for _, id := range concerned {
		if !slices.Contains(i.Concerned, id) {
			i.Concerned = append(i.Concerned, id)
		}
	}
	if i.answerDue(t) {
		i.answer(t)
	}
	return true
}

// noteEdit notes an edit that another incident answers.
func (i *Incident) noteEdit(t turn, e report.Change) bool {
	if i.State != Open || i.knowsEdit(e) {
		return false
	}
	i.note(t, e)
	i.answeredEdits(e)
	return true
}

func (i *Incident) note(t turn, e report.Change) {
	if e.Time.After(i.Edited) {
		i.Edited = e.Time
	}
	i.NextCheck = earlier(i.NextCheck, t.now.Add(t.Settle))
	i.chapter(t, "edit", fmt.Sprintf("%s by %s", e.Name, cmp.Or(e.By, "an unknown caller")))
}

// knowsEdit reports whether the edit was heard of before.
func (i *Incident) knowsEdit(e report.Change) bool {
	return slices.Contains(i.Answered, editKey(e)) ||
		slices.ContainsFunc(i.Edits, func(known report.Change) bool { return editKey(known) == editKey(e) })
}

// editKey tells edits apart, also those without an event ID.
func editKey(e report.Change) string {
	return cmp.Or(e.EventID, e.Name+" "+e.Time.Format(time.RFC3339Nano))
}

// answerDue reports whether edits wait that are to be answered now.
func (i *Incident) answerDue(t turn) bool {
	return len(i.Edits) > 0 && (t.now.Sub(i.AnsweredAt) >= t.Together || len(i.Edits) >= MostEdits)
}

// answer decides to answer all edits that wait, in a message that waits itself
// where there is one. What a rule keeps quiet gives no answer.
func (i *Incident) answer(t turn) {
	edits, concerned := i.Edits, i.Concerned
	i.Edits, i.Concerned, i.AnsweredAt = nil, nil, t.now
	i.answeredEdits(edits...)
	if i.silent(t); i.Rule != "" {
		return
	}
	for n := range i.Outbox {
		if m := &i.Outbox[n]; m.Kind == notify.Answer && m.untried(t) {
			m.Edits, m.Covers = append(m.Edits, edits...), append(m.Covers, concerned...)
			return
		}
	}
	i.tell(t, Message{Kind: notify.Answer, Edits: edits, Covers: concerned})
}

func (i *Incident) answeredEdits(edits ...report.Change) {
	for _, e := range edits {
		i.Answered = append(i.Answered, editKey(e))
	}
	if n := len(i.Answered) - 4*MostEdits; n > 0 {
		i.Answered = slices.Delete(i.Answered, 0, n)
	}
}

// answered writes down what an answer said; nil where it was about many roles.
func (i *Incident) answered(t turn, r *report.Report) {
	switch {
	case r == nil:
		i.chapter(t, "answer", "told how the roles stand now")
		return
	case r.Verdict == report.AllowedNow:
		i.chapter(t, "answer", "the denied call would now be allowed")
	case r.Verdict == report.Explained:
		i.chapter(t, "answer", "still denied: "+string(mainCause(r)))
	default:
		i.chapter(t, "answer", "it cannot be told whether the denied call would be allowed")
	}
	if i.State == Open {
		i.judge(t, r, t.now)
	}
}

// earlier is the first of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
