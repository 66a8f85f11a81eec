package cli

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

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
	if n := unread(r); n > 0 {
		read += fmt.Sprintf("; %s could not be read to the end", count(n, "place"))
	}
	if r.Denials == 0 {
		return read + ".", noneFound(r)
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

// scanAccounts names the accounts where there are several, "" otherwise.
func scanAccounts(r *scan.Result) string {
	const most = 10
	if len(r.Accounts) < 2 {
		return ""
	}
	var names []string
	for _, a := range r.Accounts[:min(len(r.Accounts), most)] {
		names = append(names, report.Shorten(a.String(), 80))
	}
	if more := len(r.Accounts) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %s more", number(more)))
	}
	return "Accounts: " + strings.Join(names, ", ") + "."
}

// scannedAt says of when the standings are, "" where that is not known.
func scannedAt(r *scan.Result) string {
	if r.Scanned.IsZero() {
		return ""
	}
	return "Scanned at " + r.Scanned.UTC().Format(minuteForm) + " UTC; standing is by the policies that were at hand then."
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
	if n := counts["stranger"]; n > 0 {
		parts = append(parts, count(n, "stranger"))
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
func number(n int) string { return humanize.Comma(int64(n)) }

// bytesOf is a number of bytes in words.
func bytesOf(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

func orDash(t time.Time, form string) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(form)
}

// shared are the names of roles that several accounts have.
func shared(incidents []scan.Incident) map[string]bool {
	accounts, names := map[string]string{}, map[string]bool{}
	for n := range incidents {
		name, in := scanRole(&incidents[n], nil), incidents[n].Account().ID
		if other, ok := accounts[name]; ok && other != in {
			names[name] = true
		}
		accounts[name] = in
	}
	return names
}

// scanRole is the name of the role, with its account where others have one of
// that name too.
func scanRole(i *scan.Incident, shared map[string]bool) string {
	name := cmp.Or(report.RoleName(i.Report.Event.Role), "-")
	if in := i.Account().ID; shared[name] && in != "" {
		name += " in " + in
	}
	return name
}

// scanCaller is short: the subject tells the provider to those who know it.
func scanCaller(e *report.Event) string {
	return cmp.Or(report.CallerName(e.Derived), e.Subject, "-")
}

// scanCause is the main cause, with a question mark where it is one that is
// possible and no more. A stranger who is let in by now is pointed out.
func scanCause(i *scan.Incident) string {
	cause := "-"
	if len(i.Report.Findings) > 0 {
		cause = string(i.Report.Findings[0].Code)
		if i.Report.Findings[0].Certainty == report.Possible {
			cause += "?"
		}
	}
	if i.Report.Caller == report.Stranger && i.Standing == scan.Allowed {
		cause += ", stranger"
	}
	return cause
}

// standingWord is the standing as people say it. That a stranger is denied is
// right: such calls are no failure.
func standingWord(i *scan.Incident) string {
	switch {
	case i.Standing == scan.Allowed:
		return "allowed now"
	case i.Report.Caller == report.Stranger:
		return "stranger"
	case i.Standing == scan.Failing:
		return "still failing"
	}
	return "not known"
}
