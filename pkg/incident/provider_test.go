package incident

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

func TestReason(t *testing.T) {
	finding := func(code report.Code, expected, actual string, pattern bool) func(*report.Report) {
		return func(r *report.Report) {
			r.Findings = []report.Finding{{Code: code, Certainty: report.Certain, Expected: expected, Actual: actual, Pattern: pattern}}
		}
	}
	possible := func(r *report.Report) {
		r.Findings = []report.Finding{{Code: "provider-not-found", Certainty: report.Possible}}
	}
	const old = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123"
	for _, tt := range []struct {
		name   string
		change func(*report.Report)
		want   string
	}{
		{"no provider", finding("provider-not-found", "", "", false), "provider-not-found"},
		{"perhaps no provider", possible, ""},
		{"nothing found", func(r *report.Report) { r.Findings = nil }, ""},
		{"another cluster is trusted", finding("principal-mismatch", old, testProvider, false), "principal-mismatch " + old},
		{"an account is trusted", finding("principal-mismatch", "arn:aws:iam::111122223333:root", testProvider, false), ""},
		{"another branch", finding("subject-mismatch", "repo:acme/api:ref:refs/heads/main", "repo:acme/api:ref:refs/heads/dev", false), ""},
		{"another repository", finding("subject-mismatch", "repo:acme/web:*", "repo:acme/api:ref:refs/heads/dev", true), ""},
		{"the owner was renamed", finding("subject-mismatch", "repo:acme/api:*", "repo:apex/api:ref:refs/heads/dev", true), "owner acme is apex"},
		{"ids came into the subjects", finding("subject-mismatch", "repo:acme/api:*", "repo:acme@1/api@2:ref:refs/heads/dev", true), "immutable-ids-missing acme"},
		{"any owner", finding("subject-mismatch", "repo:*/api:*", "repo:apex/web:ref:refs/heads/dev", true), ""},
		{"a stranger", func(r *report.Report) { finding("provider-not-found", "", "", false)(r); stranger(r) }, ""},
	} {
		if got := reason(denialAt(0, tt.change).report); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// sightings adds calls of roles, each that many minutes after the last one.
func sightings(i *Incident, minutes int, gone map[string]bool, roles ...string) {
	for n, role := range roles {
		when := time.Duration(n*minutes) * time.Minute
		tn := after(when, fmt.Sprint("turn ", n))
		i.sight(tn, Sighting{Incident: fmt.Sprint("call ", n), Role: role, At: tn.now}, denialAt(when).report, gone)
	}
}

func TestSight(t *testing.T) {
	for _, tt := range []struct {
		name     string
		minutes  int
		gone     map[string]bool
		roles    []string
		state    State
		children int
	}{
		{"two roles", 1, nil, []string{"a", "b"}, Folded, 0},
		{"three roles", 1, nil, []string{"a", "b", "c"}, Open, 3},
		{"two roles with many callers", 1, nil, []string{"a", "b", "a", "b"}, Folded, 0},
		{"too far apart", 30, nil, []string{"a", "b", "c"}, Folded, 0},
		{"within an hour", 29, nil, []string{"a", "b", "c"}, Open, 3},
		{"one works again", 1, map[string]bool{"call 0": true}, []string{"a", "b", "c"}, Folded, 0},
		{"more join", 1, nil, []string{"a", "b", "c", "d", "d"}, Open, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &Incident{ID: "p"}
			sightings(p, tt.minutes, tt.gone, tt.roles...)
			wantTold := []notify.Kind(nil)
			if tt.state == Open {
				wantTold = []notify.Kind{notify.Provider}
			}
			if p.State != tt.state || len(p.Children) != tt.children || !slices.Equal(p.told(), wantTold) {
				t.Errorf("%s, children %v, told %v", p.State, p.Children, p.told())
			}
		})
	}
}

func TestSightingsAreBounded(t *testing.T) {
	p := &Incident{ID: "p"}
	for n := range 3 * MostRoles {
		p.sight(after(0, fmt.Sprint(n)), Sighting{Incident: fmt.Sprint(n), Role: "the same", At: noon}, denialAt(0).report, nil)
	}
	if len(p.Sightings) != MostRoles || p.State != Folded {
		t.Errorf("%d sightings", len(p.Sightings))
	}
	sightings(p, 0, nil, "b", "c")
	for n := range 3 * MostRoles {
		p.sight(after(0, "x"), Sighting{Incident: fmt.Sprint("late ", n), Role: fmt.Sprint(n), At: noon}, denialAt(0).report, nil)
	}
	if p.State != Open || len(p.Children) != MostRoles || len(p.Outbox) != 1 {
		t.Errorf("%s with %d children, told %v", p.State, len(p.Children), p.told())
	}
}

func TestCheckedProvider(t *testing.T) {
	fails := func() *Incident { return with(opened(), func(i *Incident) { i.Parent = "p" }) }
	works := func() *Incident { return with(over(), func(i *Incident) { i.Parent = "p" }) }
	alone := opened
	for _, tt := range []struct {
		name     string
		children []*Incident
		when     time.Duration
		last     time.Duration
		state    State
		told     []notify.Kind
	}{
		{"all fail", []*Incident{fails(), fails(), fails()}, 11 * time.Minute, 10 * time.Minute, Open, nil},
		{"one fails", []*Incident{works(), works(), fails()}, 11 * time.Minute, 10 * time.Minute, Open, nil},
		{"one is not saved yet", []*Incident{works(), works(), {}}, 11 * time.Minute, 10 * time.Minute, Open, nil},
		{"time for an update", []*Incident{works(), fails(), fails()}, 25 * time.Minute, 24 * time.Minute, Open, []notify.Kind{notify.Update}},
		{"nothing new to tell", []*Incident{works(), fails(), fails()}, 25 * time.Minute, -time.Minute, Open, nil},
		{"all work", []*Incident{works(), works(), works()}, 20 * time.Minute, 9 * time.Minute, Over, []notify.Kind{notify.Over}},
		{"the last one speaks for itself", []*Incident{works(), works(), alone()}, 20 * time.Minute, 9 * time.Minute, Over, []notify.Kind{notify.Over}},
		{"all are quiet", []*Incident{closedQuietly(), closedQuietly(), closedQuietly()}, 26 * time.Hour, 0, Quiet, nil},
		{"others joined since", []*Incident{works(), works()}, 20 * time.Minute, 9 * time.Minute, Open, nil},
		{"too early", []*Incident{works(), works(), works()}, 11 * time.Minute, 9 * time.Minute, Open, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &Incident{ID: "p"}
			sightings(p, 1, nil, "a", "b", "c")
			p.Outbox = nil
			if tt.name == "too early" {
				p.NextCheck = noon.Add(12 * time.Minute)
			} else {
				p.NextCheck = noon
			}
			all := map[string]*Incident{}
			for n, c := range tt.children {
				all[fmt.Sprint("call ", n)] = c
			}
			p.checkedProvider(after(tt.when, "b"), all, Tally{Count: 9, First: noon, Last: noon.Add(tt.last)})
			if p.State != tt.state || !slices.Equal(p.told(), tt.told) {
				t.Errorf("%s, told %v", p.State, p.told())
			}
		})
	}
}
