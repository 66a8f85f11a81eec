package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// factsOf are those of a page by their names.
func factsOf(d *document) map[string]string {
	facts := map[string]string{}
	for _, f := range d.Facts {
		facts[f[0]] = f[1]
	}
	return facts
}

// standingsOf is a result with incidents of such standings. Those with a ! are
// of strangers.
func standingsOf(all ...string) *scan.Result {
	r := &scan.Result{}
	for _, s := range all {
		state, stranger := strings.CutSuffix(s, "!")
		caller := report.Known
		if stranger {
			caller = report.Stranger
		}
		r.Incidents = append(r.Incidents, scan.Incident{Standing: scan.Standing(state), Count: 1, Report: &report.Report{Caller: caller}})
	}
	return r
}

// That none fails is told where it is known, not where nothing is.
func TestStandingsAreCounted(t *testing.T) {
	names := []string{"still failing", "not known", "allowed now", "strangers, denied rightly"}
	for _, tt := range []struct {
		name      string
		standings []string
		want      []string // by names
	}{
		{"nothing", nil, []string{"", "", "", ""}},
		{"nothing is known", []string{"unknown", "unknown"}, []string{"", "2", "", ""}},
		{"all of them", []string{"failing", "failing", "failing!", "unknown", "unknown!", "allowed-now", "allowed-now!"}, []string{"2", "1", "2", "2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dataOf(t, scanPage(t, standingsOf(tt.standings...)))
			for n, name := range names {
				if got := factsOf(d)[name]; got != tt.want[n] {
					t.Errorf("%s: %q, want %q", name, got, tt.want[n])
				}
				word := strings.TrimPrefix(name, "strangers, ")
				if got := inState(d, word); number(got) != tt.want[n] && (got > 0 || tt.want[n] != "") {
					t.Errorf("%d incidents are %s, want %s", got, word, tt.want[n])
				}
			}
		})
	}
}

// inState counts the items of a standing.
func inState(d *document, word string) (n int) {
	for _, i := range d.Items {
		if d.Texts[i.Words] == word && d.Texts[i.Facets[0]] == word {
			n++
		}
	}
	return n
}

// A page that is handed on says of what and of when it is.
func TestWhenAndOfWhatAPageIs(t *testing.T) {
	const one, two = "111122223333", "444455556666"
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("CET", 3600))
	for _, tt := range []struct {
		name     string
		accounts []scan.Account
		at       time.Time
		title    string
		facts    []string // account, accounts, scanned
	}{
		{"nothing is known", nil, time.Time{}, "", []string{"", "", ""}},
		{"one account", []scan.Account{{ID: one, Alias: "acme-prod"}}, at, " · acme-prod 111122223333 · 2026-11-23 11:00 UTC", []string{"acme-prod " + one, "", "2026-11-23 11:00 UTC"}},
		{"two accounts", []scan.Account{{ID: one}, {ID: two}}, at, " · 2 accounts · 2026-11-23 11:00 UTC", []string{"", one + ", " + two, "2026-11-23 11:00 UTC"}},
		{
			"an alias of a stranger",
			[]scan.Account{{ID: one, Alias: "</title><script>\u202e"}},
			time.Time{},
			" · &lt;/title&gt;&lt;script&gt;⟨U&#43;202E⟩ 111122223333",
			[]string{`</title><script>⟨U+202E⟩ ` + one, "", ""},
		},
		{"many accounts", make([]scan.Account, 2000), time.Time{}, " · 2,000 accounts", []string{"", ", , , and 1,997 more", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := scanPage(t, &scan.Result{Accounts: tt.accounts, Scanned: tt.at})
			if got, want := find(t, page, `<title>(.*)</title>`), "Denied AssumeRoleWithWebIdentity calls"+tt.title+" · rolewhy"; got != want {
				t.Errorf("title %q, want %q", got, want)
			}
			d := dataOf(t, page)
			facts := factsOf(d)
			if got := []string{facts["account"], facts["accounts"], facts["scanned"]}; !slices.Equal(got, tt.facts) {
				t.Errorf("facts %q, want %q", got, tt.facts)
			}
			if got, want := d.Facets[0].Note != "", !tt.at.IsZero(); got != want {
				t.Errorf("under standing: %q", d.Facets[0].Note)
			}
		})
	}
}

