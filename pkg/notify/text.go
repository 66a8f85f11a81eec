package notify

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// width is what mail programs and Slack's code blocks show without wrapping.
const width = 80

// Text renders the report as the plain text that people get, without colour.
// The renderer makes visible whatever is not printable.
func Text(r *report.Report) (string, error) {
	var b bytes.Buffer
	if err := report.Text(&b, r, report.TextOptions{Width: width}); err != nil {
		return "", fmt.Errorf("render report: %w", err)
	}
	return b.String(), nil
}

// Headline is the report's headline as one Clean line, in which a stranger's
// call differs at a glance from a broken pipeline's. It is not escaped for any
// service.
func Headline(r *report.Report) string {
	headline := Clean(report.Headline(r))
	if r.Caller == report.Stranger {
		return "Stranger refused: " + headline
	}
	return headline
}

// Sign sets, before a headline, strangers and what is over apart from broken
// pipelines.
func Sign(r *report.Report) string {
	switch {
	case r.Caller == report.Stranger:
		return "🛡️"
	case r.Verdict == report.AllowedNow, r.Verdict == report.NotADenial:
		return "🟢"
	case r.Verdict == report.Unexplained:
		return "❔"
	default:
		return "🔴"
	}
}

// Clean makes one line of a text that others wrote: every control, format
// (such as bidirectional overrides), separator and invalid character becomes
// a single blank.
func Clean(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsPrint(r) || unicode.IsSpace(r)
	}), " ")
}

// Cut shortens a text of more than limit bytes to at most limit bytes, on a
// rune boundary, and ends it with note. A note of more than limit bytes is
// left out.
func Cut(s string, limit int, note string) string {
	if len(s) <= limit {
		return s
	}
	if len(note) > limit {
		note = ""
	}
	return s[:Boundary(s, limit-len(note))] + note
}

// Boundary returns the greatest offset of at most limit at which s can be cut
// without splitting a rune.
func Boundary(s string, limit int) int {
	if limit >= len(s) {
		return len(s)
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}
