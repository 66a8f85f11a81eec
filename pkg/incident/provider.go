package incident

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// family is the incident of a provider that a call belongs to, with the turn
// that may hold a message of it. The zero family is none.
type family struct {
	*Incident
	turn turn
}

// speaker is the ID of the incident that speaks for the call, "" for none.
func (f family) speaker() string {
	if f.Incident == nil || f.State != Open {
		return ""
	}
	return f.ID
}

// told reports whether there is a message to send.
func (f family) told() bool { return f.Incident != nil && f.holds(f.turn.by) }

// join notes that a call failed for a reason of its provider. With the call
// there may be so many roles that the provider becomes an incident.
func (d *Desk) join(ctx context.Context, id string, r *report.Report, rules rulebook) (family, error) {
	why := reason(r)
	if why == "" || snoozed(id, r, d.turn(rules)) {
		return family{}, nil
	}
	s := Sighting{Incident: id, Role: r.Event.Role, At: d.now()}
	parent := providerID(r.Event.Account, r.Event.Provider, why)
	gone, err := d.recovered(ctx, parent, s)
	if err != nil {
		return family{}, err
	}
	p, t, err := d.change(ctx, parent, rules, func(p *Incident, t turn) bool { return p.sight(t, s, r, gone) })
	return family{p, t}, err
}

// snoozed reports whether a rule keeps quiet what the report tells.
func snoozed(id string, r *report.Report, t turn) bool {
	i := &Incident{ID: id, Kind: Call, Role: r.Event.Role, Provider: r.Event.Provider, Subjects: []string{keptSubject(r.Event.Subject)}}
	i.Causes = []Cause{{Code: mainCause(r)}}
	return i.silent(t)
}

// providerID names the incident of a provider.
func providerID(account, provider, reason string) string {
	h := sha256.New()
	for _, s := range []string{account, provider, reason} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return "provider-1-" + hex.EncodeToString(h.Sum(nil)[:12])
}

// recovered are the calls that were sighted and do not fail any more. It looks
// only where with one more the provider would become an incident.
func (d *Desk) recovered(ctx context.Context, parent string, s Sighting) (map[string]bool, error) {
	p, err := d.get(ctx, parent)
	if err != nil || p.State == Open || roles(append(p.Sightings, s)) < d.options().ManyRoles {
		return nil, err
	}
	gone := map[string]bool{}
	for _, other := range p.Sightings {
		i, err := d.get(ctx, other.Incident)
		if err != nil {
			return nil, err
		}
		gone[other.Incident] = i.Revision > 0 && i.State != Open
	}
	return gone, nil
}

// sight changes the incident of a provider by a call that failed for its
// reason. Of those in gone it is known that they do not fail any more.
func (i *Incident) sight(t turn, s Sighting, r *report.Report, gone map[string]bool) bool {
	if i.State == Open {
		return i.adopt(s)
	}
	i.Sightings = slices.DeleteFunc(i.Sightings, func(o Sighting) bool {
		return o.Incident == s.Incident || gone[o.Incident] || t.now.Sub(o.At) >= t.ManyWithin
	})
	if len(i.Sightings) == MostRoles {
		i.Sightings = slices.Delete(i.Sightings, 0, 1)
	}
	i.Sightings = append(i.Sightings, s)
	i.Kind, i.State = Provider, cmp.Or(i.State, Folded)
	i.Account, i.AccountAlias = r.Event.Account, short(r.Event.AccountAlias)
	i.Provider, i.ProviderName, i.Caller = r.Event.Provider, r.Event.ProviderName, r.Caller
	i.Causes = []Cause{{Code: mainCause(r), From: i.Sightings[0].At}}
	if roles(i.Sightings) >= t.ManyRoles {
		i.becomeProvider(t)
	}
	return true
}

// becomeProvider opens the incident of a provider.
func (i *Incident) becomeProvider(t turn) {
	i.State, i.Opened, i.Closed, i.Updates = Open, i.Sightings[0].At, time.Time{}, 0
	i.Announced, i.Owed = i.takenForOpen(), nil
	i.NextUpdate, i.NextCheck = t.now.Add(i.wait(t)), t.now.Add(t.Settle)
	i.Children = nil
	for _, s := range i.Sightings {
		i.Children = append(i.Children, s.Incident)
	}
	i.chapter(t, "opened", fmt.Sprintf("%d roles fail for %s: %s", roles(i.Sightings), cmp.Or(i.ProviderName, i.Provider), i.cause()))
	if !i.silent(t) {
		i.news(t, Message{Kind: notify.Provider})
	}
}

// adopt adds a call to the open incident of a provider. It is false where that
// is known, or there is no room: the call is linked all the same.
func (i *Incident) adopt(s Sighting) bool {
	if len(i.Children) >= MostRoles || slices.Contains(i.Children, s.Incident) {
		return false
	}
	i.Children, i.Sightings = append(i.Children, s.Incident), append(i.Sightings, s)
	return true
}

// roles counts the roles of sightings.
func roles(all []Sighting) int {
	seen := map[string]bool{}
	for _, s := range all {
		seen[s.Role] = true
	}
	return len(seen)
}

// announce sends what the incident of the provider has to tell, with the report
// of the call that made it one, and lets it speak for the calls that were told
// by themselves before.
func (d *Desk) announce(ctx context.Context, f family, r *report.Report) error {
	if !f.told() {
		return nil
	}
	_, err := d.deliver(ctx, f.Incident, f.turn, r)
	return join(err, d.linkChildren(ctx, f.Incident))
}

// linkChildren lets an incident of a provider speak for its children. It
// repairs as well what a process that was killed has left.
func (d *Desk) linkChildren(ctx context.Context, p *Incident) error {
	var errs []error
	for _, s := range p.Sightings {
		_, _, err := d.change(ctx, s.Incident, rulebook{}, func(i *Incident, t turn) bool {
			if !s.covers(i) || i.Parent != "" {
				return false
			}
			i.link(t, p.ID)
			return true
		})
		errs = append(errs, err)
	}
	return join(errs...)
}

// covers reports whether the incident is in the spell in which it was sighted.
func (s Sighting) covers(i *Incident) bool {
	return i.State == Open && !i.Opened.After(s.At)
}
