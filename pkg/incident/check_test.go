package incident

import (
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// found is what a check finds: the last denial, and a diagnosis.
func found(last time.Duration, v report.Verdict) seen {
	r := denialAt(0, func(r *report.Report) { r.Verdict = v }).report
	return seen{tally: Tally{Count: 2, First: noon, Last: noon.Add(last)}, report: r}
}

func TestChecked(t *testing.T) {
	editedAt := func(d time.Duration) *Incident {
		return with(opened(), func(i *Incident) { i.Edited = noon.Add(d) })
	}
	succeeded := func(s seen) seen { s.succeeded = noon.Add(20 * time.Minute); return s }
	for _, tt := range []struct {
		name  string
		i     *Incident
		when  time.Duration
		s     seen
		state State
		since time.Duration
	}{
		{"still denied", opened(), 30 * time.Minute, found(0, report.Explained), Open, 0},
		{"a call succeeded", opened(), 30 * time.Minute, succeeded(found(0, report.Explained)), Over, 20 * time.Minute},
		{"allowed since an edit", editedAt(15 * time.Minute), 30 * time.Minute, found(0, report.AllowedNow), Over, 15 * time.Minute},
		{"denied once more before STS knew", editedAt(15 * time.Minute), 30 * time.Minute, found(16*time.Minute, report.AllowedNow), Over, 16 * time.Minute},
		{"allowed for too short", editedAt(25 * time.Minute), 30 * time.Minute, found(0, report.AllowedNow), Open, 0},
		{"denied just now", editedAt(15 * time.Minute), 30 * time.Minute, found(24*time.Minute, report.AllowedNow), Open, 0},
		{"denied long after the edit", editedAt(15 * time.Minute), time.Hour, found(26*time.Minute, report.AllowedNow), Open, 0},
		{"the edit did not help", editedAt(15 * time.Minute), 30 * time.Minute, found(0, report.Explained), Open, 0},
		{"allowed although nobody edited it", opened(), 30 * time.Minute, found(0, report.AllowedNow), Open, 0},
		{"quiet for a day", opened(), 25 * time.Hour, seen{tally: Tally{Last: noon.Add(time.Hour)}}, Quiet, time.Hour},
		{"too early", opened(), 9 * time.Minute, succeeded(found(0, report.AllowedNow)), Open, 0},
		{"edits wait", with(opened(), func(i *Incident) { i.Edits = make([]report.Change, 1) }), time.Hour, succeeded(found(0, report.AllowedNow)), Open, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.i.checked(after(tt.when, "b"), tt.s, false)
			if tt.i.State != tt.state || tt.state != Open && !tt.i.Closed.Equal(noon.Add(tt.since)) {
				t.Errorf("state %s, closed %v", tt.i.State, tt.i.Closed)
			}
			if next := tt.i.NextCheck; tt.state == Open && len(tt.i.Edits) == 0 && !next.After(noon.Add(tt.when)) {
				t.Errorf("next check at %v", next)
			}
		})
	}
}

// Looking costs less, the longer it lasts.
func TestChecksGrowRare(t *testing.T) {
	i, checks := opened(), 0
	for now := i.NextCheck; now.Before(noon.Add(30 * 24 * time.Hour)); now = i.NextCheck {
		checks++
		i.checked(after(now.Sub(noon), "b"), found(now.Sub(noon), report.Explained), false)
	}
	if checks < 100 || checks > 150 {
		t.Errorf("%d checks in 30 days", checks)
	}
}

// A check follows as soon as an edit may be known to have helped.
func TestCheckFollowsTheEdit(t *testing.T) {
	i := with(opened(), func(i *Incident) { i.Opened = noon.Add(-48 * time.Hour); i.NextCheck = noon.Add(5 * time.Hour) })
	i.edited(after(0, "a"), editNamed("1", 0), nil)
	if !i.NextCheck.Equal(noon.Add(10 * time.Minute)) {
		t.Errorf("next check at %v", i.NextCheck)
	}
	i.checked(after(10*time.Minute, "b"), found(5*time.Minute, report.AllowedNow), false)
	if i.State != Open || !i.NextCheck.Equal(noon.Add(15*time.Minute)) {
		t.Errorf("%s, next check at %v", i.State, i.NextCheck)
	}
}

// Whom nobody speaks for any more speaks for itself.
func TestOrphansSpeakForThemselves(t *testing.T) {
	i := with(opened(), func(i *Incident) { i.Parent = "p" })
	i.checked(after(time.Hour, "b"), found(time.Hour, report.Explained), true)
	if i.Parent != "" || i.next(after(61*time.Minute, "c"), denialAt(61*time.Minute)) != diagnosis {
		t.Errorf("incident %+v", i)
	}
}
