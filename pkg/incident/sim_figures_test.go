package incident_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// figures are what a simulation measures.
type figures struct {
	executions, killed, repeats, diagnoses int

	spells, inDigests, withheld, snoozed, over, allowedNow, stillDenied int
	cleanDelay, struckDelay, answerDelay                                time.Duration
	perDay, strangersPerHour, digestsPerHour                            int
}

func (f *figures) count(e *execution) {
	f.executions++
	f.diagnoses += e.explains
	if e.killed {
		f.killed++
	}
}

// priceOf holds a repetition to its price: one write, no diagnosis and no
// message. What is new in a repetition may be kept: its subject.
func (p *process) priceOf(c *call, result incident.Result, err error) {
	if err != nil || c.of.stranger || result.Report != nil || result.News || p.now.sent > 0 {
		return
	}
	p.simulation.mu.Lock()
	defer p.simulation.mu.Unlock()
	if !p.seen(c) {
		return
	}
	p.figures.repeats++
	if e := p.now; e.faults == 0 && (e.writes != 1 || e.explains > 0) {
		p.dear = append(p.dear, *e)
	}
}

// seen is whether the subject of a call was dealt with before. From now on it
// was.
func (p *process) seen(c *call) bool {
	known := p.subjects[c.of]
	if known == nil {
		known = map[string]time.Time{}
		p.subjects[c.of] = known
	}
	subject := c.of.caller.subject(c.job)
	first, ok := known[subject]
	if !ok {
		known[subject] = p.now.at
	}
	return ok && first.Before(p.now.at)
}

// row is a line of the table of figures.
type row struct {
	what  string
	value string
}

// plan are the figures that are the same in every run of a seed.
func (o *oracle) plan() []row {
	mine, strangers, copies := 0, 0, 0
	for _, s := range o.streams {
		if s.stranger {
			strangers++
		} else {
			mine++
		}
	}
	for _, st := range o.streams {
		copies += len(st.calls)
	}
	return []row{
		{"denied calls", group(copies)},
		{"simulated days", fmt.Sprint(o.scale.Days)},
		{"roles", group(len(o.estate.ordered))},
		{"callers that fail", group(mine)},
		{"names that strangers made up", group(strangers)},
		{"edits of roles and providers", group(len(o.edits))},
		{"handlers at the same time", fmt.Sprint(handlers)},
	}
}

// measured are the figures that differ a little from run to run, since
// handlers overtake one another.
func (o *oracle) measured() []row {
	kinds := map[notify.Kind]int{}
	for _, m := range o.messages {
		kinds[m.Kind]++
	}
	f := o.figures
	rows := []row{
		{"runs of a function", group(f.executions)},
		{"faults injected", group(int(o.simulation.faults.Load()))},
		{"processes killed", group(f.killed)},
		{"incidents and their returns", group(f.spells)},
		{"of these told by a digest alone", group(f.inDigests)},
		{"of these not told on their day, as the incident had told six things", group(f.withheld)},
		{"longest time to the alert, without a fault", f.cleanDelay.String()},
		{"longest time to the alert, with faults", f.struckDelay.String()},
		{"messages sent twice after a fault", group(o.repeated())},
		{"most messages of one incident on a day that nobody asked for", fmt.Sprint(f.perDay)},
		{"most messages about strangers in an hour", fmt.Sprint(f.strangersPerHour)},
		{"most digests in an hour", fmt.Sprint(f.digestsPerHour)},
		{"answers: allowed now", group(f.allowedNow)},
		{"answers: still denied", group(f.stillDenied)},
		{"longest time to an answer, without a fault", f.answerDelay.String()},
		{"denials kept quiet by a rule", group(f.snoozed)},
		{"repetitions, each for one write", group(f.repeats)},
		{"diagnoses", group(f.diagnoses)},
		{"look-ups of successes", group(int(o.lookups.Load()))},
	}
	for _, k := range []notify.Kind{notify.Alert, notify.Update, notify.Answer, notify.Over, notify.Back, notify.Provider, notify.Digest, notify.Security} {
		rows = append(rows, row{"messages: " + string(k), group(kinds[k])})
	}
	return rows
}

// group writes a number with commas.
func group(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// table writes rows as Markdown.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString("| | |\n|---|---:|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s |\n", r.what, r.value)
	}
	return b.String()
}

// checkPrices wants no repetition to cost more, but where it sweeps up after a
// fault.
func (o *oracle) checkPrices() {
	for _, e := range o.dear {
		if _, struck := o.deadline(e.of, e.at.Add(-5*time.Minute), 5*time.Minute, false); !struck {
			o.wrong("price", "a repetition for %s at %v cost %d writes, %d diagnoses", e.of.describe(), e.at, e.writes, e.explains)
		}
	}
}
