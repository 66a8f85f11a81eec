package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanColumns are the heads of the CSV table.
var scanColumns = []string{
	"fingerprint", "standing", "account", "role", "provider", "subject", "caller", "cause", "certainty", "message",
	"expected", "actual", "fix", "count", "first", "last", "changed_by", "changed_at", "changed_how", "earlier_cause",
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
	e, first, fix := &i.Report.Event, mainFinding(i), ""
	if len(first.Fixes) > 0 {
		fix = first.Fixes[0].Message
	}
	changed := []string{"", "", "", ""}
	if i.Changed != nil {
		changed = []string{i.Changed.By, csvTime(i.Changed.Time), i.Changed.Name, ""}
	}
	if i.Earlier != nil && len(i.Earlier.Findings) > 0 {
		changed[3] = string(i.Earlier.Findings[0].Code)
	}
	return append([]string{
		i.Fingerprint, string(i.Standing), e.Account, e.Role, e.Provider, e.Subject, string(i.Report.Caller),
		string(first.Code), string(first.Certainty), first.Message, first.Expected, first.Actual, fix,
		fmt.Sprint(i.Count), csvTime(i.First), csvTime(i.Last),
	}, changed...)
}

// mainFinding is the first one, or an empty one.
func mainFinding(i *scan.Incident) report.Finding {
	if len(i.Report.Findings) == 0 {
		return report.Finding{}
	}
	return i.Report.Findings[0]
}

func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// afterSemicolon is what would begin a formula where semicolons part cells, as
// in the spreadsheets of many countries.
var afterSemicolon = lazyregexp.New(`;([\s"']*[=+\-@|%＝＋－＠])`)

// cell keeps a value from being taken for a formula, be it after blanks, and a
// line for several. Spreadsheets cut what is longer than 32,767 characters.
// https://owasp.org/www-community/attacks/CSV_Injection
func cell(s string) string {
	const most = 8000
	s = report.Shorten(s, most)
	begin := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '"' || r == '\'' })
	if begin != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(begin)[0]) {
		s = "'" + s
	}
	return afterSemicolon.ReplaceAllString(s, ";'$1")
}

// mostWords bounds the incidents that Markdown tells in words: comments and
// summaries of jobs are bounded too.
const mostWords = 50

// scanMarkdown writes the table, and the cause of each incident in words, for a
// page or a pull request.
func scanMarkdown(b io.Writer, r *scan.Result) {
	read, found := scanSummary(r)
	fmt.Fprintf(b, "## Denied AssumeRoleWithWebIdentity calls\n\n%s %s\n", read, found)
	for _, line := range []string{scannedAt(r), scanAccounts(r)} {
		if line != "" {
			fmt.Fprintf(b, "%s\n", report.MarkdownText(line))
		}
	}
	if len(r.Incidents) > 0 {
		fmt.Fprint(b, "\n| Role | Caller | Cause | Count | First | Last | Standing | Changed by |\n|---|---|---|--:|---|---|---|---|\n")
	}
	names := shared(r.Incidents)
	for n := range r.Incidents {
		i := &r.Incidents[n]
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n",
			report.MarkdownText(scanRole(i, names)), report.MarkdownText(scanCaller(&i.Report.Event)), report.MarkdownText(scanCause(i)), number(i.Count),
			orDash(i.First, minuteForm), orDash(i.Last, minuteForm), standingWord(i), report.MarkdownText(i.ChangedBy()))
	}
	markdownCauses(b, r.Incidents, names)
	for _, note := range r.Notes {
		fmt.Fprintf(b, "\n%s\n", report.MarkdownText(note))
	}
	if len(r.Unreadable) > 0 {
		fmt.Fprint(b, "\nNot read:\n\n")
	}
	for _, u := range r.Unreadable {
		fmt.Fprintf(b, "- %s: %s\n", report.MarkdownText(u.Where), report.MarkdownText(u.Why))
	}
}

// markdownCauses tells what was found and the best fix. Calls that are allowed
// by now need none.
func markdownCauses(b io.Writer, incidents []scan.Incident, names map[string]bool) {
	told := 0
	for n := range incidents {
		i := &incidents[n]
		f := mainFinding(i)
		if f.Message == "" || i.Standing == scan.Allowed {
			continue
		}
		if told++; told > mostWords {
			fmt.Fprintf(b, "\nThe other incidents are in the table alone.\n")
			return
		}
		if told == 1 {
			fmt.Fprintln(b)
		}
		fmt.Fprintf(b, "- **%s**, %s: ", report.MarkdownText(scanRole(i, names)), report.MarkdownText(scanCaller(&i.Report.Event)))
		markdownCause(b, i, f)
	}
}

// markdownCause tells the cause, what it was by an earlier version of the trust
// policy, and what to do.
func markdownCause(b io.Writer, i *scan.Incident, f report.Finding) {
	fmt.Fprint(b, report.MarkdownText(f.Message))
	if past := i.Past(); past != "" {
		fmt.Fprintf(b, ". %s", report.MarkdownText(strings.TrimSuffix(past, ".")))
	}
	if len(f.Fixes) > 0 {
		fmt.Fprintf(b, ". Fix: %s", report.MarkdownText(f.Fixes[0].Message))
	}
	fmt.Fprintln(b)
}
