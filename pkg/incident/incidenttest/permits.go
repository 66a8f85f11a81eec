package incidenttest

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

func permitsEnd(t *testing.T, s incident.Store) {
	next := start.Add(time.Hour)
	for n, c := range []struct {
		name   string
		window time.Time
		limit  int
		want   bool
	}{
		{"none", start, 0, false},
		{"none", start, -1, false},
		{"all", start, 2, true},
		{"all", start, 2, true},
		{"all", start, 2, false},
		{"all", start, 3, true},
		{"all", start, 2, false},
		{"all", start.In(time.FixedZone("", 3600)), 3, false},
		{"all", next, 2, true},
		{"another", start, 1, true},
		{"another", start, 1, false},
		{"all", time.Time{}, 1, true},
		{"all", time.Time{}, 1, false},
	} {
		if got := take(t, s, c.name, c.window, c.limit); got != c.want {
			t.Errorf("step %d: %v, want %v", n, got, c.want)
		}
	}
}

func permitsAreExactWithManyTakers(t *testing.T, s incident.Store) {
	var taken atomic.Int64
	atOnce(writers, func(int) {
		if take(t, s, "all", start, 7) {
			taken.Add(1)
		}
	})
	if taken.Load() != 7 {
		t.Errorf("%d of 7 permits were taken", taken.Load())
	}
}

func take(t *testing.T, s incident.Store, name string, window time.Time, limit int) bool {
	t.Helper()
	got, err := s.Take(t.Context(), name, window, limit)
	if err != nil {
		t.Error(err)
	}
	return got
}
