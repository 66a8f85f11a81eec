package incidenttest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

func shelvesListLatestFirst(t *testing.T, s incident.Store) {
	var all []*incident.Incident
	for n, state := range []incident.State{incident.Open, incident.Folded, incident.Over, incident.Open, incident.Quiet, incident.Folded} {
		i := &incident.Incident{ID: fmt.Sprint(n), State: state}
		save(t, s, i)
		all = append(all, i)
	}
	wantListed(t, s, incident.Active, "3", "0")
	wantListed(t, s, incident.Closed, "4", "2")
	wantListed(t, s, incident.Aside, "5", "1")
	all[0].Headline = "saved again"
	save(t, s, all[0])
	wantListed(t, s, incident.Active, "0", "3")
	all[3].State = incident.Over
	save(t, s, all[3])
	wantListed(t, s, incident.Active, "0")
	wantListed(t, s, incident.Closed, "3", "4", "2")
	all[2].Outbox = []incident.Message{{ID: "to be sent"}}
	save(t, s, all[2])
	wantListed(t, s, incident.Active, "2", "0")
	wantListed(t, s, incident.Closed, "3", "4")
}

// What is listed is more than one answer of DynamoDB holds, and may be saved.
func shelvesAreListedWhole(t *testing.T, s incident.Store) {
	var want []string
	for n := range 12 {
		i := Largest(fmt.Sprint(n))
		save(t, s, i)
		want = append(want, i.ID)
	}
	slices.Reverse(want)
	wantListed(t, s, incident.Active, want...)
	for i, err := range s.List(t.Context(), incident.Active) {
		if err != nil {
			t.Fatal(err)
		}
		i.State, i.Outbox, i.Edits = incident.Over, nil, nil
		save(t, s, i)
		break
	}
	wantListed(t, s, incident.Active, want[1:]...)
}

// list is what is on a shelf.
func list(t *testing.T, s incident.Store, shelf incident.Shelf) []*incident.Incident {
	t.Helper()
	var all []*incident.Incident
	for i, err := range s.List(t.Context(), shelf) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, i)
	}
	return all
}

func wantListed(t *testing.T, s incident.Store, shelf incident.Shelf, want ...string) {
	t.Helper()
	var got []string
	for _, i := range list(t, s, shelf) {
		got = append(got, i.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shelf %s (-want +got):\n%s", shelf, diff)
	}
}
