package incident

import (
	"cmp"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// Bounds of a summary.
const (
	mostShares = 5
	mostListed = 10_000 // incidents that are counted
)

// summary adds up incidents for a message about many.
type summary struct {
	notify.Summary
	incidents              int
	causes, roles, callers map[string]int
}

func newSummary(from, to time.Time) *summary {
	return &summary{
		Summary: notify.Summary{From: from, To: to},
		causes:  map[string]int{}, roles: map[string]int{}, callers: map[string]int{},
	}
}

func (s *summary) add(i *Incident) {
	s.incidents++
	if s.From.IsZero() || i.Opened.Before(s.From) && !i.Opened.IsZero() {
		s.From = i.Opened
	}
	s.causes[cmp.Or(string(i.cause()), "not explained")]++
	s.roles[i.Role]++
	s.callers[i.caller()]++
}

func (s *summary) done() *notify.Summary {
	s.Incidents = s.incidents
	s.Causes, s.Roles, s.Callers = shares(s.causes), shares(s.roles), shares(s.callers)
	return &s.Summary
}

// shares are the most frequent names.
func shares(counts map[string]int) (all []notify.Share) {
	for name, n := range counts {
		all = append(all, notify.Share{Name: short(name), Count: n})
	}
	slices.SortFunc(all, func(a, b notify.Share) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(len(all), mostShares)]
}

// caller names whose calls they are: the owner where the subject has one, else
// what stays of the subject.
func (i *Incident) caller() string {
	if len(i.Subjects) == 0 {
		return cmp.Or(i.ProviderName, "a caller whom the record does not name")
	}
	sub := i.Subjects[0]
	p := idp.FindFor(i.issuer(), sub)
	name := p.Stable(sub)
	if owner, ok := p.Owner(sub); ok && owner.Name != "" {
		name = owner.Name
	}
	if i.ProviderName != "" {
		name += " (" + i.ProviderName + ")"
	}
	return name
}
