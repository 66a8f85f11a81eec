package report

import "strings"

// A row is a line of text with a part of it marked.
type row struct {
	before, marked, after cells
	gap                   bool // of a piece: something is missing where nothing is marked
}

func newRow(c cells, mark span) row {
	return row{before: c[:mark.start], marked: c[mark.start:mark.end], after: c[mark.end:]}
}

// mostPieces is how many lines a value may take that is compared.
const mostPieces = 3

// pieces breaks a row into lines of width columns, behind a separator where
// there is one.
func (r row) pieces(width int) (lines []row) {
	all := append(append(append(cells{}, r.before...), r.marked...), r.after...)
	mark := span{len(r.before), len(r.before) + len(r.marked)}
	for start := 0; start < len(all); {
		head := all[start:].head(max(width, 2))
		if start+len(head) < len(all) {
			head = head[:lastAfter(head, ":", "/@")]
		}
		end := start + len(head)
		piece := newRow(head, span{min(max(mark.start-start, 0), len(head)), min(max(mark.end-start, 0), len(head))})
		piece.gap = mark.start == mark.end && start <= mark.start && (mark.start < end || end == len(all))
		lines, start = append(lines, piece), end
	}
	return lines
}

// carets underlines the marked part; where that is empty, the place at which
// something is missing.
func (r row) carets() string {
	return strings.Repeat(" ", r.before.width()) + strings.Repeat("^", r.mark())
}

// width counts a column for a mark between two characters.
func (r row) width() int { return r.before.width() + r.mark() + r.after.width() }

func (r row) empty() bool { return len(r.before)+len(r.marked)+len(r.after) == 0 }

func (r row) mark() int { return max(r.marked.width(), 1) }

// fit cuts rows that stand one above the other to width columns so that the
// marked parts stay in sight. keep is how much of a beginning is worth keeping
// where text before the mark goes.
func fit(width, keep int, rows ...*row) {
	var widest, before, marked, after int
	for _, r := range rows {
		widest = max(widest, r.width())
		before, marked, after = max(before, r.before.width()), max(marked, r.mark()), max(after, r.after.width())
	}
	if widest <= width {
		return
	}
	left := max(width-marked, width/4) // for the text around the mark
	after = min(after, max(left/3, left-before))
	for _, r := range rows {
		r.before = r.before.cut(left-after, keep)
		r.after = r.after.cut(after, after)
		rest := max(width-r.before.width()-r.after.width(), 1)
		r.marked = r.marked.cut(rest, rest*2/3)
	}
}

// comparison is an expected and an actual value one above the other.
type comparison struct{ expected, actual row }

// width is that of the wider value.
func (c comparison) width() int { return max(c.expected.width(), c.actual.width()) }

// longestValue bounds the values that are compared; beyond it, nobody reads.
const longestValue = 4096

func compare(expected, actual string, pattern bool) comparison {
	e, a := runesOf(expected), runesOf(actual)
	find := difference
	if pattern {
		find = patternDifference
	}
	es, as := find(e, a)
	return comparison{newRow(valueCells(string(e)), es), newRow(valueCells(string(a)), as)}
}

func runesOf(s string) []rune {
	r := []rune(s)
	return r[:min(len(r), longestValue)]
}

// fit cuts both values to width columns, alike, so that they stay aligned.
func (c comparison) fit(width int) comparison {
	fit(width, width/6, &c.expected, &c.actual)
	return c
}

// carets marks the difference under the actual value; where nothing is left
// there, what the expected value has in its place.
func (c comparison) carets() string {
	if len(c.actual.marked) == 0 && c.actual.before.width() == c.expected.before.width() {
		r := c.actual
		r.marked = c.expected.marked
		return r.carets()
	}
	return c.actual.carets()
}
