package incident_test

import (
	"errors"
	"time"
)

// Faults that are injected.
var (
	errRefused = errors.New("injected: throttled, nothing was done")
	errLost    = errors.New("injected: timed out, though it was done")
	errKilled  = errors.New("injected: this process is dead")
)

// operation is a kind of step that a process takes.
type operation int

const (
	read  operation = iota // Get, Tally, List
	count                  // Count
	write                  // Save, Take
	slack
	sns
)

// odds of faults at one step.
type odds struct{ refused, lost, killed float64 }

// usual are the odds on a usual day. Steps that only some events take are
// struck more often, so that each of them is.
var usual = [...]odds{
	read:  {.001, 0, .0005},
	count: {.001, .001, .001},
	write: {.005, .005, .01},
	slack: {.01, .005, .01},
	sns:   {.01, .005, .01},
}

// weather is a time in which something fails more often.
type weather struct {
	span
	what operation
	odds odds
}

// forecast lays down the bad weather: the store away for minutes, throttled,
// and slow; each channel away, and slow. The last hours are calm.
func (g *generator) forecast() {
	kinds := []struct {
		long    time.Duration
		strikes []operation
		odds    odds
	}{
		{4 * time.Minute, []operation{read, count, write}, odds{refused: 1}},
		{30 * time.Minute, []operation{read, count, write}, odds{refused: .2}},
		{20 * time.Minute, []operation{count, write}, odds{lost: .2}},
		{hour, []operation{slack}, odds{refused: 1}},
		{hour, []operation{sns}, odds{refused: .5}},
		{hour, []operation{slack, sns}, odds{lost: .1}},
		{3 * hour, []operation{read, count, write, slack, sns}, odds{killed: .03}},
	}
	for range max(1, g.scale.Days/5) {
		for _, k := range kinds {
			from := g.in(span{g.start, g.end.Add(-8 * hour)})
			for _, op := range k.strikes {
				g.weather = append(g.weather, weather{span{from, from.Add(k.long)}, op, k.odds})
			}
		}
	}
}

// oddsOf are those of a step at a time.
func (g *generator) oddsOf(op operation, t time.Time) odds {
	o := usual[op]
	if t.After(g.end.Add(-2 * hour)) {
		return odds{}
	}
	for _, w := range g.weather {
		if w.what == op && w.has(t) {
			o = odds{max(o.refused, w.odds.refused), max(o.lost, w.odds.lost), max(o.killed, w.odds.killed)}
		}
	}
	return o
}
