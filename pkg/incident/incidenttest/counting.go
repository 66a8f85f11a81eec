package incidenttest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// delivery is an event that is counted.
type delivery struct {
	event string
	at    time.Time
}

// deliveries are so many events, seven seconds apart.
func deliveries(prefix string, n int) []delivery {
	all := make([]delivery, n)
	for i := range all {
		all[i] = delivery{fmt.Sprintf("%s%d", prefix, i), start.Add(time.Duration(i) * 7 * time.Second)}
	}
	return all
}

// tallyOf is what counting each of the deliveries once comes to.
func tallyOf(all []delivery) incident.Tally {
	t := incident.Tally{Count: len(all), Minutes: map[string]int{}}
	for _, d := range all {
		if t.First.IsZero() || d.at.Before(t.First) {
			t.First = d.at
		}
		if d.at.After(t.Last) {
			t.Last = d.at
		}
		t.Minutes[incident.Minute(d.at)]++
	}
	return t
}

func eventCountsOnce(t *testing.T, s incident.Store) {
	d := delivery{"3f1c", start}
	for range 3 {
		count(t, s, "i", d)
	}
	wantTally(t, s, "i", tallyOf([]delivery{d}))
	zone := time.FixedZone("", 2*3600+30*60)
	count(t, s, "i", delivery{d.event, d.at.In(zone).Add(time.Millisecond)})
	wantTally(t, s, "i", tallyOf([]delivery{d}))
}

func countingKnowsNoOrder(t *testing.T, s incident.Store) {
	all := deliveries("event-", 30)
	for _, d := range slices.Backward(all) {
		count(t, s, "i", d)
	}
	for n := range all {
		count(t, s, "i", all[(n*7)%len(all)])
	}
	wantTally(t, s, "i", tallyOf(all))
	late := delivery{"late", start.Add(-24*time.Hour + 59*time.Second)}
	count(t, s, "i", late)
	wantTally(t, s, "i", tallyOf(append(all, late)))
}

// Counting needs no incident, and is not mixed up where IDs begin alike.
func countsAreApart(t *testing.T, s incident.Store) {
	ids := []string{"i", "i#", "i seen#", "seen#" + incident.Minute(start), strings.Repeat("i", 2000)}
	for n, id := range ids {
		for _, d := range deliveries("event-", n+1) {
			count(t, s, id, d)
		}
	}
	for n, id := range ids {
		wantTally(t, s, id, tallyOf(deliveries("event-", n+1)))
	}
}

// Every writer delivers what all deliver, in an order of its own, and some
// events of its own.
func countsAreExactWithManyWriters(t *testing.T, s incident.Store) {
	shared := deliveries("shared-", 11)
	want := slices.Clone(shared)
	for n := range writers {
		want = append(want, deliveries(fmt.Sprintf("own-%d-", n), 3)...)
	}
	atOnce(writers, func(n int) {
		for i := range shared {
			count(t, s, "i", shared[(i*(n%10+1)+n)%len(shared)])
		}
		for _, d := range deliveries(fmt.Sprintf("own-%d-", n), 3) {
			count(t, s, "i", d)
		}
	})
	wantTally(t, s, "i", tallyOf(want))
}

func count(t *testing.T, s incident.Store, id string, d delivery) {
	t.Helper()
	if err := s.Count(t.Context(), id, d.event, d.at); err != nil {
		t.Error(err)
	}
}

func tally(t *testing.T, s incident.Store, id string) incident.Tally {
	t.Helper()
	got, err := s.Tally(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantTally(t *testing.T, s incident.Store, id string, want incident.Tally) {
	t.Helper()
	if diff := cmp.Diff(want, tally(t, s, id)); diff != "" {
		t.Errorf("tally of %.20q (-want +got):\n%s", id, diff)
	}
}
