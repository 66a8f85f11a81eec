package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	htmlpage "github.com/rolewhy/rolewhy/pkg/page"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// print writes the result as --output says.
func (x *scanning) print(r *scan.Result) error {
	var b bytes.Buffer
	var err error
	switch x.output {
	case "json":
		err = encodeLine(&b, r)
	case "jsonl":
		for i := range r.Incidents {
			err = cmp.Or(err, encodeLine(&b, &r.Incidents[i]))
		}
	case "csv":
		err = scanCSV(&b, r)
	case "markdown":
		scanMarkdown(&b, r)
	case "html":
		err = htmlpage.Scan(&b, r)
	default:
		x.text(&b, r)
	}
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	if _, err := x.Stdout.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// encodeLine writes a line of JSON in which nothing acts on a terminal.
func encodeLine(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(report.EscapeJSON(b.Bytes()))
	return err
}

// scanHeads are the columns of the table.
var scanHeads = []head{
	{name: "ROLE", elastic: 20},
	{name: "CALLER", elastic: 30},
	{name: "CAUSE", elastic: 24},
	{name: "COUNT", right: true},
	{name: "FIRST"},
	{name: "LAST"},
	{name: "STANDING"},
	{name: "CHANGED BY", elastic: 12},
}

// text is the table, below what was read and above what bounds the result.
func (x *scanning) text(b *bytes.Buffer, r *scan.Result) {
	const pipe = 120 // columns where there is no terminal
	width := cmp.Or(x.width, x.Columns, pipe)
	fmt.Fprintln(b, scanSummary(r))
	if len(r.Incidents) > 0 {
		fmt.Fprint(b, "\n", grid(width, scanHeads, scanRows(r.Incidents)))
		fmt.Fprintln(b, "\nThe whole of each, with what to change: --output html >scan.html")
	}
	for _, note := range r.Notes {
		fmt.Fprintln(b, "\n"+strings.Join(report.Wrap(note, min(width, pipe)), "\n"))
	}
}

// scanSummary is one line on what was read and found.
func scanSummary(r *scan.Result) string {
	span := ""
	if !r.From.IsZero() {
		span = fmt.Sprintf(" from %s to %s", r.From.UTC().Format(minuteForm), r.To.UTC().Format(minuteForm))
	}
	return fmt.Sprintf("%s%s in %s: %s in %s", count(r.Records, "record"), span, count(r.Files, "file"), count(r.Denials, "denial"), count(len(r.Incidents), "incident"))
}

const minuteForm = "2006-01-02 15:04"

// count is a number with its word.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func scanRows(incidents []scan.Incident) [][]string {
	rows := make([][]string, len(incidents))
	for n := range incidents {
		i := &incidents[n]
		rows[n] = []string{
			cmp.Or(report.RoleName(i.Report.Event.Role), "-"), scanCaller(&i.Report.Event), scanCause(i), fmt.Sprint(i.Count),
			orDash(i.First, time.DateOnly), orDash(i.Last, minuteForm), standingWord(i), changedBy(i.Changed),
		}
	}
	return rows
}

// scanCaller is short: the subject tells the provider to those who know it.
func scanCaller(e *report.Event) string {
	return cmp.Or(report.CallerName(e.Derived), e.Subject, "-")
}

// changedBy is who made the latest change, and when.
func changedBy(c *report.Change) string {
	if c == nil {
		return "-"
	}
	return c.By[strings.LastIndexByte(c.By, '/')+1:] + " " + c.Time.UTC().Format(time.DateOnly)
}

func orDash(t time.Time, form string) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(form)
}

// scanCause is the main cause, and that the caller is a stranger where it is.
func scanCause(i *scan.Incident) string {
	cause := "-"
	if len(i.Report.Findings) > 0 {
		cause = string(i.Report.Findings[0].Code)
	}
	if i.Report.Caller == report.Stranger {
		cause += ", stranger"
	}
	return cause
}

// standingWord is the standing in a word, with a question mark where the policy
// as it stands was not seen.
func standingWord(i *scan.Incident) string {
	switch i.Standing {
	case scan.Failing:
		return "still failing"
	case scan.Allowed:
		return "allowed now"
	}
	return "not known"
}
