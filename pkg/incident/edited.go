package incident

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Edited takes the record of an edit of a role or of an IAM OIDC provider, for
// which ev.Change holds; others are an error. It tells the people of every
// open incident of that role or provider what the edit did to the denied call:
// at once, or with the next call of FollowUp that is due where an edit was
// answered just before. Errors are as those of Denied.
func (d *Desk) Edited(ctx context.Context, ev *cloudtrail.Event) error {
	c, ok, err := ev.Change()
	if !ok && err != nil {
		return fmt.Errorf("event %q: %w", ev.ID, err)
	}
	if !ok {
		return fmt.Errorf("event %q is no edit of a role or an IAM OIDC provider that was made, but %q of %q", ev.ID, ev.Name, ev.Source)
	}
	heard, err := d.keepEdit(ctx, c)
	if err != nil {
		return err
	}
	about := func(i *Incident) bool {
		return i.Kind == Call && i.State == Open && c.Concerns(i.Role, i.Provider) && !heard.Before(i.Begun)
	}
	var concerned []*Incident
	for i, err := range d.Store.List(ctx, Active) {
		if err != nil {
			return fmt.Errorf("list open incidents: %w", err)
		}
		if about(i) {
			concerned = append(concerned, i)
		}
	}
	return d.hear(ctx, editOf(c), concerned, about)
}

// hear lets incidents hear of an edit. For those that the incident of a
// provider speaks for, that one answers once: for all of its children that the
// edit is about.
func (d *Desk) hear(ctx context.Context, e report.Change, concerned []*Incident, about func(*Incident) bool) error {
	var errs []error
	rules := d.rules(ctx)
	parents := map[string][]string{}
	for _, i := range concerned {
		if i.knowsEdit(e) {
			continue // answered before; the incident of a provider may have taken over since
		}
		orphan, err := d.orphaned(ctx, i)
		switch {
		case err != nil:
			errs = append(errs, err)
		case i.Parent != "" && !orphan:
			parents[i.Parent] = append(parents[i.Parent], i.ID)
		default:
			errs = append(errs, d.answerTo(ctx, i.ID, e, nil, rules))
		}
	}
	for _, parent := range slices.Sorted(maps.Keys(parents)) {
		errs = append(errs, d.hearTogether(ctx, parent, parents[parent], e, rules, about))
	}
	return join(errs...)
}

// hearTogether lets the incident of a provider answer an edit. concerned are
// children that are known to be concerned; it may list no more of them.
func (d *Desk) hearTogether(ctx context.Context, parent string, concerned []string, e report.Change, rules rulebook, about func(*Incident) bool) error {
	p, err := d.get(ctx, parent)
	if err != nil {
		return err
	}
	for _, id := range p.Children {
		if slices.Contains(concerned, id) {
			continue
		}
		i, err := d.get(ctx, id)
		if err != nil {
			return err
		}
		if i.Parent == parent && about(i) && !i.knowsEdit(e) {
			concerned = append(concerned, id)
		}
	}
	errs := []error{d.answerTo(ctx, parent, e, concerned, rules)}
	for _, id := range concerned {
		_, _, err := d.change(ctx, id, rulebook{}, func(i *Incident, t turn) bool { return i.noteEdit(t, e) })
		errs = append(errs, err)
	}
	return join(errs...)
}

// answerTo answers an edit, now or with others that come soon.
func (d *Desk) answerTo(ctx context.Context, id string, e report.Change, concerned []string, rules rulebook) error {
	i, t, err := d.change(ctx, id, rules, func(i *Incident, t turn) bool { return i.edited(t, e, concerned) })
	if err != nil || !i.holds(t.by) {
		return err
	}
	_, err = d.deliver(ctx, i, t, nil)
	return err
}

// heardFor is how long after it was opened an incident may have missed an edit:
// its diagnosis may have seen the policy from before the edit, and a list may
// not have shown it yet.
const heardFor = 5 * time.Minute

// keepEdit keeps an edit, and gives the time at which the desk heard of it
// first: it may come again much later.
func (d *Desk) keepEdit(ctx context.Context, c cloudtrail.Change) (time.Time, error) {
	host := cmp.Or(cloudtrail.KeyHost(c.Provider), strings.TrimPrefix(c.Provider, "https://"))
	var first time.Time
	_, _, err := d.change(ctx, editsID(c.Account, c.Role, host), rulebook{}, func(i *Incident, t turn) (changed bool) {
		first, changed = i.keep(t, editOf(c))
		return changed
	})
	return first, err
}

// keep notes an edit with the time. It gives the time at which it was heard of
// first.
func (i *Incident) keep(t turn, e report.Change) (first time.Time, changed bool) {
	for _, r := range i.Recent {
		if editKey(r.Edit) == editKey(e) {
			return r.Heard, false
		}
	}
	i.Kind, i.State = Edits, Quiet
	i.Recent = append(i.Recent, Recent{Edit: e, Heard: t.now})
	i.Recent = i.Recent[max(0, len(i.Recent)-MostEdits):]
	return t.now, true
}

// editsID names where the edits of a role, given by its name, or of a provider,
// given by its host, are kept.
func editsID(account, role, host string) string {
	h := sha256.New()
	for _, s := range []string{account, strings.ToLower(role), host} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return "edits-1-" + hex.EncodeToString(h.Sum(nil)[:12])
}

// missed lets an incident that was diagnosed a moment ago hear of the edits
// that came in between.
func (d *Desk) missed(ctx context.Context, i *Incident) error {
	if i.Kind != Call || i.State != Open || d.now().Sub(i.Begun) > heardFor {
		return nil
	}
	sameRole := func(o *Incident) bool { return o.State == Open && o.Role == i.Role }
	sameProvider := func(o *Incident) bool { return o.State == Open && o.Provider == i.Provider }
	role := (&cloudtrail.Event{RoleARN: i.Role}).RoleName()
	return join(
		d.missedOf(ctx, i, editsID(i.Account, role, ""), sameRole),
		d.missedOf(ctx, i, editsID(i.Account, "", i.issuer()), sameProvider),
	)
}

// missedOf are those of the role, or of the provider.
func (d *Desk) missedOf(ctx context.Context, i *Incident, id string, about func(*Incident) bool) error {
	kept, err := d.get(ctx, id)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range kept.Recent {
		if !r.Heard.Before(i.Begun) && !i.knowsEdit(r.Edit) {
			errs = append(errs, d.hear(ctx, r.Edit, []*Incident{i}, about))
		}
	}
	return join(errs...)
}
