package dynamostore_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest/dynamolocal"
)

// pair is both stores, and what is asked of both.
type pair struct {
	t      *testing.T
	stores [2]incident.Store
	ids    *rapid.Generator[string]
}

// Whatever is done in whatever order, both stores say the same.
func TestStoresAgree(t *testing.T) {
	cfg := dynamolocal.Config(t)
	table := dynamostore.New(cfg, dynamolocal.Table(t, cfg))
	memory := incident.NewMemory()
	runs := 0
	rapid.Check(t, func(r *rapid.T) {
		runs++ // a run has IDs of its own, as the table is not emptied
		p := &pair{t, [2]incident.Store{memory, table}, rapid.Map(rapid.IntRange(0, 2), func(n int) string { return fmt.Sprintf("%d-%d", runs, n) })}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			rapid.SampledFrom([]func(*rapid.T){p.count, p.save, p.take}).Draw(r, "step")(r)
		}
		for n := range 3 {
			p.compare(r, fmt.Sprintf("%d-%d", runs, n))
		}
	})
}

// moment is around one of two minutes.
func moment(r *rapid.T) time.Time {
	return at.Add(time.Duration(rapid.IntRange(-90_000, 90_000).Draw(r, "ms")) * time.Millisecond).Truncate(20 * time.Second)
}

func (p *pair) count(r *rapid.T) {
	id, event, at := p.ids.Draw(r, "id"), fmt.Sprint(rapid.IntRange(0, 3).Draw(r, "event")), moment(r)
	for _, s := range p.stores {
		if err := s.Count(p.t.Context(), id, event, at); err != nil {
			r.Fatal(err)
		}
	}
}

// save saves a revision that may be the right one.
func (p *pair) save(r *rapid.T) {
	i := incident.Incident{
		ID: p.ids.Draw(r, "id"), Revision: int64(rapid.IntRange(0, 3).Draw(r, "revision")), Headline: rapid.String().Draw(r, "headline"),
		State: rapid.SampledFrom([]incident.State{incident.Open, incident.Over, incident.Folded}).Draw(r, "state"), Opened: moment(r),
	}
	a, b := i, i
	first, second := p.stores[0].Save(p.t.Context(), &a), p.stores[1].Save(p.t.Context(), &b)
	if first != second || a.Revision != b.Revision {
		r.Fatalf("revision %d: %v, now %d; and %v, now %d", i.Revision, first, a.Revision, second, b.Revision)
	}
}

func (p *pair) take(r *rapid.T) {
	id, window, limit := p.ids.Draw(r, "id"), moment(r), rapid.IntRange(-1, 2).Draw(r, "limit")
	first, err := p.stores[0].Take(p.t.Context(), id, window, limit)
	second, err2 := p.stores[1].Take(p.t.Context(), id, window, limit)
	if first != second || err != nil || err2 != nil {
		r.Fatalf("%v, %v and %v, %v", first, err, second, err2)
	}
}

// compare holds against each other what is kept of an incident.
func (p *pair) compare(r *rapid.T, id string) {
	var saved [2]*incident.Incident
	var tallies [2]incident.Tally
	for n, s := range p.stores {
		var err, err2 error
		saved[n], err = s.Get(p.t.Context(), id)
		tallies[n], err2 = s.Tally(p.t.Context(), id)
		if err != nil || err2 != nil {
			r.Fatal(err, err2)
		}
	}
	if diff := cmp.Diff(saved[0], saved[1], cmpopts.EquateEmpty()) + cmp.Diff(tallies[0], tallies[1], cmpopts.EquateEmpty()); diff != "" {
		r.Errorf("%s: (-memory +table):\n%s", id, diff)
	}
}
