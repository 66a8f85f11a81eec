package report

import (
	"fmt"
	"strconv"
	"strings"
)

// source writes the lines of the policy with their numbers, and carets under
// the part that the finding is about.
func (t *text) source(w *Where, lines []sourceLine) {
	place := w.Path
	if w.Source != "" {
		place = w.Source + ", " + place
	}
	t.line("")
	const key = 24 // columns of a condition key that tell which one it is
	where := cellsOf(fmt.Sprintf("line %d, %s", w.Line, shorten(place, longestProse)))
	t.line(t.faint(where.cut(t.room(0), t.room(key)).String()))
	gutter := len(strconv.Itoa(lines[len(lines)-1].number)) + 1
	for _, l := range lines {
		room := t.room(gutter + 3)
		fit(room, 0, &l.row)
		t.line(t.faint(fmt.Sprintf("%*d %s ", gutter, l.number, rule)) +
			l.before.String() + t.bad(l.marked.String()) + l.after.String())
		if !l.bracket() {
			t.line(t.faint(fmt.Sprintf("%*s %s ", gutter, "", rule)) + t.bad(l.carets()))
		}
	}
}

// compare writes the expected over the actual value, and carets under their
// difference. Values that are too long for a line go on in the next.
func (t *text) compare(c comparison) {
	const label = "  expected  "
	room := t.room(len(label))
	t.line("")
	if c.width() > room && c.width() <= mostPieces*room {
		t.pieces(label, c.expected.pieces(room), t.good, false)
		t.pieces("  actual    ", c.actual.pieces(room), t.bad, !c.expected.empty())
		return
	}
	c = c.fit(room)
	if !c.expected.empty() {
		t.line(t.faint(label) + c.expected.paintedBy(t.good))
	}
	if c.actual.empty() {
		return
	}
	t.line(t.faint("  actual    ") + c.actual.paintedBy(t.bad))
	if !c.expected.empty() {
		t.line(strings.Repeat(" ", len(label)) + t.bad(c.carets()))
	}
}

// pieces writes the lines of a value, each with carets under what is marked
// of it.
func (t *text) pieces(label string, lines []row, mark func(string) string, carets bool) {
	for _, r := range lines {
		t.line(t.faint(label) + r.paintedBy(mark))
		label = strings.Repeat(" ", len(label))
		if carets && (r.gap || len(r.marked) > 0) {
			t.line(label + t.bad(r.carets()))
		}
	}
}

func (r row) paintedBy(mark func(string) string) string {
	return r.before.String() + mark(r.marked.String()) + r.after.String()
}

// code writes a block whose lines are not broken.
func (t *text) code(caption, _, code string) {
	if caption != "" {
		t.paragraph("", t.faint, caption)
	}
	t.line("")
	for _, l := range codeLines(code) {
		t.line("  " + t.diffLine(l))
	}
}

// codeLines escapes the lines of a block of code and bounds their length and
// number.
func codeLines(code string) (out []string) {
	lines := strings.Split(strings.Trim(code, "\n"), "\n")
	for _, l := range lines[:min(len(lines), mostCodeLines)] {
		out = append(out, sourceCells(strings.TrimSuffix(l, "\r")).cut(longestCodeLine, longestCodeLine/2).String())
	}
	if left := len(lines) - mostCodeLines; left > 0 {
		out = append(out, fmt.Sprintf("… %d more lines are in the JSON report", left))
	}
	return out
}

func (t *text) diffLine(l string) string {
	switch {
	case strings.HasPrefix(l, "+"):
		return t.good(l)
	case strings.HasPrefix(l, "-"):
		return t.bad(l)
	default:
		return l
	}
}

// command writes a command without the rule, as it is to be run.
func (t *text) command(c string) {
	t.line("")
	if len(c) > longestCommand {
		t.line("a very long command is in the JSON report")
		return
	}
	t.out.WriteString(escapeLines(strings.TrimRight(c, "\n")) + "\n")
}

// folded writes nothing: a terminal cannot fold, and these are long.
func (t *text) folded(string, string, string) {}
