package incidenttest

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

func incidentComesBack(t *testing.T, s incident.Store) {
	i := Full("i")
	for want := range int64(3) {
		if i.Revision != want {
			t.Fatalf("revision %d, want %d", i.Revision, want)
		}
		save(t, s, i)
		wantSaved(t, s, i)
	}
	none := &incident.Incident{ID: "zero", Subjects: []string{}, Threads: map[string]string{}}
	save(t, s, none)
	wantSaved(t, s, none)
}

func largestCanBeSaved(t *testing.T, s incident.Store) {
	for _, i := range []*incident.Incident{Largest("i"), LargestDigest("digest")} {
		save(t, s, i)
		wantSaved(t, s, i)
	}
}

func hostileValuesComeBack(t *testing.T, s incident.Store) {
	for n, value := range Hostile() {
		i := &incident.Incident{ID: value, State: incident.Open, Subjects: []string{value}, Threads: map[string]string{value: value}}
		save(t, s, i)
		wantSaved(t, s, i)
		all := []delivery{{value, start}, {value + "'", start}}
		for _, d := range slices.Concat(all, all) {
			count(t, s, value, d)
		}
		wantTally(t, s, value, tallyOf(all))
		if !take(t, s, value, start, 1) || take(t, s, value, start, 1) {
			t.Errorf("permits of value %d, %q, are not exact", n, value)
		}
	}
	if got := list(t, s, incident.Active); len(got) != len(Hostile()) {
		t.Errorf("%d are listed", len(got))
	}
}

// Whatever the one who saved or got an incident does with it later, the store
// keeps what was saved.
func copiesAreOnesOwn(t *testing.T, s incident.Store) {
	i := Full("i")
	save(t, s, i)
	got, listed := get(t, s, "i"), list(t, s, incident.Active)[0]
	for _, pair := range [][2]*incident.Incident{{i, got}, {i, listed}, {got, listed}, {got, get(t, s, "i")}} {
		if path := shared(pair[0], pair[1]); path != "" {
			t.Errorf("two copies share %s", path)
		}
	}
	i.Subjects[0], got.Threads["new"], got.Outbox[0].Channels[0] = "changed", "thread", "changed"
	want := Full("i")
	want.Revision = 1
	wantSaved(t, s, want)
}

func oldCopyIsRefused(t *testing.T, s incident.Store) {
	first := &incident.Incident{ID: "i", Headline: "first"}
	save(t, s, first)
	refuse := func(i *incident.Incident) {
		t.Helper()
		before := i.Revision
		if err := s.Save(t.Context(), i); !errors.Is(err, incident.ErrConflict) || i.Revision != before {
			t.Errorf("saved revision %d where it was %d: %v", i.Revision, before, err)
		}
	}
	refuse(&incident.Incident{ID: "i", Headline: "new where there is one"})
	refuse(&incident.Incident{ID: "i", Headline: "of the future", Revision: 2})
	refuse(&incident.Incident{ID: "none", Headline: "of nothing", Revision: 1})
	old := first.Clone()
	first.Headline = "second"
	save(t, s, first)
	refuse(old)
	wantSaved(t, s, first)
}

// All save the same revision, again and again: one at a time comes through.
func oneOfManyWritersWins(t *testing.T, s incident.Store) {
	for round := range int64(3) {
		var won atomic.Int64
		var winner atomic.Pointer[incident.Incident]
		atOnce(writers, func(n int) {
			i := &incident.Incident{ID: "i", Revision: round, Headline: fmt.Sprint(n)}
			switch err := s.Save(t.Context(), i); {
			case err == nil:
				won.Add(1)
				winner.Store(i)
			case !errors.Is(err, incident.ErrConflict):
				t.Error(err)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("%d writers saved revision %d", won.Load(), round+1)
		}
		wantSaved(t, s, winner.Load())
	}
}

// All add something to one incident, and begin anew after a conflict.
func noChangeIsLost(t *testing.T, s incident.Store) {
	save(t, s, &incident.Incident{ID: "i"})
	atOnce(writers, func(n int) {
		for {
			i, err := s.Get(t.Context(), "i")
			if err != nil {
				t.Error(err)
				return
			}
			i.Subjects = append(i.Subjects, fmt.Sprint(n))
			if err := s.Save(t.Context(), i); !errors.Is(err, incident.ErrConflict) {
				if err != nil {
					t.Error(err)
				}
				return
			}
		}
	})
	got := get(t, s, "i")
	slices.Sort(got.Subjects)
	if n := len(slices.Compact(got.Subjects)); n != writers || got.Revision != writers+1 {
		t.Errorf("%d of %d changes are in revision %d", n, writers, got.Revision)
	}
}

func save(t *testing.T, s incident.Store, i *incident.Incident) {
	t.Helper()
	if err := s.Save(t.Context(), i); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s incident.Store, id string) *incident.Incident {
	t.Helper()
	got, err := s.Get(t.Context(), id)
	if err != nil || got == nil {
		t.Fatalf("%v, %v", got, err)
	}
	return got
}

func wantSaved(t *testing.T, s incident.Store, want *incident.Incident) {
	t.Helper()
	if diff := cmp.Diff(want, get(t, s, want.ID), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("incident %.20q (-want +got):\n%s", want.ID, diff)
	}
}
