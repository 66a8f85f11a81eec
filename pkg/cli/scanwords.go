package cli

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

const minuteForm = "2006-01-02 15:04"

// scanSummary is what was read, and what was found in it.
func scanSummary(r *scan.Result) (read, found string) {
	read = fmt.Sprintf("Read %s in %s", count(r.Records, "record"), count(r.Files, "file"))
	if !r.From.IsZero() {
		read += fmt.Sprintf(", from %s to %s UTC", r.From.UTC().Format(minuteForm), r.To.UTC().Format(minuteForm))
	}
	if r.Denials == 0 {
		return read + ".", "No denied call was found."
	}
	found = fmt.Sprintf("Found %s", count(r.Denials, "denied call"))
	if lost := r.Lost(); lost > 0 {
		found += fmt.Sprintf(", %s of them in the %s with the most calls", number(r.Denials-lost), count(len(r.Incidents), "incident"))
	} else {
		found += " in " + count(len(r.Incidents), "incident")
	}
	if standings := countStandings(r.Incidents); standings != "" {
		found += ": " + standings
	}
	return read + ".", found + "."
}

// countStandings tells how many incidents there are of each standing, "" where
// it is known of none.
func countStandings(incidents []scan.Incident) string {
	counts := map[string]int{}
	for i := range incidents {
		counts[standingWord(&incidents[i])]++
	}
	if counts["not known"] == len(incidents) {
		return ""
	}
	var parts []string
	for _, word := range []string{"still failing", "allowed now", "not known"} {
		if n := counts[word]; n > 0 {
			parts = append(parts, number(n)+" "+word)
		}
	}
	return strings.Join(parts, ", ")
}

// count is a number with its word.
func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return number(n) + " " + word + "s"
}

// number groups the digits by three.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// bytesOf is a number of bytes in words.
func bytesOf(n int64) string {
	const step = 1000
	value, unit := float64(n), 0
	units := []string{"bytes", "kB", "MB", "GB", "TB", "PB"}
	for value >= step && unit < len(units)-1 {
		value, unit = value/step, unit+1
	}
	if unit == 0 {
		return count(int(n), "byte")
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

func orDash(t time.Time, form string) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(form)
}

func scanRole(i *scan.Incident) string { return cmp.Or(report.RoleName(i.Report.Event.Role), "-") }

// scanCaller is short: the subject tells the provider to those who know it.
func scanCaller(e *report.Event) string {
	return cmp.Or(report.CallerName(e.Derived), e.Subject, "-")
}

// changedBy is who made the latest change, as short as it can be told: a user,
// or a role with the name of its session; "" where none is known.
func changedBy(c *report.Change) string {
	if c == nil {
		return ""
	}
	for _, kind := range []string{":assumed-role/", ":user/"} {
		if _, name, ok := strings.Cut(c.By, kind); ok {
			return name
		}
	}
	return c.By
}

// scanCause is the main cause, with a question mark where it is one that is
// possible and no more, and that the caller is a stranger where it is.
func scanCause(i *scan.Incident) string {
	cause := "-"
	if len(i.Report.Findings) > 0 {
		cause = string(i.Report.Findings[0].Code)
		if i.Report.Findings[0].Certainty == report.Possible {
			cause += "?"
		}
	}
	if i.Report.Caller == report.Stranger {
		cause += ", stranger"
	}
	return cause
}

// standingWord is the standing as people say it.
func standingWord(i *scan.Incident) string {
	switch i.Standing {
	case scan.Failing:
		return "still failing"
	case scan.Allowed:
		return "allowed now"
	}
	return "not known"
}
