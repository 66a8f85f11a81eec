package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// tableRow sums a report up: file, role, cause, certainty and verdict.
func tableRow(name string, r *report.Report) []string {
	role := r.Event.Role[strings.LastIndexByte(r.Event.Role, '/')+1:]
	cause, certainty := "-", "-"
	if len(r.Findings) > 0 {
		f := r.Findings[0]
		cause, certainty = string(f.Code), string(f.Certainty)
		if more := len(r.Findings) - 1; more > 0 {
			cause += fmt.Sprintf(" +%d", more)
		}
	}
	verdict := string(r.Verdict)
	if r.Caller == report.Stranger {
		verdict += ", stranger"
	}
	return []string{brief(filepath.Base(name)), cmp.Or(brief(role), "-"), cause, certainty, verdict}
}

// brief keeps a column narrow, and what others wrote harmless.
func brief(s string) string {
	const most = 32
	r := []rune(report.Escape(s[:min(len(s), 8*most)]))
	if len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return string(r)
}

// table writes the lines that were kept, below a line of heads. JSON stays one
// report a line, so it gets none.
func (p *replaying) table() error {
	if len(p.rows) == 0 || p.output == "json" {
		return nil
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{{"FILE", "ROLE", "CAUSE", "CERTAINTY", "VERDICT", "AS EXPECTED"}}, p.rows...) {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	w.Flush() // a strings.Builder takes everything
	text := b.String()
	if p.output == "markdown" {
		text = "```text\n" + strings.ReplaceAll(text, "`", "'") + "```\n"
	}
	_, err := fmt.Fprint(p.Stdout, "\n"+text)
	return err
}