// sectionsOf are the sections of an item, as their kinds and labels.
func sectionsOf(d *document, n int) (all []string) {
	for _, s := range d.Items[n].Body {
		all = append(all, strings.TrimSpace(string(s.Kind)+" "+d.Texts[s.Label]))
	}
	return all
}

// What the cause was by an earlier version stands behind what it is.
func TestEarlierCauses(t *testing.T) {
	then := &report.Report{
		Event:    report.Event{Time: time.Unix(1_790_000_000, 0)},
		Findings: []report.Finding{{Code: "audience-mismatch", Message: "the audience is another"}},
		Changes:  []report.Change{{Name: "UpdateAssumeRolePolicy", By: "arn:aws:iam::111122223333:user/alice", Time: time.Unix(1_790_086_400, 0)}},
	}
	for _, tt := range []struct {
		name   string
		report *report.Report
		next   string // "" where the note is the last
	}{
		{"before a note on the policy", &report.Report{TrustPolicyNote: "as it stands now", Findings: []report.Finding{{Code: "subject-mismatch", Message: "m", Notes: []string{"n"}}}}, "prose policy"},
		{"before changes", &report.Report{Changes: then.Changes, Findings: []report.Finding{{Code: "subject-mismatch", Message: "m"}}}, "changed"},
		{"before fixes", &report.Report{Findings: []report.Finding{{Code: "subject-mismatch", Message: "m", Fixes: []report.Fix{{Message: "f"}}}}}, "fix fix"},
		{"before what is not known of the caller", &report.Report{
			Caller: report.Undetermined, CallerReason: "c",
			Findings: []report.Finding{{Code: "subject-mismatch", Message: "m", Fixes: []report.Fix{{Message: "f", Target: report.TrustPolicy}}}},
		}, "prose before any change"},
		{"after all", &report.Report{Findings: []report.Finding{{Code: "subject-mismatch", Message: "m"}}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dataOf(t, scanPage(t, &scan.Result{Incidents: []scan.Incident{{Report: tt.report, Earlier: then}}}))
			all := append(sectionsOf(d, 0), "")
			at := slices.Index(all, "prose earlier")
			if at < 0 || all[at+1] != tt.next || slices.Index(all, "cause cause ()") > at {
				t.Fatalf("sections %q", all)
			}
			want := "When this was denied (2026-09-21 14:13 UTC) another version of the trust policy was in force: the audience is another (audience-mismatch). That held until UpdateAssumeRolePolicy by alice at 2026-09-22 14:13 UTC."
			if got := d.Texts[d.Items[0].Body[at].Lines[0]]; got != want {
				t.Errorf("%s\nwant %s", got, want)
			}
			if got := d.Texts[d.Items[0].Code]; got != "subject-mismatch" {
				t.Errorf("the cause is %s", got)
			}
		})
	}
}

// Who made the latest change is told as in the other forms of a result.
func TestChangedByIsThatOfTheIncident(t *testing.T) {
	i := scan.Incident{
		Report:  &report.Report{Changes: []report.Change{{By: "arn:aws:iam::111122223333:user/bob"}}},
		Changed: &report.Change{By: "arn:aws:sts::111122223333:assumed-role/Admin/alice"},
	}
	d := dataOf(t, scanPage(t, &scan.Result{Incidents: []scan.Incident{i}, Files: 1, Bytes: 3100}))
	if got := d.Texts[d.Items[0].By]; got != "Admin/alice" {
		t.Errorf("changed by %q", got)
	}
	if got := factsOf(d)["read"]; got != "1 file, 3.1 kB" {
		t.Errorf("read %q", got)
	}
}
