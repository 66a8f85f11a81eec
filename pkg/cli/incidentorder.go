package cli

import (
	"cmp"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// inOrder puts first what matters most, and what an incident of a provider
// speaks for below it.
func inOrder(all []counted) []counted {
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(importance(a), importance(b)), b.tally.Last.Compare(a.tally.Last), cmp.Compare(a.ID, b.ID))
	})
	children := map[string][]counted{}
	listed := map[string]bool{}
	for _, c := range all {
		listed[c.ID] = true
	}
	for _, c := range all {
		if listed[c.Parent] {
			children[c.Parent] = append(children[c.Parent], c)
		}
	}
	ordered := make([]counted, 0, len(all))
	for _, c := range all {
		if !listed[c.Parent] {
			ordered = append(append(ordered, c), children[c.ID]...)
		}
	}
	return ordered
}

// importance sorts incidents, the lowest first.
func importance(c counted) int {
	switch {
	case c.State == incident.Open && c.Rule == "":
		return 0
	case c.State == incident.Open:
		return 1
	case c.State == incident.Folded:
		return 3
	}
	return 2
}
