package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// Columns of text: of a pipe; from which on an incident has one line, with and
// without the column of changes; and from which on there is room for minutes.
const (
	pipeWidth    = 120
	lineWidth    = 100
	changedWidth = 120
	minuteWidth  = 140
	leastWidth   = 40
)

// text is what was read and found, the table, and what bounds the result.
func (x *scanning) text(b *bytes.Buffer, r *scan.Result) {
	width := max(cmp.Or(x.width, x.Columns, pipeWidth), leastWidth)
	prose := min(width, pipeWidth)
	read, found := scanSummary(r)
	for _, line := range []string{read, found, scanAccounts(r)} {
		if line != "" {
			fmt.Fprintln(b, strings.Join(report.Wrap(line, prose), "\n"))
		}
	}
	if len(r.Incidents) > 0 {
		b.WriteString("\n" + incidentTable(width, r.Incidents))
		fmt.Fprintln(b, "\n"+strings.Join(report.Wrap("The whole of each, with what to change: --output html >scan.html", prose), "\n"))
	}
	for _, note := range r.Notes {
		fmt.Fprintln(b, "\n"+strings.Join(report.Wrap(note, prose), "\n"))
	}
}

// incidentTable has a line for each incident, or two where these were too
// narrow to read. The column of changes is left out where nobody made any.
func incidentTable(width int, incidents []scan.Incident) string {
	changed := slices.ContainsFunc(incidents, func(i scan.Incident) bool { return i.Changed != nil })
	if width < lineWidth || changed && width < changedWidth {
		return doubleTable(width, incidents)
	}
	wide := width >= minuteWidth || !changed && width >= changedWidth
	rows, names := make([][]string, len(incidents)), shared(incidents)
	for n := range incidents {
		rows[n] = scanRow(&incidents[n], names, wide)
	}
	heads := scanHeads
	if !changed {
		heads = heads[:len(heads)-1]
		for n := range rows {
			rows[n] = rows[n][:len(heads)]
		}
	}
	return cutGrid(width, heads, rows)
}

// scanHeads are the columns of the table. The caller and the cause are cut
// before the role.
var scanHeads = []head{
	{name: "ROLE", elastic: 20},
	{name: "CALLER", elastic: 26},
	{name: "CAUSE", elastic: 22},
	{name: "COUNT", right: true},
	{name: "FIRST"},
	{name: "LAST"},
	{name: "STANDING"},
	{name: "CHANGED BY", elastic: 16},
}

func scanRow(i *scan.Incident, names map[string]bool, wide bool) []string {
	last, standing, by := minuteForm, standingWord(i), i.ChangedBy()
	if !wide {
		last, by = time.DateOnly, by[strings.LastIndexByte(by, '/')+1:]
		standing = strings.TrimSuffix(strings.TrimPrefix(standing, "still "), " now")
	}
	return []string{
		scanRole(i, names), narrowCaller(i), scanCause(i), number(i.Count),
		orDash(i.First, time.DateOnly), orDash(i.Last, last), standing, cmp.Or(by, "-"),
	}
}

// narrowCaller says service account as those do who have many.
func narrowCaller(i *scan.Incident) string {
	caller := scanCaller(&i.Report.Event)
	if name, ok := strings.CutPrefix(caller, "service account "); ok {
		return "sa " + name
	}
	return caller
}

// doubleTable has the caller and the times of an incident on a second line.
func doubleTable(width int, incidents []scan.Incident) string {
	rows, names := make([][]string, len(incidents)), shared(incidents)
	for n := range incidents {
		i := &incidents[n]
		rows[n] = []string{scanRole(i, names), scanCause(i), number(i.Count), standingWord(i)}
	}
	heads := []head{{name: "ROLE", elastic: 20}, {name: "CAUSE", elastic: 20}, {name: "COUNT", right: true}, {name: "STANDING"}}
	lines := strings.SplitAfter(cutGrid(width, heads, rows), "\n")
	var b strings.Builder
	b.WriteString(lines[0])
	for n := range incidents {
		b.WriteString(lines[n+1] + secondLine(width, &incidents[n]) + "\n")
	}
	return b.String()
}

// secondLine leaves the caller what the times and the change do not take. The
// change is left out where there is no room for it.
func secondLine(width int, i *scan.Incident) string {
	const indent, least = 2, 24
	rest := ", " + orDash(i.First, time.DateOnly)
	if last := orDash(i.Last, time.DateOnly); last != orDash(i.First, time.DateOnly) {
		rest += " to " + last
	}
	by := i.ChangedBy()
	by = ", changed by " + report.Shorten(by[strings.LastIndexByte(by, '/')+1:], 20)
	if i.Changed != nil && width-indent-ansi.StringWidth(rest+by) >= least {
		rest += by
	}
	return strings.Repeat(" ", indent) + report.Shorten(scanCaller(&i.Report.Event), max(width-indent-ansi.StringWidth(rest), 12)) + rest
}

// cutGrid is a grid whose values lose their ends where there is no room for
// them, and their middle where that alone tells them apart from others.
func cutGrid(width int, heads []head, rows [][]string) string {
	for n, room := range gridWidths(width, heads, rows) {
		if heads[n].elastic > 0 {
			cutColumn(rows, n, room)
		}
	}
	return grid(width, heads, rows)
}

func cutColumn(rows [][]string, n, room int) {
	of := map[string][]string{} // the values that are the same once they are cut
	for _, row := range rows {
		row[n] = report.Shorten(row[n], 4*pipeWidth) // which makes it harmless too
		short := ansi.Truncate(row[n], room, "…")
		if !slices.Contains(of[short], row[n]) {
			of[short] = append(of[short], row[n])
		}
	}
	for _, row := range rows {
		if short := ansi.Truncate(row[n], room, "…"); len(of[short]) == 1 {
			row[n] = short
		} else {
			row[n] = report.Shorten(row[n], room)
		}
	}
}
