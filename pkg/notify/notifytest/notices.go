package notifytest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Kinds are those of all notices.
var Kinds = []notify.Kind{
	notify.Alert, notify.Update, notify.Answer, notify.Evidence, notify.Over,
	notify.Back, notify.Provider, notify.Digest, notify.Security,
}

// Notice is one of a kind that has a lot of everything, and s wherever somebody
// else writes.
func Notice(kind notify.Kind, s string) *notify.Notice {
	r := Report(s)
	r.Caller = report.Known
	n := &notify.Notice{
		ID: s, Kind: kind, Report: r, Since: noon, Because: s,
		Incident: notify.Incident{
			ID: s, Account: s, AccountAlias: s, Role: s, Provider: s, ProviderName: s, Cause: report.Code(s), Headline: s,
			Count: 4300, First: noon.Add(-50 * time.Hour), Last: noon.Add(-time.Hour),
		},
	}
	for range 60 {
		n.Incident.Subjects = append(n.Incident.Subjects, s)
		n.Edits = append(n.Edits, report.Change{Time: noon, Name: s, By: s, Via: s, EventID: s, Effect: s})
		n.Roles = append(n.Roles, notify.RoleState{Role: s, Cause: report.Code(s), Allowed: len(n.Roles)%2 == 0})
	}
	return onlyOf(n, summaryOf(s))
}

// onlyOf takes from n what its kind does not have.
func onlyOf(n *notify.Notice, s *notify.Summary) *notify.Notice {
	switch n.Kind {
	case notify.Update, notify.Over:
		n.Report = nil
	case notify.Digest, notify.Security:
		n.Report, n.Incident, n.Digest = nil, notify.Incident{ID: n.Incident.ID}, s
	case notify.Evidence:
		n.Was = &report.Report{}
	case notify.Back, notify.Alert:
		n.Roles = nil
	}
	return n
}

var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func summaryOf(s string) *notify.Summary {
	sum := &notify.Summary{From: noon.Add(-time.Hour), To: noon, Denials: 4300, Incidents: 60, Withheld: 12}
	for i := range 60 {
		share := notify.Share{Name: s, Count: 60 - i}
		sum.Causes, sum.Roles, sum.Callers = append(sum.Causes, share), append(sum.Roles, share), append(sum.Callers, share)
		sum.Snoozed = append(sum.Snoozed, notify.Snoozed{Rule: s, Until: noon.Add(24 * time.Hour), Incidents: i, Denials: 2 * i})
	}
	return sum
}

// longEnough is beyond every bound, in bytes. Reports have values that are
// longer.
const longEnough = 4000

// Notices are notices to send, by name: for each kind a full one of every
// Hostile value, and one that has as good as nothing; an answer about one role
// besides.
func Notices() map[string]*notify.Notice {
	all := map[string]*notify.Notice{}
	for _, kind := range Kinds {
		all[string(kind)+"/empty"] = onlyOf(&notify.Notice{Kind: kind, Report: &report.Report{}}, &notify.Summary{})
		for name, value := range Hostile {
			all[string(kind)+"/"+name] = Notice(kind, notify.Cut(value, longEnough, ""))
		}
	}
	for name, value := range Hostile {
		n := Notice(notify.Answer, notify.Cut(value, longEnough, ""))
		n.Roles = nil
		all["answer about one role/"+name] = n
	}
	for name, r := range Reports() {
		all["report/"+name] = notify.ForReport(r)
	}
	return all
}

// EachNotice runs f for every notice of Notices, and of the story of an
// incident.
func EachNotice(t *testing.T, f func(t *testing.T, n *notify.Notice)) {
	t.Helper()
	for name, n := range Notices() {
		t.Run(name, func(t *testing.T) { f(t, n) })
	}
	for i, n := range append(Story(t), Others(t)...) {
		t.Run(fmt.Sprintf("story %d %s", i, n.Kind), func(t *testing.T) { f(t, n) })
	}
}

// Wordless fails where a notice that is told in text has sentences of which a
// part is missing.
func Wordless(t *testing.T, text string) {
	t.Helper()
	for _, gap := range []string{"0001-01-01", "%!", "since .", "since  ", "<nil>"} {
		if strings.Contains(text, gap) {
			t.Errorf("%q in\n%.2000s", gap, text)
		}
	}
}
