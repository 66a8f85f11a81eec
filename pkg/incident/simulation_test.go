package incident_test

import (
	"flag"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
)

var update = flag.Bool("update", false, "write testdata/simulation.md anew")

// The days of a small deployment, in seconds: what fails in the month fails
// here as a rule, too.
func TestSimulationOfDays(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		simulate(t, seed, scale{Days: 5, Roles: 64, Events: 20_000, Strangers: 200, Bursts: 1, Longest: 8 * hour})
	}
}

// A month of 300 roles. The figures of the last run with -update are those that
// docs/incidents.md shows.
func TestSimulationOfAMonth(t *testing.T) {
	o := simulate(t, 4, scale{Days: 30, Roles: 300, Events: 200_000, Strangers: 5_000, Bursts: 3, Longest: 8 * hour})
	plan := table(o.plan())
	const file = "testdata/simulation.md"
	if *update {
		if err := os.WriteFile(file, []byte(plan+"\n"+table(o.measured())), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(written), plan) {
		t.Errorf("%s (-update writes it anew): %v, want it to begin with\n%s", file, err, plan)
	}
}

// simulate runs a simulation and holds it to the truth.
func simulate(t *testing.T, seed uint64, s scale) *oracle {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // it makes much that it does not keep
	sim, err := newSimulation(seed, s)
	if err != nil {
		t.Fatal(err)
	}
	// Waiting for another try takes no time in there; the clock of the desk is
	// another one.
	synctest.Test(t, func(*testing.T) { sim.run() })
	o := newOracle(sim)
	for _, wrong := range o.verdict() {
		t.Errorf("seed %d: %s", seed, wrong)
	}
	t.Logf("seed %d\n%s\n%s", seed, table(o.plan()), table(o.measured()))
	return o
}
