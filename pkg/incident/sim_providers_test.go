package incident_test

import (
	"maps"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// checkProviders wants the roles of a storm to be told as one: by a message that
// names many of them, and by none of their own while that stands.
func (o *oracle) checkProviders() {
	for _, st := range o.storms() {
		arn, many := st.roles[0].issuer.arn, 0
		for _, m := range o.parents[arn] {
			if m.Kind == notify.Provider && m.at.After(st.at) && m.at.Before(st.at.Add(3*hour)) {
				many = len(m.Roles)
			}
		}
		if o.manyFail(st) && many < o.limits.ManyRoles {
			o.wrong("provider", "a storm of %s at %v: a message names %d roles", arn, st.at, many)
		}
	}
	for _, s := range o.streams {
		for _, m := range o.byID[s.id] {
			told := o.parentTold(s, spell{nil, m.at.Add(-tick)})
			single := m.Kind == notify.Alert || m.Kind == notify.Back || m.Kind == notify.Update
			if s.common() && single && !told.IsZero() && told.Before(m.at.Add(-tick)) && !o.late(m) {
				o.wrong("provider", "%s (%s) at %v of %s, of which its provider had told", m.ID, m.Kind, m.at, s.describe())
			}
		}
	}
}

// manyFail is whether so many roles of a storm are found to fail within most of
// an hour that people are to hear of their provider. A rule keeps some quiet.
func (o *oracle) manyFail(st storm) bool {
	first := map[string]time.Time{} // by role
	for _, s := range o.streams {
		if st.common && s.common() && slices.Contains(st.roles, s.role) && !o.snoozed(s, st.at) {
			first[s.arn] = earlier(first[s.arn], o.simulation.calls[o.byHandling(s)[0]].done)
		}
	}
	begun := slices.SortedFunc(maps.Values(first), time.Time.Compare)
	for i := o.limits.ManyRoles - 1; i < len(begun); i++ {
		if begun[i].Sub(begun[i-o.limits.ManyRoles+1]) < 50*time.Minute {
			return true
		}
	}
	return false
}
