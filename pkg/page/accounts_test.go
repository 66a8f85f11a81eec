package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// denied is a result with one denied call of a role of the same name in each
// account.
func denied(accounts ...string) *scan.Result {
	r := &scan.Result{}
	for n, account := range accounts {
		at := time.Date(2026, 11, 3+n*9, 10, 42, 5, 0, time.UTC)
		r.Incidents = append(r.Incidents, scan.Incident{
			Fingerprint: fmt.Sprint(n), Standing: scan.Failing, Count: 1, First: at, Last: at, Days: map[string]int{at.Format(time.DateOnly): 1},
			Report: &report.Report{
				Verdict: report.Unexplained, Caller: report.Known,
				Event: report.Event{
					Time: at, Account: account, AccountAlias: "larkfield-production-frankfurt",
					Role: "arn:aws:iam::" + account + ":role/github-actions-deploy-production-infrastructure",
				},
			},
		})
	}
	return r
}

// whole counts the elements that a reader sees to their ends.
func (p *tab) whole(selector string) int {
	p.Helper()
	return eval[int](p, `[...document.querySelectorAll(`+quote(selector)+`)].filter((node) =>
		node.checkVisibility() && node.clientHeight > 0 && node.scrollWidth <= node.clientWidth && node.scrollHeight <= node.clientHeight + 1).length`)
}

// Roles of several accounts often have the same name.
func TestAccountsAreToldWithTheirRoles(t *testing.T) {
	p := open(t, scanPage(t, denied("111122223333", "444455556666")), "")
	for _, width := range []int64{1440, 1000, 360} {
		p.resize(width, 900)
		if got := p.whole(".role .in"); got != 2 {
			t.Errorf("at a width of %d, %d rows tell their account, want 2", width, got)
		}
		if got := p.whole(".role .first"); got != 2 {
			t.Errorf("at a width of %d, %d rows tell their role to its end, want 2", width, got)
		}
	}
	if got := p.texts(".role .in"); !strings.HasSuffix(got[1], "444455556666") {
		t.Errorf("the accounts are %q", got)
	}
	for _, width := range []int64{1440, 360} {
		p.resize(width, 900)
		// The page folds the filters for a new width before it is drawn.
		eval[bool](p, `new Promise(requestAnimationFrame).then(() => document.querySelector(".fold").open = true)`)
		if got := p.whole(".facet-role .in") + p.whole(".facet-role .name"); got != 4 {
			t.Errorf("at a width of %d, the filters tell %d of 2 roles and 2 accounts to their ends", width, got)
		}
	}
	p.click(".facet-role label:nth-of-type(2)")
	if got := p.whole("#chips .chip"); got != 1 {
		t.Error("the filter in force does not tell its account")
	}
}

// What all findings have in common is told above them, whether the audit knows
// its account or not.
func TestAuditsTellTheirAccountOrFile(t *testing.T) {
	at := func(role, source string) audit.Finding { return audit.Finding{Role: role, Source: source} }
	const one, other = "arn:aws:iam::111122223333:role/a", "arn:aws:iam::444455556666:role/a"
	for _, tt := range []struct {
		name          string
		findings      []audit.Finding
		account, file string
	}{
		{"one account", []audit.Finding{at(one, ""), at(one, "")}, "111122223333", ""},
		{"two accounts", []audit.Finding{at(one, ""), at(other, "")}, "", ""},
		{"one file", []audit.Finding{at("AppRole", "app.yaml"), at("WebRole", "app.yaml")}, "", "app.yaml"},
		{"two files", []audit.Finding{at("AppRole", "app.yaml"), at("AppRole", "web.yaml")}, "", ""},
		{"nothing", nil, "", ""},
	} {
		facts := map[string]string{}
		for _, f := range audited(&audit.Result{Findings: tt.findings}).Facts {
			facts[f[0]] = f[1]
		}
		if facts["account"] != tt.account || facts["file"] != tt.file {
			t.Errorf("%s: account %q and file %q, want %q and %q", tt.name, facts["account"], facts["file"], tt.account, tt.file)
		}
	}
}

// What all roles have in common is told once.
func TestOneAccountIsToldOnce(t *testing.T) {
	p := open(t, scanPage(t, denied("111122223333", "111122223333")), "")
	if got := p.count(".row .in, .choice .in"); got != 0 {
		t.Errorf("%d rows and filters tell the account", got)
	}
	if got := p.text(".facet-role .value"); got != "github-actions-deploy-production-infrastructure" {
		t.Errorf("a filter says %q", got)
	}
}
