package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// sheet is a medium for what is told beside a report. What is put on it is
// escaped and bounded in length; the text of code is kept in its lines.
type sheet interface {
	title(s string)
	prose(label, s string) // a paragraph, behind a label unless that is empty
	facts(label string, pairs []report.Pair)
	code(caption, s string)
	String() string
}

// mostFact bounds the columns of a value.
const mostFact = 600

// textSheet looks like a report in text: every line but those of code, which
// are there to be copied, stands behind a rule.
type textSheet struct {
	width int
	out   strings.Builder
}

func (t *textSheet) String() string { return t.out.String() }

func (t *textSheet) line(s string) { t.out.WriteString(strings.TrimRight("│ "+s, " ") + "\n") }

func (t *textSheet) wrapped(s string) {
	for i, line := range report.Wrap(s, t.width-4) {
		if i > 0 {
			line = "  " + line
		}
		t.line(line)
	}
}

func (t *textSheet) title(s string) { t.wrapped(s) }

func (t *textSheet) prose(label, s string) {
	if label != "" {
		s = label + ": " + s
	}
	t.line("")
	t.wrapped(s)
}

// mostLabel bounds the columns of a name.
const mostLabel = 28

func (t *textSheet) facts(label string, pairs []report.Pair) {
	if len(pairs) == 0 {
		return
	}
	t.line("")
	t.wrapped(label + ":")
	widest := 0
	for _, p := range pairs {
		widest = max(widest, ansi.StringWidth(report.Shorten(p.Name, mostLabel)))
	}
	for _, p := range pairs {
		name := report.Shorten(p.Name, mostLabel)
		name += strings.Repeat(" ", widest-ansi.StringWidth(name))
		for i, line := range report.Wrap(report.Shorten(p.Value, mostFact), max(t.width-widest-6, 20)) {
			if i > 0 {
				name = strings.Repeat(" ", widest)
			}
			t.line("  " + name + "  " + line)
		}
	}
}

func (t *textSheet) code(caption, s string) {
	if caption != "" {
		t.prose("", caption)
	}
	t.out.WriteString("\n" + escapedLines(s) + "\n\n")
}

// escapedLines escapes each line of s by itself.
func escapedLines(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, line := range lines {
		lines[i] = report.Escape(line)
	}
	return strings.Join(lines, "\n")
}

// markdownSheet is for job summaries and tickets.
type markdownSheet struct{ out strings.Builder }

func (m *markdownSheet) String() string { return m.out.String() }

func (m *markdownSheet) block(s string) { m.out.WriteString(s + "\n\n") }

func (m *markdownSheet) title(s string) { m.block("## " + report.MarkdownText(s)) }

func (m *markdownSheet) prose(label, s string) {
	if label == "" {
		m.block(report.MarkdownText(s))
		return
	}
	m.block("**" + report.MarkdownText(label) + ":** " + report.MarkdownText(s))
}

func (m *markdownSheet) facts(label string, pairs []report.Pair) {
	if len(pairs) == 0 {
		return
	}
	m.block("**" + report.MarkdownText(label) + ":**")
	for _, p := range pairs {
		fmt.Fprintf(&m.out, "- %s %s\n", report.MarkdownText(p.Name), cmp.Or(report.MarkdownCode(p.Value), "(empty)"))
	}
	m.out.WriteString("\n")
}

func (m *markdownSheet) code(caption, s string) {
	if caption != "" {
		m.block(report.MarkdownText(caption))
	}
	m.block(report.MarkdownFence("text", s))
}
