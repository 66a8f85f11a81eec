package page

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// columns is the width for which evidence is laid out where the page shows the
// text itself; it marks the difference in the values as a whole.
const columns = 120

// Bounds of what is shown, in bytes. Policies have at most 4,096 characters;
// what is longer was not written to be read.
const (
	longestProse = 4_000
	longestCode  = 40_000
	longestLine  = 8_000
)

// body takes a report apart, without its headline, for the page to lay out.
func (d *document) body(r *report.Report) (all []section) {
	for _, s := range report.Sections(r, columns) {
		if s.Kind != report.TitleSection {
			all = append(all, d.section(s))
		}
	}
	return all
}

func (d *document) section(s report.Section) section {
	out := section{Kind: s.Kind, Label: d.ref(short(s.Label)), Code: d.ref(short(string(s.Code)))}
	switch s.Kind {
	case report.SourceSection, report.CompareSection:
		place, _, _ := strings.Cut(s.Text, "\n")
		out.Lines, out.Marked = d.lines(place), d.marked(s.Marked)
	case report.DiffSection, report.LongSection, report.CommandSection:
		d.code(&out, s)
	default:
		out.Lines = d.lines(prose(s.Text))
	}
	return out
}

func (d *document) marked(lines []report.Marked) (out [][4]ref) {
	for _, m := range lines {
		out = append(out, [4]ref{d.ref(m.Label), d.ref(clip(m.Before)), d.ref(clip(m.Middle)), d.ref(clip(m.After))})
	}
	return out
}

// code fills in lines of code, whole or not at all: half a policy must not be
// applied. In documents a character that cannot be seen is spelled, so that what
// is copied is what is shown and still means the same.
func (d *document) code(out *section, s report.Section) {
	text := s.Text
	switch {
	case len(text) > longestCode:
		out.Kind = report.ProseSection
		out.Lines = d.lines(fmt.Sprintf("%s is too long to be shown here, with %d bytes; the JSON result has it", s.Label, len(text)))
		return
	case s.Kind == report.LongSection:
		text = spelled(text, s.Label == "Terraform")
	case s.Kind == report.DiffSection:
		text = visible(text)
	}
	out.Lines = d.lines(strings.TrimRight(text, "\n"))
}

// spelled writes what a reader cannot see within the strings of a document as
// JSON does, \u200b, or as HCL does beyond the first plane, \U000e0041.
func spelled(text string, hcl bool) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(text, "\t", "  ") {
		switch s := string(r); {
		case r == '\n' || r == '\r' || report.Escape(s) == s:
			b.WriteString(strings.TrimSuffix(s, "\r"))
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case hcl:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.String()
}

// visible escapes every line of code by itself.
func visible(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\t", "  "), "\n")
	for i, line := range lines {
		lines[i] = report.Escape(strings.TrimSuffix(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// short is the escaped beginning of a name or a value that stands in a line with
// others.
func short(text string) string {
	const most = 200
	return cut(report.Escape(cut(text, most)), 2*most)
}

// prose is one escaped line of bounded length.
func prose(text string) string {
	return cut(report.Escape(cut(text, longestProse)), 2*longestProse)
}

func clip(text string) string { return cut(text, longestLine) }

// cut shortens text to at most most bytes and a mark.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
