// Package incidenttest holds stores of incidents to what incident.Store
// promises.
package incidenttest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// writers is how many write at once.
const writers = 50

// start is when the events of these tests begin.
var start = time.Date(2025, 3, 1, 9, 30, 0, 0, time.UTC)

// Contract runs the tests that every store has to pass, each with a store of
// its own, which has nothing yet.
func Contract(t *testing.T, open func(t *testing.T) incident.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, incident.Store)
	}{
		{"an empty store has nothing", emptyStoreHasNothing},
		{"an event counts once", eventCountsOnce},
		{"counting knows no order", countingKnowsNoOrder},
		{"counts of incidents are apart", countsAreApart},
		{"counts are exact with many writers", countsAreExactWithManyWriters},
		{"an incident comes back as it was saved", incidentComesBack},
		{"the largest incident can be saved", largestCanBeSaved},
		{"hostile values come back", hostileValuesComeBack},
		{"copies are one's own", copiesAreOnesOwn},
		{"an old copy is refused", oldCopyIsRefused},
		{"one of many writers wins", oneOfManyWritersWins},
		{"no change is lost with many writers", noChangeIsLost},
		{"shelves list what changed last first", shelvesListLatestFirst},
		{"shelves are listed whole", shelvesAreListedWhole},
		{"permits end", permitsEnd},
		{"permits are exact with many takers", permitsAreExactWithManyTakers},
		{"a cancelled call is an error", cancelledCallIsAnError},
		{"names that cannot be are refused", namesThatCannotBeAreRefused},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func emptyStoreHasNothing(t *testing.T, s incident.Store) {
	if i, err := s.Get(t.Context(), "none"); i != nil || err != nil {
		t.Errorf("Get: %v, %v", i, err)
	}
	if got := tally(t, s, "none"); got.Count != 0 || !got.First.IsZero() || len(got.Minutes) > 0 {
		t.Errorf("Tally: %+v", got)
	}
	if got := list(t, s, incident.Active); len(got) > 0 {
		t.Errorf("List: %v", got)
	}
}

// calls are the methods of a store, each with arguments that will do but for
// the name.
func calls(ctx context.Context, s incident.Store, name string) map[string]error {
	_, tallyErr := s.Tally(ctx, name)
	_, getErr := s.Get(ctx, name)
	_, takeErr := s.Take(ctx, name, start, 1)
	return map[string]error{
		"Count": s.Count(ctx, name, "event", start),
		"Tally": tallyErr,
		"Get":   getErr,
		"Save":  s.Save(ctx, &incident.Incident{ID: name}),
		"Take":  takeErr,
	}
}

func cancelledCallIsAnError(t *testing.T, s incident.Store) {
	save(t, s, &incident.Incident{ID: "i", State: incident.Open})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := calls(ctx, s, "other")
	for _, err := range s.List(ctx, incident.Active) {
		got["List"] = err
	}
	for _, method := range []string{"Count", "Tally", "Get", "Save", "Take", "List"} {
		if !errors.Is(got[method], context.Canceled) {
			t.Errorf("%s: %v", method, got[method])
		}
	}
	if i, err := s.Get(t.Context(), "other"); i != nil || err != nil {
		t.Errorf("a cancelled call saved %v, %v", i, err)
	}
}

func namesThatCannotBeAreRefused(t *testing.T, s incident.Store) {
	for _, name := range []string{"", string(make([]byte, 2001))} {
		for method, err := range calls(t.Context(), s, name) {
			if err == nil || errors.Is(err, incident.ErrConflict) {
				t.Errorf("%s of a name of %d bytes: %v", method, len(name), err)
			}
		}
	}
}

// atOnce runs f many times at once, with a number each.
func atOnce(times int, f func(n int)) {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for n := range times {
		wg.Go(func() {
			<-begin
			f(n)
		})
	}
	close(begin)
	wg.Wait()
}
