package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// TextOptions says how Text lays a report out.
type TextOptions struct {
	Width int  // columns; 0 is 80, at least 40 and at most 120 are used
	Color bool // SGR colours
}

// Columns of a text report.
const (
	usualWidth = 80
	leastWidth = 40
	mostWidth  = 120
)

// Bounds of blocks of code, which are not broken into lines.
const (
	longestCodeLine = 400
	mostCodeLines   = 150
	longestCommand  = 20_000
)

// rule stands left of every line that is not a command, so that a reader sees
// where a report begins and ends, and pastes all of it.
const rule = "│"

// Text writes the report for people to read in a terminal or a mail. Lines
// are at most as wide as the options say, except in diffs and in commands;
// commands stand without the rule, to be copied. Everything in it is escaped.
func Text(w io.Writer, r *Report, o TextOptions) error {
	t := &text{paint: paint{o.Color}, width: min(max(o.Width, leastWidth), mostWidth)}
	if o.Width == 0 {
		t.width = usualWidth
	}
	tell(t, r)
	if _, err := io.WriteString(w, t.out.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// text is the medium of terminals and mails.
type text struct {
	paint
	width int
	out   strings.Builder
}

// line writes one line behind the rule. It must be escaped.
func (t *text) line(s string) {
	t.out.WriteString(t.faint(rule))
	if s != "" {
		t.out.WriteString(" " + s)
	}
	t.out.WriteByte('\n')
}

// room is how many columns there are behind the rule and so much indent.
func (t *text) room(indent int) int { return t.width - len("| ") - indent }

// paragraph writes wrapped prose, with a label in front that style paints.
func (t *text) paragraph(label string, style func(string) string, s string) {
	const indent = 2
	lead := label
	if label != "" {
		lead = label + ": "
	}
	for i, l := range wrap(lead+s, t.room(0), t.room(indent)) {
		if i > 0 {
			l = strings.Repeat(" ", indent) + l
		} else if strings.HasPrefix(l, label) {
			l = style(label) + l[len(label):]
		}
		t.line(l)
	}
}

func (t *text) title(headline, circumstances string) {
	for _, l := range wrap(headline, t.room(0), t.room(0)) {
		t.line(t.strong(l))
	}
	if circumstances != "" {
		for _, l := range wrap(circumstances, t.room(0), t.room(0)) {
			t.line(t.faint(l))
		}
	}
}

func (t *text) alarm(s string) {
	t.line("")
	for _, l := range wrap(s, t.room(0), t.room(0)) {
		t.line(t.paint.alarm(l))
	}
}

func (t *text) cause(head, message string, code Code) {
	t.line("")
	t.paragraph(head, t.bad, message+" ["+string(code)+"]")
}

func (t *text) prose(label, s string) {
	if label == "" || label == caution {
		t.line("")
	}
	t.paragraph(label, t.strong, s)
}

func (t *text) fix(head, message string) {
	t.line("")
	if message == "" {
		t.line(t.good(head) + ":")
		return
	}
	t.paragraph(head, t.good, message)
}

func (t *text) list(label string, items []string) {
	if len(items) == 0 {
		return
	}
	t.line("")
	for _, item := range items {
		t.paragraph(label, t.strong, item)
	}
}

// inProse are the facts that are lists or sentences, which break at blanks;
// in the others every blank counts.
var inProse = []string{"derived", "tags", "error", "from"}

// facts writes names and values in two columns. Long values go on in the next
// lines, very long ones are cut.
func (t *text) facts(label string, pairs []Pair) {
	if len(pairs) == 0 {
		return
	}
	const column = 14
	t.line("")
	t.line(t.strong(label) + ":")
	for _, p := range pairs {
		room := t.room(column)
		value := valueCells(p.Value[:min(len(p.Value), longestValue)]).cut(3*room, 2*room)
		for i, l := range breakLines(value, room, slices.Contains(inProse, p.Name)) {
			name := ""
			if i == 0 {
				name = p.Name
			}
			t.line(t.faint(fmt.Sprintf("  %-*s", column-2, name)) + l)
		}
	}
}
