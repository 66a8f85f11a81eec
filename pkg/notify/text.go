package notify

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Columns of a text, which mail programs and Slack's code blocks show without
// wrapping, and bounds of what notices list in it.
const (
	width       = 80
	mostInText  = 50
	longestLine = 2000 // bytes
)

// Text renders the notice as the plain text that people get, without colour:
// what it says itself, and its report below. Whatever is not printable is made
// visible.
func Text(n *Notice) (string, error) {
	var b bytes.Buffer
	if lines := Lines(n, mostInText); lines != nil {
		b.WriteString(wrapped("", report.Escape(Title(n))))
		b.WriteString("\n" + TextOf(lines))
	}
	if !ShowsReport(n) {
		return b.String(), nil
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	if err := report.Text(&b, n.Report, report.TextOptions{Width: width}); err != nil {
		return "", fmt.Errorf("render report: %w", err)
	}
	return b.String(), nil
}

// ShowsReport reports whether people are shown the report of the notice: not
// where it says no more than that the call would be allowed.
func ShowsReport(n *Notice) bool {
	return n.Report != nil && (n.Kind != Answer || n.Standing() != Allowed)
}

// TextOf renders lines as text, escaped and wrapped.
func TextOf(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		text := report.Escape(Cut(l.Plain(), longestLine, "…"))
		switch {
		case l.Item:
			b.WriteString(wrapped("  - ", text))
		case l.Lead:
			b.WriteString(wrapped("", capital(text)))
		case l.Label != "" && text != "":
			b.WriteString(wrapped("", l.Label+": "+text))
		case l.Label != "":
			b.WriteString(l.Label + ":\n")
		default:
			b.WriteString(wrapped("", text))
		}
	}
	return b.String()
}

// wrapped breaks text at blanks into lines behind an indent, of which the first
// line shows the mark at its end. Longer words stand on lines of their own.
func wrapped(indent, text string) string {
	var b strings.Builder
	column := utf8.RuneCountInString(indent)
	b.WriteString(indent)
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > width:
			b.WriteString("\n" + strings.Repeat(" ", len(indent)))
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
	return b.String()
}
