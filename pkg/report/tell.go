package report

import (
	"fmt"
	"strings"
)

// A medium is what a report can be told in: a terminal's text, or Markdown.
// Text that it is given is raw; each medium escapes it in its own way.
type medium interface {
	title(headline, circumstances string)
	alarm(text string)
	cause(head, message string, code Code)
	source(w *Where, lines []sourceLine)
	compare(c comparison)
	prose(label, text string)
	list(label string, items []string)
	fix(head, message string)
	code(caption, language, text string)
	command(text string)
	folded(summary, language, text string) // for media that can fold
	facts(label string, pairs []Pair)
}

// mostPossible bounds the findings that are no more than possible; JSON has
// all of them.
const mostPossible = 5

// tell says what the report holds, in the order in which people need it: who
// was denied, why, what to change, what could not be seen.
func tell(m medium, r *Report) {
	m.title(Headline(r), circumstances(&r.Event))
	tellCaller(m, r)
	if s := verdictInWords(r); s != "" {
		m.prose("", s)
	}
	shown := worthTelling(r.Findings)
	for i := range shown {
		tellFinding(m, r, &shown[i], numbered("cause", i, len(shown)))
	}
	if left := len(r.Findings) - len(shown); left > 0 {
		m.prose("", fmt.Sprintf("%d more possible causes are in the JSON report", left))
	}
	if r.TrustPolicyNote != "" {
		m.prose("policy", r.TrustPolicyNote)
	}
	m.list("changed", changesInWords(r.Changes))
	if r.Caller != Stranger {
		tellFixes(m, r, shown)
	}
	m.list("could not see", gapsInWords(r.Gaps))
	m.facts("the call", facts(r))
}

// tellCaller warns of a caller that has no business there.
func tellCaller(m medium, r *Report) {
	if r.Caller == Stranger {
		m.alarm("security: this caller is a stranger to the account" + because(r.CallerReason) +
			". The denial is right unless you know the caller; nothing is proposed that would let it in.")
	}
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(reason, ".")
}

func verdictInWords(r *Report) string {
	switch r.Verdict {
	case AllowedNow:
		return "the trust policy as it stands now allows this call"
	case NotADenial:
		return "the record shows no denied AssumeRoleWithWebIdentity call"
	case Unexplained:
		if len(r.Findings) > 0 {
			return "no cause is certain or likely; these are possible"
		}
		return "no cause was found in what could be looked at"
	default:
		return ""
	}
}

func worthTelling(findings []Finding) (shown []Finding) {
	possible := 0
	for _, f := range findings {
		if f.Certainty == Possible {
			possible++
		}
		if f.Certainty != Possible || possible <= mostPossible {
			shown = append(shown, f)
		}
	}
	return shown
}

func numbered(what string, i, n int) string {
	if n == 1 {
		return what
	}
	return fmt.Sprintf("%s %d of %d", what, i+1, n)
}

func tellFinding(m medium, r *Report, f *Finding, head string) {
	m.cause(fmt.Sprintf("%s (%s)", head, f.Certainty), f.Message, f.Code)
	if lines := sourceLines(r, f.Where); lines != nil {
		m.source(f.Where, lines)
	}
	if f.Expected != "" || f.Actual != "" {
		m.compare(compare(f.Expected, f.Actual, f.Pattern))
	}
	for _, note := range f.Notes {
		m.prose("note", note)
	}
}
