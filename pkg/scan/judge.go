package scan

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// incidents diagnoses one call of every group that is kept. What was found is
// told even where the scan was interrupted: an account that has to be waited for
// tells no more then, and the records do.
func (r *run) incidents(ctx context.Context, kept []*group) []Incident {
	r.history.settle()
	all := make([]Incident, 0, len(kept))
	var mu sync.Mutex
	each(r.workers, kept, func(g *group) {
		one := r.incident(ctx, g)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, one)
	})
	slices.SortFunc(all, func(a, b Incident) int {
		return cmp.Or(a.rank()-b.rank(), b.Count-a.Count, b.Last.Compare(a.Last), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return all
}

// each calls do for every item, from several goroutines.
func each[T any](workers int, items []T, do func(T)) {
	todo := make(chan T)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for item := range todo {
				do(item)
			}
		})
	}
	for _, item := range items {
		todo <- item
	}
	close(todo)
	wg.Wait()
}

// standings are ordered by what matters.
var standings = []Standing{Failing, Unclear, Allowed}

// rank orders incidents by what matters. That strangers are denied is right:
// they come last, unless they are let in by now.
func (i *Incident) rank() int {
	if i.Report.Caller == report.Stranger && i.Standing != Allowed {
		return len(standings)
	}
	return slices.Index(standings, i.Standing)
}

// incident has a group's last call diagnosed as of now, and once more as of
// then where another version of the trust policy was in force.
func (r *run) incident(ctx context.Context, g *group) Incident {
	now := &view{Account: r.account, history: r.history}
	stands := diagnose.Explain(ctx, now, g.event, diagnose.Options{Scan: true})
	role := now.Role(ctx, g.event.RoleARN)
	one := Incident{
		Fingerprint: g.fingerprint, Standing: r.standing(ctx, now, &role, stands), Count: g.count, First: g.first, Last: g.last,
		Subjects: make([]string, 0, len(g.subjects)), MoreSubjects: g.moreSubjects, Days: g.byDay(), MoreDays: g.moreDays, Report: stands,
	}
	for _, s := range g.subjects {
		one.Subjects = append(one.Subjects, s.name)
	}
	one.Changed = one.changedBy()
	if r.outdated(ctx, &role, g.event, one.Standing) {
		one.doubt()
	}
	one.recall(r.earlier(ctx, &role, g.event))
	return one
}

// changedBy is the latest change. Of a call that the trust policy allows by now
// it is the latest one of that policy, where one is known.
func (i *Incident) changedBy() *report.Change {
	all := i.Report.Changes
	if i.Standing == Allowed && i.Report.Event.ErrorCode == "AccessDenied" {
		for n := range all {
			if ch := (diagnose.Change{Name: all[n].Name, Role: i.Report.Event.Role}); ch.OfTrust() {
				return &all[n]
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

// standing is whether the call would be denied still, as far as the role and
// the provider tell. Of a token, as one that was too old, they do not.
func (r *run) standing(ctx context.Context, now *view, role *diagnose.Known[diagnose.Role], seen *report.Report) Standing {
	gone := role.Exists == policy.No || now.Provider(ctx, seen.Event.Provider).Exists == policy.No && seen.Event.Provider != ""
	switch {
	case seen.Verdict == report.AllowedNow:
		return Allowed
	case gone, seen.Verdict == report.Explained && seen.Event.ErrorCode == "AccessDenied" && role.Value.TrustPolicy != nil:
		return Failing
	}
	return Unclear
}
