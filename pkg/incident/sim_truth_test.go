package incident_test

import (
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// The simulation is worth what its truth is worth: that has to be the one of
// the diagnosis, for the first call of each caller and after each edit.
func TestSimulatedTruth(t *testing.T) {
	s, err := newSimulation(3, scale{Days: 5, Roles: 64, Events: 20_000, Strangers: 100, Bursts: 1, Longest: 8 * hour})
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range s.streams {
		for _, c := range []*call{st.calls[0], st.calls[len(st.calls)-1]} {
			if r := s.checkTruth(t, st, c.at); (r.Caller == report.Stranger) != st.stranger {
				t.Errorf("%s at %v: the caller is %s (%s), a stranger: %t", st.describe(), c.at, r.Caller, r.CallerReason, st.stranger)
			}
		}
		for _, ed := range st.role.edits {
			s.checkTruth(t, st, ed.at)
		}
	}
}

// checkTruth holds a stream at a time against the diagnosis. The errors of
// tokens are none of the trust policy's.
func (s *simulation) checkTruth(t *testing.T, st *stream, at time.Time) *report.Report {
	t.Helper()
	s.clock.set(at)
	r := diagnose.Explain(t.Context(), s.estate, st.calls[0].event(), diagnose.Options{})
	if got := r.Verdict == report.AllowedNow; got != st.allowed(at) && st.code == accessDenied {
		t.Errorf("%s at %v: allowed %t, want %t: %+v", st.describe(), at, got, st.allowed(at), r.Findings)
	}
	return r
}
