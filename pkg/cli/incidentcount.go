package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// counted is an incident with how often its calls were denied.
type counted struct {
	*incident.Incident
	tally incident.Tally
}

// count reads how often each was denied. That of a provider is what its
// children are together.
func (x *incidents) count(ctx context.Context, all []counted) error {
	tallies := map[string]incident.Tally{}
	for _, c := range all {
		for _, id := range counters(c.Incident) {
			tallies[id] = incident.Tally{}
		}
	}
	if err := x.tallies(ctx, tallies); err != nil {
		return err
	}
	for n, c := range all {
		for _, id := range counters(c.Incident) {
			all[n].tally = sum(all[n].tally, tallies[id])
		}
	}
	return nil
}

// counters are the IDs under which the denials of an incident are counted.
func counters(i *incident.Incident) []string {
	if i.Kind == incident.Provider {
		return i.Children
	}
	return []string{i.ID}
}

// tallies reads those of all keys, some at the same time.
func (x *incidents) tallies(ctx context.Context, into map[string]incident.Tally) error {
	const atOnce = 8
	var lock sync.Mutex
	var wait sync.WaitGroup
	var failed error
	turns := make(chan struct{}, atOnce)
	for _, id := range slices.Sorted(maps.Keys(into)) {
		turns <- struct{}{}
		wait.Go(func() {
			defer func() { <-turns }()
			t, err := x.store.Tally(ctx, id)
			lock.Lock()
			defer lock.Unlock()
			into[id] = t
			if err != nil {
				failed = fmt.Errorf("count the denials of incident %s: %w", id, err)
			}
		})
	}
	wait.Wait()
	return failed
}

// sum adds up what was counted.
func sum(a, b incident.Tally) incident.Tally {
	if a.Count == 0 {
		return b
	}
	if b.Count == 0 {
		return a
	}
	t := incident.Tally{Count: a.Count + b.Count, First: a.First, Last: a.Last, Minutes: maps.Clone(a.Minutes)}
	if b.First.Before(t.First) {
		t.First = b.First
	}
	if b.Last.After(t.Last) {
		t.Last = b.Last
	}
	for minute, n := range b.Minutes {
		t.Minutes[minute] += n
	}
	return t
}
