package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// mostTold bounds the places that are complained of; JSON lists more.
const mostTold = 20

// tellRest tells on standard error what the output itself does not, and what
// makes the result less than whole.
func (x *scanning) tellRest(r *scan.Result, from *readings) {
	if x.output == "csv" || x.output == "jsonl" {
		for _, note := range r.Notes {
			fmt.Fprintln(x.Stderr, "rolewhy: "+report.Escape(note))
		}
	}
	x.unreadable(r.Unreadable, r.MoreUnreadable)
	switch {
	case r.Interrupted:
		x.fail(errors.New("interrupted: the result is of what was read until then"))
	case r.Files == 0 && len(r.Unreadable) == 0 && from.query == nil && from.history == nil:
		x.fail(errors.New("there are no logs in what was given to read"))
	}
}

// unreadable complains of what could not be read.
func (x *scanning) unreadable(places []scan.Unreadable, more int) {
	told := places[:min(len(places), mostTold)]
	for _, u := range told {
		x.fail(fmt.Errorf("%s: %s", u.Where, u.Why))
	}
	rest := len(places) - len(told) + more
	switch {
	case rest > 0 && x.dryRun:
		x.fail(fmt.Errorf("and %s could not be read", count(rest, "more place")))
	case more > 0:
		x.fail(fmt.Errorf("and %s could not be read; --output json lists the first %s", count(rest, "more place"), number(len(places))))
	case rest > 0:
		x.fail(fmt.Errorf("and %s could not be read; --output json lists them", count(rest, "more place")))
	}
}

// unread is how many places could not be read, or not to their end.
func unread(r *scan.Result) int { return len(r.Unreadable) + r.MoreUnreadable }

// noneFound says that no denied call was found, as far as that can be told.
func noneFound(r *scan.Result) string {
	switch {
	case unread(r) == 0 && !r.Interrupted:
		return "No denied call was found."
	case r.Records == 0:
		return "Nothing was read, so whether calls were denied is not known."
	}
	return "No denied call was found in what was read."
}

// judge sets the exit code that --fail-on asks for. Of denials in no incident
// it cannot be told.
func (x *scanning) judge(r *scan.Result) {
	for i := range r.Incidents {
		if slices.ContainsFunc(x.failOn, func(want string) bool { return is(&r.Incidents[i], want) }) {
			x.worsen(exitUnexplained)
			return
		}
	}
	if lost := r.Lost(); lost > 0 && len(x.failOn) > 0 {
		x.fail(fmt.Errorf("--fail-on was not decided: denied calls in no incident: %s; a higher --max-incidents keeps more", number(lost)))
	}
	if n := unclear(r); n > 0 && slices.Contains(x.failOn, "failing") {
		fmt.Fprintf(x.Stderr, "rolewhy: --fail-on failing: of %s it is not known whether they still fail\n", count(n, "incident"))
	}
}

// unclear counts the incidents, but for those of strangers, whose standing is
// not known.
func unclear(r *scan.Result) (n int) {
	for i := range r.Incidents {
		if r.Incidents[i].Standing == scan.Unclear && r.Incidents[i].Report.Caller != report.Stranger {
			n++
		}
	}
	return n
}

// is tells whether an incident is of a kind that --fail-on names. That a
// stranger is denied is no failure.
func is(i *scan.Incident, want string) bool {
	return want == "any" || want == "failing" && i.Standing == scan.Failing && i.Report.Caller != report.Stranger ||
		slices.ContainsFunc(i.Report.Findings, func(f report.Finding) bool {
			return string(f.Code) == want && f.Certainty != report.Possible
		})
}
