package sns

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// dataOf is the report that programs get for r.
func dataOf(t *testing.T, r *report.Report) (got *report.Report) {
	t.Helper()
	raw, err := data(notify.ForReport(r))
	if err != nil {
		t.Fatal(err)
	}
	if n := notify.JSONLen(raw); n > maxReport {
		t.Errorf("%d bytes", n)
	}
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWhatFitsIsWhole(t *testing.T) {
	for name, r := range notifytest.Samples(t) {
		if d := cmp.Diff(r.Findings, dataOf(t, r).Findings); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
	}
}

// The more there is, the more of what matters less is left out; who, what, and
// the first cause are always there.
func TestWhatMattersLeastIsLeftOutFirst(t *testing.T) {
	filler := strings.Repeat("x", 4000)
	sized := func(findings, policy int) *report.Report {
		r := notifytest.Report("y")
		r.Caller, r.FixedText = report.Known, strings.Repeat("p", policy)
		f := r.Findings[0]
		f.Fixes = append(f.Fixes, report.Fix{Message: "or this", Notes: []string{filler}})
		r.Findings = nil
		for range findings {
			r.Findings = append(r.Findings, f)
		}
		return r
	}
	for _, tt := range []struct {
		name      string
		r         *report.Report
		findings  int
		fixes     int
		policy    bool
		shortened bool
	}{
		{"all of it", sized(3, 4000), 3, 2, true, false},
		{"fewer findings", sized(40, 4000), 10, 2, true, true},
		{"no alternatives", sized(10, 22_000), 10, 1, true, true},
		{"no policy", sized(10, 90_000), 10, 1, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := dataOf(t, tt.r)
			shortened := len(got.Gaps) > 0 && got.Gaps[0] == leftOut
			if len(got.Findings) != tt.findings || len(got.Findings[0].Fixes) != tt.fixes || (got.FixedText != "") != tt.policy || shortened != tt.shortened {
				t.Errorf("%d findings of %d fixes, policy %t, shortened %t", len(got.Findings), len(got.Findings[0].Fixes), got.FixedText != "", shortened)
			}
		})
	}
}

func TestShorteningChangesACopy(t *testing.T) {
	r, same := much(strings.Repeat("z", 900)), much(strings.Repeat("z", 900))
	dataOf(t, r)
	if d := cmp.Diff(same, r); d != "" {
		t.Errorf("the report was changed (-want +got)\n%.2000s", d)
	}
}

// A command that is cut would do something else.
func TestShortCommandsAreLeftOut(t *testing.T) {
	for name, value := range notifytest.Hostile {
		r := much(strings.ToValidUTF8(notify.Cut(value, 1000, ""), "?"))
		got := dataOf(t, r)
		for _, f := range got.Findings {
			for _, fix := range f.Fixes {
				for _, c := range fix.Commands {
					if c != r.Findings[0].Fixes[0].Commands[0] && c != r.Findings[0].Fixes[1].Commands[0] {
						t.Errorf("%s: part of a command: %.100q", name, c)
					}
				}
			}
		}
		if len(got.Findings) == 0 || got.Event.Account != r.Event.Account {
			t.Errorf("%s: nothing left", name)
		}
	}
}

func TestShortTextsComeWithoutCommands(t *testing.T) {
	r := withShortTexts(marked(much(strings.Repeat("z", 900))), 250)
	for _, f := range r.Findings {
		for _, fix := range f.Fixes {
			if len(fix.Commands) > 0 || len(fix.Message) > 250 {
				t.Errorf("%d commands, message of %d bytes", len(fix.Commands), len(fix.Message))
			}
		}
	}
}
