package scan

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// TestUnrecordedChange has an account with another version than the newest on
// record, and a call of branch dev denied on 3 March.
func TestUnrecordedChange(t *testing.T) {
	main, dev, other := trust("main"), trust("dev"), trust("other")
	before, after := changed(update, "2026-02-01T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev)
	tests := []struct {
		name      string
		account   string
		live      bool
		changes   []string
		standing  Standing
		report    judgedBy
		certainty report.Certainty // of the first cause
		earlier   judgedBy
		outdated  bool
	}{
		{"to deny for another value", other, false, []string{before}, Failing, judgedBy{mismatch, other}, report.Certain, judgedBy{mismatch, main}, false},
		{"to allow", dev, false, []string{before}, Allowed, judgedBy{mismatch, main}, report.Likely, judgedBy{}, false},
		{"none", main, false, []string{before}, Failing, judgedBy{mismatch, main}, report.Certain, judgedBy{}, false},
		{"the account has what a later change replaced", main, false, []string{before, after}, Unclear, judgedBy{mismatch, main}, report.Certain, judgedBy{}, true},
		{"the same, asked for during the scan", main, true, []string{before, after}, Failing, judgedBy{mismatch, main}, report.Certain, judgedBy{}, false},
		{"the same, and both deny", main, false, []string{before, changed(update, "2026-03-04T00:00:00Z", other)}, Failing, judgedBy{mismatch, main}, report.Certain, judgedBy{}, false},
		{"the account allows what a later change denied", dev, false, []string{changed(update, "2026-02-01T00:00:00Z", dev), changed(update, "2026-03-02T00:00:00Z", main)}, Unclear, judgedBy{mended, dev}, report.Possible, judgedBy{mismatch, main}, true},
		{"the account has a role that was deleted later", dev, false, []string{changed(create, "2026-02-01T00:00:00Z", dev), changed(remove, "2026-03-02T00:00:00Z", "")}, Unclear, judgedBy{mended, dev}, report.Possible, judgedBy{missing, ""}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &Scanner{Account: accountWith(t, tt.account), Live: tt.live}
			result := scanned(t, s, texts{logOf(append(tt.changes, denied("1", "2026-03-03T00:00:00Z", "a", "dev"))...)})
			one := result.Incidents[0]
			if got := judgement(one.Report); one.Standing != tt.standing || got != tt.report || one.Report.Findings[0].Certainty != tt.certainty {
				t.Errorf("%s, %s for %s by %s", one.Standing, one.Report.Findings[0].Certainty, got.cause, got.policy)
			}
			if got := judgement(one.Earlier); got != tt.earlier {
				t.Errorf("earlier for %s by %s, want %s by %s", got.cause, got.policy, tt.earlier.cause, tt.earlier.policy)
			}
			notes := strings.Join(result.Notes, "\n")
			if strings.Contains(notes, "may be older than the logs") != tt.outdated || strings.Contains(notes, "1 "+testRole) != tt.outdated {
				t.Errorf("notes = %q", result.Notes)
			}
			if tt.outdated && proposed(one.Report) != nil {
				t.Errorf("proposed %q of a policy that may not stand", proposed(one.Report))
			}
		})
	}
}

// TestRoleThatIsNotInTheAccountYet was made after the account was written down.
func TestRoleThatIsNotInTheAccountYet(t *testing.T) {
	none := accountHolding(t, strings.Replace(testRole, "deploy", "another", 1), trust("main"))
	made := changed(create, "2026-03-04T00:00:00Z", trust("dev"))
	result := scanned(t, &Scanner{Account: none}, texts{logOf(made, denied("1", "2026-03-03T00:00:00Z", "a", "dev"))})
	if one := result.Incidents[0]; one.Standing != Unclear || !strings.Contains(strings.Join(result.Notes, "\n"), "may be older than the logs") {
		t.Errorf("%s, notes %q", one.Standing, result.Notes)
	}
}

// TestChangesLongAgo are told however far from the call they were made, and of
// a call that is allowed by now the one that mended it.
func TestChangesLongAgo(t *testing.T) {
	main, dev := trust("main"), trust("dev")
	tests := []struct {
		name     string
		changes  []string
		standing Standing
		changed  string // name and time
	}{
		{"mended long after", []string{changed(update, "2026-03-01T00:00:00Z", main), changed(update, "2026-10-01T00:00:00Z", dev)}, Allowed, update + " 2026-10-01"},
		{"broken long before", []string{changed(update, "2025-03-01T00:00:00Z", main)}, Failing, update + " 2025-03-01"},
		{"mended, and renamed since", append([]string{changed(update, "2026-03-04T00:00:00Z", dev)}, renamed(1)...), Allowed, update + " 2026-03-04"},
		{"mended, and renamed often since", append([]string{changed(update, "2026-03-04T00:00:00Z", dev)}, renamed(7)...), Allowed, update + " 2026-03-04"},
		{"broken, and renamed since", append([]string{changed(update, "2026-03-01T00:00:00Z", main)}, renamed(1)...), Failing, "UpdateRole 2026-04-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			one := judged(t, "", tt.changes...)
			if one.Standing != tt.standing || one.Changed == nil {
				t.Fatalf("%s, changed %+v", one.Standing, one.Changed)
			}
			if got := one.Changed.Name + one.Changed.Time.Format(" 2006-01-02"); got != tt.changed || one.Changed.Effect == "" {
				t.Errorf("changed by %s (%s), want %s", got, one.Changed.Effect, tt.changed)
			}
		})
	}
}

// renamed are so many changes that leave the trust policy alone.
func renamed(count int) (changes []string) {
	for i := range count {
		changes = append(changes, changed("UpdateRole", day(32+i, 0).Format("2006-01-02T15:04:05Z"), ""))
	}
	return changes
}
