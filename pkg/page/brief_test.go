package page

import (
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// oneDay is a result of a morning.
func oneDay() *scan.Result {
	r := denied("111122223333", "111122223333")
	r.From, r.To = r.Incidents[0].First.Add(-time.Hour), r.Incidents[0].First.Add(2*time.Hour)
	second := &r.Incidents[1]
	second.Count, second.First, second.Last = 3, r.Incidents[0].First, r.Incidents[0].First.Add(90*time.Minute)
	second.Days = map[string]int{"2026-11-03": 3}
	return r
}

// A scan of a day is told by its hours.
func TestAScanOfADayIsToldByTheHour(t *testing.T) {
	p := open(t, scanPage(t, oneDay()), "open=1")
	if eval[bool](p, `document.getElementById("timeline").checkVisibility()`) || p.count(".spark") != 0 {
		t.Error("a day is drawn as a single block")
	}
	if got := p.texts(".when"); got[0] != "on 3 Nov, 10:42" || got[1] != "last 3 Nov, 12:12first 3 Nov, 10:42" {
		t.Errorf("the times are %q", got)
	}
	if got := p.text(".facts"); !strings.Contains(got, "2026-11-03, 09:42 to 12:42 (UTC)") {
		t.Errorf("the facts are %q", got)
	}
	if got := p.text("#columns"); !strings.Contains(got, "UTC") {
		t.Errorf("the columns are %q", got)
	}
}

// An open incident tells its times to the second, whatever was scanned.
func TestOpenIncidentsTellFirstAndLast(t *testing.T) {
	for name, r := range map[string]*scan.Result{"a day": oneDay(), "days": denied("111122223333", "111122223333")} {
		p := open(t, scanPage(t, r), "open=1")
		body, last := p.text("#body-1"), r.Incidents[1].Last
		for _, want := range []string{"first" + r.Incidents[1].First.Format(time.DateTime), "last" + last.Format(time.DateTime) + " UTC"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the explanation lacks %q:\n%s", name, want, body)
			}
		}
	}
}

// Few days are few bars, below the number of their scale.
func TestFewDaysAreFewBars(t *testing.T) {
	p := open(t, scanPage(t, denied("111122223333", "444455556666")), "")
	if got := eval[string](p, `document.querySelector("#timeline .every").getAttribute("d")`); strings.Count(got, "h40v") != 2 {
		t.Errorf("the bars are %q", got)
	}
	if !eval[bool](p, `document.querySelector(".scale").getBoundingClientRect().bottom <= document.querySelector(".chart svg").getBoundingClientRect().top`) {
		t.Error("the number of the scale stands in the bars")
	}
}

func TestPeriods(t *testing.T) {
	from := time.Date(2026, 11, 3, 9, 42, 0, 0, time.UTC)
	for _, tt := range []struct {
		name     string
		from, to time.Time
		want     string
	}{
		{"not known", time.Time{}, from, ""},
		{"hours", from, from.Add(time.Hour), "2026-11-03, 09:42 to 10:42 (UTC)"},
		{"two days", from, from.Add(30 * time.Hour), "2026-11-03 09:42 to 2026-11-04 15:42 (UTC)"},
		{"three days", from, from.Add(48 * time.Hour), "2026-11-03 to 2026-11-05 (UTC)"},
		{"weeks", from, from.AddDate(0, 0, 14), "2026-11-03 to 2026-11-17 (UTC)"},
	} {
		if got := period(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
