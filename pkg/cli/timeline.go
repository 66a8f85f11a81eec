package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// spans are what one character of a timeline may stand for.
var spans = []struct {
	name string
	span time.Duration
}{
	{"a minute", time.Minute},
	{"10 minutes", 10 * time.Minute},
	{"an hour", time.Hour},
	{"6 hours", 6 * time.Hour},
	{"a day", 24 * time.Hour},
	{"a week", 7 * 24 * time.Hour},
}

// bars are the heights of a timeline, from the least to the most.
var bars = []rune("▁▂▃▄▅▆▇█")

// idle stands for a span without a denial.
const idle = '·'

// timeline draws when calls were denied, in at most width characters, below a
// line that says what one of them stands for. It is empty where nothing was
// counted. Of more than a year it shows the end.
func timeline(t incident.Tally, width int) []string {
	minutes := minutesOf(t)
	if len(minutes) == 0 {
		return nil
	}
	first, last := minutes[0].at, minutes[len(minutes)-1].at
	unit := spans[len(spans)-1]
	for _, s := range spans {
		if int(last.Truncate(s.span).Sub(first.Truncate(s.span))/s.span) < width {
			unit = s
			break
		}
	}
	end := last.Truncate(unit.span)
	counts := make([]int, min(int(end.Sub(first.Truncate(unit.span))/unit.span)+1, width))
	for _, m := range minutes {
		if n := len(counts) - 1 - int(end.Sub(m.at.Truncate(unit.span))/unit.span); n >= 0 {
			counts[n] += m.count
		}
	}
	begin := end.Add(-time.Duration(len(counts)-1) * unit.span)
	return []string{
		fmt.Sprintf("%s to %s UTC, █ is %d in %s", clock(begin), clock(last), slices.Max(counts), unit.name),
		drawn(counts),
	}
}

// minuteCount is how often calls were denied in a minute.
type minuteCount struct {
	at    time.Time
	count int
}

// minutesOf are the minutes of a tally in their order.
func minutesOf(t incident.Tally) (all []minuteCount) {
	for name, n := range t.Minutes {
		if at, err := time.Parse("2006-01-02T15:04", name); err == nil && n > 0 {
			all = append(all, minuteCount{at, n})
		}
	}
	slices.SortFunc(all, func(a, b minuteCount) int { return a.at.Compare(b.at) })
	return all
}

// drawn is a character for each count.
func drawn(counts []int) string {
	most := slices.Max(counts)
	var b strings.Builder
	for _, n := range counts {
		if n == 0 {
			b.WriteRune(idle)
		} else {
			b.WriteRune(bars[(n*len(bars)-1)/most])
		}
	}
	return b.String()
}

// clock is a time to the minute, in UTC.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
