package scan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// gap is what could not be read of a role or a provider, and why; the zero gap
// is none.
type gap struct{ what, why string }

// gapOf is what keeps the trust policy of a role from being judged.
func gapOf(role *diagnose.Known[diagnose.Role]) gap {
	switch {
	case role.Exists == policy.Unknown:
		return gap{"role", role.Why}
	case role.Exists == policy.No:
		return gap{}
	case role.Value.TrustPolicy == nil:
		return gap{"trust policy", "the role was given without it"}
	}
	if _, err := policy.Parse(role.Value.TrustPolicy); err != nil {
		return gap{"trust policy", "it is no valid policy: " + err.Error()}
	}
	return gap{}
}

// gaps are what an account did not tell of incidents.
type gaps struct {
	list    []gapIn        // what concerns the most incidents first
	foreign map[string]int // incidents by their accounts, where those are not held
}

// gapIn is a gap that incidents have in common.
type gapIn struct {
	gap
	incidents int
	arns      []string // of the roles or providers, in order
}

// gaps are those of a scan, none where no account was given.
func (r *run) gaps(ctx context.Context, incidents []Incident) gaps {
	if r.witness == nil {
		return gaps{}
	}
	return r.witness.gapsOf(ctx, incidents)
}

// gapsOf sums up what was noted of the roles and providers of incidents.
func (w *witness) gapsOf(ctx context.Context, incidents []Incident) gaps {
	all, foreign := map[gap]*gapIn{}, map[string]int{}
	for n := range incidents {
		i := &incidents[n]
		if id := i.Account().ID; !w.holds(ctx, id) {
			foreign[id]++
			continue
		}
		for _, arn := range []string{i.Report.Event.Role, i.Report.Event.Provider} {
			if g, ok := w.gaps[arn]; ok {
				g.why = report.Shorten(strings.ReplaceAll(g.why, arn, alike(arn)), mostWhy)
				all[g] = cmp.Or(all[g], &gapIn{gap: g})
				all[g].incidents++
				all[g].arns = append(all[g].arns, arn)
			}
		}
	}
	return gaps{inOrder(all), foreign}
}

// mostWhy bounds a reason, in columns.
const mostWhy = 300

// alike stands for all roles, or all providers, of the account of one.
func alike(arn string) string {
	kind, _, _ := strings.Cut(arn, "/")
	return kind + "/*"
}

func inOrder(all map[gap]*gapIn) (list []gapIn) {
	for _, g := range all {
		slices.Sort(g.arns)
		g.arns = slices.Compact(g.arns)
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b gapIn) int {
		return cmp.Or(b.incidents-a.incidents, cmp.Compare(a.what, b.what), cmp.Compare(a.why, b.why))
	})
	return list
}

// failures are the gaps as places that could not be read.
func (g gaps) failures() (places []Unreadable) {
	for _, one := range g.list {
		where := report.Shorten(one.arns[0], mostWhy)
		if more := len(one.arns) - 1; more > 0 {
			where += fmt.Sprintf(" and %d more", more)
		}
		places = append(places, Unreadable{Where: where, Why: one.why})
	}
	return places
}

// notes tell of the gaps in sentences.
func (g gaps) notes(live bool) (notes []string) {
	const most = 5
	if len(g.foreign) > 0 {
		notes = append(notes, g.beyond(live))
	}
	for _, one := range g.list[:min(len(g.list), most)] {
		notes = append(notes, fmt.Sprintf("The %s of %s could not be read: %s.", one.what, plural(one.incidents, "incident", "incidents"), one.why))
	}
	if more := len(g.list) - most; more > 0 {
		notes = append(notes, fmt.Sprintf("There are %s why roles or providers could not be read; the reports of the incidents tell them.", plural(more, "more reason", "more reasons")))
	}
	return notes
}

// beyond tells of the incidents of accounts that are not held.
func (g gaps) beyond(live bool) string {
	total, reach := 0, "the account file does not hold"
	if live {
		reach = "the credentials at hand are not of"
	}
	for _, n := range g.foreign {
		total += n
	}
	return fmt.Sprintf("%s of accounts that %s: %s.", plural(total, "incident is", "incidents are"), reach, some(slices.Sorted(maps.Keys(g.foreign))))
}

// some are the first of a list.
func some(names []string) string {
	const most = 6
	text := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
