package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// told are the kinds of the messages in the outbox.
func (i *Incident) told() (kinds []notify.Kind) {
	for _, m := range i.Outbox {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

// chapters are the words for what happened.
func (i *Incident) chapters() (all []string) {
	for _, c := range i.Story {
		all = append(all, c.What)
	}
	return all
}

func folded() *Incident {
	i := &Incident{ID: "i"}
	i.denied(after(0, "a"), denialAt(0, stranger))
	i.Revision = 1
	return i
}

func closedQuietly() *Incident {
	i := opened()
	i.end(after(25*time.Hour, "closer"), Quiet, noon, "quiet")
	return i
}

func with(i *Incident, change func(*Incident)) *Incident {
	change(i)
	return i
}

func TestNext(t *testing.T) {
	newSubject := func(d denial) denial { d.event.Subject = "repo:acme/api:ref:refs/heads/dev"; return d }
	for _, tt := range []struct {
		name string
		i    *Incident
		when time.Duration
		d    denial
		want step
	}{
		{"the first of all", &Incident{}, 0, denialAt(0), diagnosis},
		{"a repetition", opened(), time.Minute, denialAt(time.Minute), nothing},
		{"another branch", opened(), time.Minute, newSubject(denialAt(time.Minute)), remember},
		{"time for an update", opened(), 15 * time.Minute, denialAt(14 * time.Minute), diagnosis},
		{"a call from before the alert", opened(), 15 * time.Minute, denialAt(-time.Minute), nothing},
		{"told by its provider", with(opened(), func(i *Incident) { i.Parent = "p" }), time.Hour, denialAt(time.Hour), nothing},
		{"kept quiet", with(opened(), func(i *Incident) { i.Rule = "r" }), time.Hour, denialAt(time.Hour), nothing},
		{"waits for a digest", with(opened(), func(i *Incident) { i.Waits = noon }), time.Hour, denialAt(time.Hour), nothing},
		{"back", over(), time.Hour, denialAt(time.Hour), diagnosis},
		{"late", over(), time.Hour, denialAt(9 * time.Minute), nothing},
		{"late, of another branch", over(), time.Hour, newSubject(denialAt(9 * time.Minute)), remember},
		{"at the time at which it was over", over(), time.Hour, denialAt(10 * time.Minute), nothing},
		{"back from quiet", closedQuietly(), 26 * time.Hour, denialAt(26 * time.Hour), diagnosis},
		{"a stranger", folded(), time.Minute, denialAt(time.Minute), nothing},
		{"a stranger after a while", folded(), 30 * time.Minute, denialAt(30 * time.Minute), remember},
		{"a stranger after a day", folded(), 24 * time.Hour, denialAt(24 * time.Hour), diagnosis},
	} {
		if got := tt.i.next(after(tt.when, "b"), tt.d); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestDenied(t *testing.T) {
	parent := func(d denial) denial { d.parent = "provider"; return d }
	for _, tt := range []struct {
		name     string
		i        *Incident
		turn     turn
		d        denial
		state    State
		told     []notify.Kind
		chapters []string
	}{
		{"opens", &Incident{ID: "i"}, after(0, "b"), denialAt(0), Open, []notify.Kind{notify.Alert}, []string{"opened"}},
		{"opens for a stranger", &Incident{ID: "i"}, after(0, "b"), denialAt(0, stranger), Folded, nil, []string{"folded"}},
		{"opens under a rule", &Incident{ID: "i"}, after(0, "b").quiet(), denialAt(0), Open, nil, []string{"opened", "snoozed"}},
		{"opens for a provider", &Incident{ID: "i"}, after(0, "b"), parent(denialAt(0)), Open, nil, []string{"opened", "parent"}},
		{"goes on", opened(), after(time.Hour, "b"), denialAt(time.Hour), Open, []notify.Kind{notify.Update}, []string{"opened", "update"}},
		{"turns out to be a stranger's", opened(), after(time.Hour, "b"), denialAt(time.Hour, stranger), Folded, nil, []string{"opened", "folded"}},
		{"joins a provider", opened(), after(time.Hour, "b"), parent(denialAt(time.Hour)), Open, nil, []string{"opened", "parent"}},
		{"comes under a rule", opened(), after(59*time.Minute, "b").quiet(), denialAt(59 * time.Minute), Open, nil, []string{"opened", "snoozed"}},
		{"is repeated", opened(), after(time.Minute, "b"), denialAt(time.Minute), Open, nil, []string{"opened"}},
		{"is back", over(), after(time.Hour, "b"), denialAt(time.Hour), Open, []notify.Kind{notify.Back}, []string{"opened", "over", "back"}},
		{"was late", over(), after(time.Hour, "b"), denialAt(15*time.Minute, allowedNow), Over, nil, []string{"opened", "over"}},
		{"is back although allowed", over(), after(time.Hour, "b"), denialAt(time.Hour, allowedNow), Open, []notify.Kind{notify.Back}, []string{"opened", "over", "back"}},
		{"is back for a stranger", over(), after(time.Hour, "b"), denialAt(time.Hour, stranger), Folded, nil, []string{"opened", "over", "folded"}},
		{"is trusted now", folded(), after(24*time.Hour, "b"), denialAt(24 * time.Hour), Open, []notify.Kind{notify.Alert}, []string{"folded", "opened"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.i.denied(tt.turn, tt.d)
			if tt.i.State != tt.state || !slices.Equal(tt.i.told(), tt.told) || !slices.Equal(tt.i.chapters(), tt.chapters) {
				t.Errorf("state %s, told %v, story %v", tt.i.State, tt.i.told(), tt.i.chapters())
			}
			if len(tt.told) > 0 && !tt.i.holds("b") {
				t.Error("the message is not held by who decided it")
			}
		})
	}
}

// What was saved by somebody who was killed is seen by who does it again.
func TestDeniedTwiceIsOnce(t *testing.T) {
	i := &Incident{ID: "i"}
	i.denied(after(0, "killed"), denialAt(0))
	i.Revision = 1
	if i.denied(after(time.Second, "next"), denialAt(0)) || len(i.Outbox) != 1 || i.holds("next") {
		t.Errorf("outbox %+v", i.Outbox)
	}
}

// Updates come at growing intervals, and none comes before its time.
func TestUpdatesGrowRare(t *testing.T) {
	i, now := opened(), time.Duration(0)
	for _, wait := range append(Defaults().Updates, 24*time.Hour) {
		before := len(i.Outbox)
		now += wait
		if i.denied(after(now-time.Second, "b"), denialAt(now-time.Second)) {
			t.Errorf("an update before %v", now)
		}
		i.denied(after(now, "b"), denialAt(now))
		if len(i.Outbox) != before+1 {
			t.Errorf("no update after %v", now)
		}
	}
}

func TestBackSaysSinceWhenItWasFine(t *testing.T) {
	i := over()
	i.denied(after(time.Hour, "b"), denialAt(time.Hour))
	if m := i.Outbox[0]; !m.Since.Equal(noon.Add(10*time.Minute)) || !i.Closed.IsZero() || !i.Opened.Equal(noon.Add(time.Hour)) {
		t.Errorf("message %+v of incident %+v", m, i)
	}
}

func TestEnd(t *testing.T) {
	for _, tt := range []struct {
		name  string
		i     *Incident
		turn  turn
		state State
		told  int
	}{
		{"over", opened(), after(time.Hour/2, "b"), Over, 1},
		{"quiet", opened(), after(time.Hour/2, "b"), Quiet, 0},
		{"over under a rule", opened(), after(time.Hour/2, "b").quiet(), Over, 0},
		{"over for its provider", with(opened(), func(i *Incident) { i.Parent = "p" }), after(time.Hour/2, "b"), Over, 0},
		{"over, told in a digest alone", with(opened(), func(i *Incident) { i.Announced = false }), after(time.Hour/2, "b"), Over, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.i.end(tt.turn, tt.state, noon, "because")
			if tt.i.State != tt.state || len(tt.i.Outbox) != tt.told || !tt.i.Closed.Equal(noon) || tt.i.chapters()[1] == "update" {
				t.Errorf("incident %+v", tt.i)
			}
		})
	}
}

// Rules that cannot be read change nothing.
func TestSilentWithoutRules(t *testing.T) {
	i := with(opened(), func(i *Incident) { i.Rule = "r" })
	unread := after(0, "b")
	unread.rules = rulebook{}
	if !i.silent(unread) || i.Rule != "r" || i.unruled(unread) {
		t.Errorf("rule %q", i.Rule)
	}
	if i.silent(after(0, "b")) || i.Rule != "" {
		t.Errorf("rule %q stays although there is none", i.Rule)
	}
}

func TestUnrule(t *testing.T) {
	i := &Incident{ID: "i"}
	i.denied(after(0, "a").quiet(), denialAt(0))
	if later := after(59*time.Minute, "b").quiet(); i.unruled(later) {
		t.Error("the rule is over too early")
	}
	late := after(time.Hour, "b").quiet()
	if !i.unruled(late) || !i.resume(late) || !slices.Equal(i.told(), []notify.Kind{notify.Alert}) || i.Rule != "" {
		t.Errorf("incident %+v", i)
	}
}

func TestSubjectsAreBounded(t *testing.T) {
	i := &Incident{}
	for n := range MostSubjects + 1 {
		if i.knows(fmt.Sprint(n)) {
			t.Errorf("%d is known already", n)
		}
		i.see(fmt.Sprint(n))
	}
	if len(i.Subjects) != MostSubjects || !i.MoreSubjects || !i.knows("another") || !i.knows("") {
		t.Errorf("%d subjects, more: %t", len(i.Subjects), i.MoreSubjects)
	}
}

func TestStoryIsBounded(t *testing.T) {
	i := opened()
	for n := range 2 * MostStory {
		i.chapter(after(0, "a"), "x", fmt.Sprint(n))
	}
	if len(i.Story) != MostStory || i.Story[0].What != "opened" || i.Story[MostStory-1].Text != fmt.Sprint(2*MostStory-1) {
		t.Errorf("%d chapters from %+v", len(i.Story), i.Story[0])
	}
}

func TestCausesHaveAHistory(t *testing.T) {
	i := opened()
	for n, code := range []report.Code{"subject-mismatch", "role-not-found", "role-not-found", "subject-mismatch"} {
		i.judge(after(0, "a"), denialAt(0, func(r *report.Report) { r.Findings[0].Code = code }).report, noon.Add(time.Duration(n)))
	}
	i.judge(after(0, "a"), denialAt(0, func(r *report.Report) { r.Findings[0].Certainty = report.Possible }).report, noon)
	if len(i.Causes) != 3 || i.cause() != "subject-mismatch" || !slices.Equal(i.chapters(), []string{"opened", "cause", "cause"}) {
		t.Errorf("causes %v, story %v", i.Causes, i.chapters())
	}
}

func TestRecordsSurviveTheStore(t *testing.T) {
	ev := denialAt(0).event
	got := decode(encode(ev))
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", ev) {
		t.Errorf("%+v, want %+v", got, ev)
	}
	ev.UserAgent = string(make([]byte, MostEvent))
	if encode(ev) != nil || decode(nil) != nil || decode([]byte("{")) != nil {
		t.Error("a record that is too long or broken is kept")
	}
}
