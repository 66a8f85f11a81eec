package incident

import (
	"cmp"
	"context"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// ofProvider is what a notice says of the incident of a provider, and how the
// roles stand that the message is about: those an answer covers, else all. For
// an answer each call is judged anew.
func (d *Desk) ofProvider(ctx context.Context, p *Incident, m Message) (notify.Incident, []notify.RoleState) {
	sum, states := Tally{}, map[string]notify.RoleState{}
	subjects := &Incident{}
	for _, id := range p.Children {
		i, tally, err := d.child(ctx, id)
		if err != nil {
			d.log().WarnContext(ctx, "an incident cannot be read", "incident", id, "error", err)
			continue
		}
		sum = sum.plus(tally)
		for _, s := range i.Subjects {
			subjects.see(s)
		}
		if m.Kind != notify.Over && (len(m.Covers) == 0 || slices.Contains(m.Covers, id)) {
			i.Role = cmp.Or(i.Role, p.sightedRole(id)) // whoever diagnosed it may be about to save it
			add(states, d.standing(ctx, i, m.Kind))
		}
	}
	n := p.inNotices(sum)
	n.Subjects, n.MoreSubjects = subjects.Subjects, subjects.MoreSubjects
	return n, ordered(states)
}

// oneOf diagnoses a call of the incident of a provider as of now, nil where none
// can be read.
func (d *Desk) oneOf(ctx context.Context, p *Incident) *report.Report {
	for _, id := range p.Children {
		if i, err := d.get(ctx, id); err == nil && i.State == Open && i.Event != nil {
			return d.judge(ctx, i)
		}
	}
	return nil
}

// sightedRole is the role of a call that failed for the reason of the provider,
// "" where it is not known.
func (i *Incident) sightedRole(incident string) string {
	for _, s := range i.Sightings {
		if s.Incident == incident {
			return s.Role
		}
	}
	return ""
}

func (d *Desk) child(ctx context.Context, id string) (*Incident, Tally, error) {
	i, err := d.get(ctx, id)
	if err != nil {
		return nil, Tally{}, err
	}
	tally, err := d.tally(ctx, id)
	return i, tally, err
}

// standing is how the role of an incident stands.
func (d *Desk) standing(ctx context.Context, i *Incident, k notify.Kind) notify.RoleState {
	state := notify.RoleState{Role: i.Role, Cause: i.cause(), Allowed: i.closed()}
	if k == notify.Answer && i.State == Open {
		r := d.judge(ctx, i)
		state.Cause, state.Allowed = cmp.Or(mainCause(r), state.Cause), r.Verdict == report.AllowedNow
	}
	return state
}

// add keeps of each role the worst that is known.
func add(states map[string]notify.RoleState, s notify.RoleState) {
	if known, ok := states[s.Role]; s.Role != "" && (!ok || known.Allowed) {
		states[s.Role] = s
	}
}

func ordered(states map[string]notify.RoleState) (all []notify.RoleState) {
	for _, s := range states {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b notify.RoleState) int { return cmp.Compare(a.Role, b.Role) })
	return all
}

// plus adds up what was counted, without the minutes.
func (t Tally) plus(o Tally) Tally {
	switch {
	case o.Count == 0:
		return t
	case t.Count == 0:
		return Tally{Count: o.Count, First: o.First, Last: o.Last}
	}
	t.Count += o.Count
	if o.First.Before(t.First) {
		t.First = o.First
	}
	if o.Last.After(t.Last) {
		t.Last = o.Last
	}
	return t
}
