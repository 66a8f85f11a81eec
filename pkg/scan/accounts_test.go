package scan

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// TestAccountOfAnIncident is that of the role, whosever record it is.
func TestAccountOfAnIncident(t *testing.T) {
	for _, tt := range []struct {
		name  string
		event report.Event
		want  string
	}{
		{"the same", report.Event{Role: testRole, Account: testAccount}, testAccount},
		{"with an alias", report.Event{Role: testRole, Account: testAccount, AccountAlias: "prod"}, "prod " + testAccount},
		{"a role elsewhere", report.Event{Role: "arn:aws-cn:iam::444455556666:role/a/b", Account: testAccount, AccountAlias: "prod"}, "444455556666"},
		{"no role", report.Event{Account: testAccount}, testAccount},
		{"a role without an account", report.Event{Role: "arn:aws:iam::{{account}}:role/x", Account: testAccount}, testAccount},
		{"a role that is cut", report.Event{Role: "arn:aws:iam::444455556666", Account: testAccount}, testAccount},
		{"nothing", report.Event{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := Incident{Report: &report.Report{Event: tt.event}}
			if got := i.Account().String(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	if got := new(Incident).Account(); got != (Account{}) {
		t.Errorf("%+v without a report", got)
	}
}

// called is an account that has an alias.
type called struct{ diagnose.Account }

func (called) Alias(_ context.Context, account string) string { return "of-" + account[:1] }

// TestWhenAndOfWhatAResultIs has two roles of one account, and one of another.
func TestWhenAndOfWhatAResultIs(t *testing.T) {
	elsewhere := strings.ReplaceAll(denied("3", "2026-03-04T00:00:00Z", "a", "dev"), testAccount, "444455556666")
	logs := texts{logOf(elsewhere, denied("1", "2026-03-03T00:00:00Z", "a", "dev"), denied("2", "2026-03-03T00:00:00Z", "b", "dev"))}
	at := time.Date(2026, 3, 9, 12, 0, 0, 987, time.FixedZone("CET", 3600))
	result := scanned(t, &Scanner{Account: called{accountWith(t, trust("main"))}, Now: func() time.Time { return at }}, logs)
	if want := []Account{{testAccount, "of-1"}, {"444455556666", "of-4"}}; cmp.Diff(want, result.Accounts) != "" {
		t.Errorf("accounts %v, want %v", result.Accounts, want)
	}
	if want := time.Date(2026, 3, 9, 11, 0, 0, 0, time.UTC); result.Scanned != want {
		t.Errorf("scanned at %s, want %s", result.Scanned, want)
	}
	if got := scanned(t, new(Scanner), texts{logOf()}); got.Accounts == nil || time.Since(got.Scanned) > time.Hour {
		t.Errorf("accounts %v, scanned at %s", got.Accounts, got.Scanned)
	}
}

// TestEarlierReportsTellTheAlias too.
func TestEarlierReportsTellTheAlias(t *testing.T) {
	log := logOf(changed(create, "2026-03-02T00:00:00Z", trust("main")), changed(update, "2026-03-04T00:00:00Z", trust("other")), denied("1", "2026-03-03T00:00:00Z", "a", "dev"))
	one := scanned(t, &Scanner{Account: called{noAccount}}, texts{log}).Incidents[0]
	if one.Earlier == nil || one.Earlier.Event.AccountAlias != "of-1" || one.Report.Event.AccountAlias != "of-1" {
		t.Errorf("earlier %+v", one.Earlier)
	}
}
