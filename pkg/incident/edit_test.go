package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

func editNamed(id string, d time.Duration) report.Change {
	return report.Change{EventID: id, Name: "UpdateAssumeRolePolicy", By: "jo", Time: noon.Add(d)}
}

// The first edit is answered at once, those that come soon after it together.
func TestEditsAreAnsweredTogether(t *testing.T) {
	i := opened()
	hear := func(when time.Duration, id string) bool {
		return i.edited(after(when, id), editNamed(id, when), nil)
	}
	if !hear(time.Hour, "1") || !slices.Equal(i.told(), []notify.Kind{notify.Answer}) {
		t.Fatalf("told %v", i.told())
	}
	if hear(time.Hour, "1") {
		t.Error("an edit that was answered is answered again")
	}
	for n := range 3 {
		hear(time.Hour+time.Duration(n)*time.Second, fmt.Sprint(n+2))
	}
	if hear(time.Hour+4*time.Second, "3") || len(i.Outbox) != 1 || len(i.Edits) != 3 || i.Shelf() != Active {
		t.Fatalf("%d messages, %d edits wait", len(i.Outbox), len(i.Edits))
	}
	if i.resume(after(time.Hour+59*time.Second, "early")) {
		t.Error("answered too early")
	}
	if !i.resume(after(time.Hour+time.Minute, "late")) || len(i.Outbox) != 2 || len(i.Outbox[1].Edits) != 3 || len(i.Edits) != 0 {
		t.Errorf("outbox %+v, %d edits wait", i.Outbox, len(i.Edits))
	}
}

func TestWhoAnswersNot(t *testing.T) {
	for _, tt := range []struct {
		name  string
		i     *Incident
		turn  turn
		heard bool
	}{
		{"over", over(), after(time.Hour, "b"), false},
		{"a stranger", folded(), after(time.Hour, "b"), false},
		{"nothing is known", &Incident{}, after(0, "b"), false},
		{"kept quiet", opened(), after(time.Minute, "b").quiet(), true},
	} {
		if got := tt.i.edited(tt.turn, editNamed("1", 0), nil); got != tt.heard || len(tt.i.Outbox) > 0 || len(tt.i.Edits) > 0 {
			t.Errorf("%s: heard %t, outbox %+v, %d edits wait", tt.name, got, tt.i.Outbox, len(tt.i.Edits))
		}
	}
}

// An answer that had to wait takes up the edits that came meanwhile; one that
// somebody may have got does not.
func TestAnswersThatWaitAreOne(t *testing.T) {
	for _, tt := range []struct {
		name     string
		outcomes []notify.Outcome
		messages int
	}{
		{"nobody has it", nil, 1},
		{"refused, or so it seems", []notify.Outcome{refused("slack"), refused("sns")}, 2},
	} {
		i := opened()
		i.edited(after(time.Hour, "a"), editNamed("1", time.Hour), nil)
		i.settle(after(time.Hour, "a"), i.Outbox[0].ID, tt.outcomes)
		i.edited(after(time.Hour+time.Second, "b"), editNamed("2", time.Hour), nil)
		i.resume(after(time.Hour+time.Minute, "c"))
		if len(i.Outbox) != tt.messages || !i.holds("c") || len(i.Edits) > 0 || tt.messages == 1 && len(i.Outbox[0].Edits) != 2 {
			t.Errorf("%s: %+v", tt.name, i.Outbox)
		}
	}
}

// However many edits come at once, what is kept of them is bounded, and each is
// answered.
func TestManyEditsAreAnsweredEarly(t *testing.T) {
	i, answered := opened(), 0
	for n := range 6 * MostEdits {
		i.edited(after(time.Hour, fmt.Sprint(n)), editNamed(fmt.Sprint(n), time.Hour), nil)
		if len(i.Edits) >= MostEdits {
			t.Fatalf("%d edits wait", len(i.Edits))
		}
	}
	i.resume(after(2*time.Hour, "last"))
	for _, m := range i.Outbox {
		answered += len(m.Edits)
	}
	if answered != 6*MostEdits || len(i.Answered) != 4*MostEdits {
		t.Errorf("%d edits answered, %d known", answered, len(i.Answered))
	}
}

func TestEditsWithoutIDAreToldApart(t *testing.T) {
	i := opened()
	first, second := editNamed("", time.Hour), editNamed("", 2*time.Hour)
	if !i.noteEdit(after(time.Hour, "a"), first) || i.noteEdit(after(time.Hour, "a"), first) || !i.noteEdit(after(time.Hour, "a"), second) {
		t.Errorf("answered %v", i.Answered)
	}
	if !i.Edited.Equal(second.Time) || len(i.Outbox) > 0 {
		t.Errorf("edited at %v, outbox %+v", i.Edited, i.Outbox)
	}
}

func TestAnswered(t *testing.T) {
	for verdict, want := range map[report.Verdict]string{
		report.AllowedNow:  "the denied call would now be allowed",
		report.Explained:   "still denied: subject-mismatch",
		report.Unexplained: "it cannot be told whether the denied call would be allowed",
	} {
		i := opened()
		i.answered(after(0, "a"), denialAt(0, func(r *report.Report) { r.Verdict = verdict }).report)
		if got := i.Story[len(i.Story)-1].Text; got != want {
			t.Errorf("%s: %q, want %q", verdict, got, want)
		}
	}
}

// An edit is heard of when it comes first, however often it comes.
func TestKeepKnowsWhenAnEditCameFirst(t *testing.T) {
	i := &Incident{}
	for n := range 3 {
		first, changed := i.keep(after(time.Duration(n)*time.Hour, "a"), editNamed("1", 0))
		if !first.Equal(noon) || changed != (n == 0) {
			t.Errorf("time %d: first %v, changed %t", n, first, changed)
		}
	}
	for n := range 2 * MostEdits {
		i.keep(after(0, "a"), editNamed(fmt.Sprint("x", n), 0))
	}
	if len(i.Recent) != MostEdits || i.Shelf() != Closed {
		t.Errorf("%d edits are kept on the shelf %s", len(i.Recent), i.Shelf())
	}
}
