package cli

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanColumns are the heads of the CSV table.
var scanColumns = []string{
	"fingerprint", "standing", "account", "role", "provider", "subject", "caller", "cause", "certainty", "message",
	"expected", "actual", "fix", "count", "first", "last", "changed_by", "changed_at", "changed_how",
}

// scanCSV writes the incidents as a table that spreadsheets open safely.
func scanCSV(w io.Writer, r *scan.Result) error {
	c := csv.NewWriter(w)
	if err := c.Write(scanColumns); err != nil {
		return err
	}
	for n := range r.Incidents {
		row := csvRow(&r.Incidents[n])
		for k := range row {
			row[k] = cell(row[k])
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func csvRow(i *scan.Incident) []string {
	e, first, fix := &i.Report.Event, report.Finding{}, ""
	if len(i.Report.Findings) > 0 {
		first = i.Report.Findings[0]
	}
	if len(first.Fixes) > 0 {
		fix = first.Fixes[0].Message
	}
	changed := []string{"", "", ""}
	if i.Changed != nil {
		changed = []string{i.Changed.By, i.Changed.Time.UTC().Format(time.RFC3339), i.Changed.Name}
	}
	return append([]string{
		i.Fingerprint, string(i.Standing), e.Account, e.Role, e.Provider, e.Subject, string(i.Report.Caller),
		string(first.Code), string(first.Certainty), first.Message, first.Expected, first.Actual, fix,
		fmt.Sprint(i.Count), orDash(i.First, time.RFC3339), orDash(i.Last, time.RFC3339),
	}, changed...)
}

// cell keeps a value from being taken for a formula, and a line for several:
// https://owasp.org/www-community/attacks/CSV_Injection
func cell(s string) string {
	s = report.Escape(s)
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r|%") {
		return "'" + s
	}
	return s
}

// scanMarkdown writes the table and each incident's finding for a page or a
// pull request.
func scanMarkdown(b *bytes.Buffer, r *scan.Result) {
	fmt.Fprintf(b, "## Denied AssumeRoleWithWebIdentity calls\n\n%s\n", scanSummary(r))
	if len(r.Incidents) > 0 {
		fmt.Fprint(b, "\n| Role | Caller | Cause | Count | First | Last | Standing |\n|---|---|---|--:|---|---|---|\n")
	}
	for n := range r.Incidents {
		i := &r.Incidents[n]
		fmt.Fprintf(b, "| %s | %s | %s | %d | %s | %s | %s |\n",
			report.MarkdownText(cmp.Or(report.RoleName(i.Report.Event.Role), "-")), report.MarkdownText(report.Who(&i.Report.Event)), report.MarkdownText(scanCause(i)),
			i.Count, orDash(i.First, minuteForm), orDash(i.Last, minuteForm), standingWord(i))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(b, "\n%s\n", report.MarkdownText(note))
	}
	for _, u := range r.Unreadable {
		fmt.Fprintf(b, "\n- not read: %s: %s\n", report.MarkdownText(u.Where), report.MarkdownText(u.Why))
	}
}
