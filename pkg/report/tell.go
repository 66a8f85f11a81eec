package report

import (
	"encoding/json"
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
		tellFinding(m, r, &shown[i], ordinal(i, len(shown)))
	}
	if left := len(r.Findings) - len(shown); left > 0 {
		m.prose("", fmt.Sprintf("%d more possible causes are in the JSON report", left))
	}
	tellWhole(m, r)
	if r.TrustPolicyNote != "" {
		m.prose("policy", r.TrustPolicyNote)
	}
	m.list("changed", changesInWords(r.Changes))
	m.list("could not see", gapsInWords(r.Gaps))
	m.facts("the call", facts(r))
}

// caution labels what to do before a fix is applied.
const caution = "before any change"

// tellCaller speaks of the caller where that matters: somebody who has no
// business there, or of whom it is not known.
func tellCaller(m medium, r *Report) {
	switch r.Caller {
	case Stranger:
		m.alarm("security: this caller is a stranger to the account" + because(r.CallerReason) +
			". The denial is right unless you know the caller; nothing is proposed that would let it in.")
	case Undetermined:
		if r.CallerReason != "" && proposesPolicy(r) {
			m.prose(caution, "make sure that the caller is yours: "+r.CallerReason)
		}
	}
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(reason, ".")
}

func proposesPolicy(r *Report) bool {
	for _, f := range r.Findings {
		if len(f.Fixes) > 0 {
			return true
		}
	}
	return false
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

func ordinal(i, n int) string {
	if n == 1 {
		return "cause"
	}
	return fmt.Sprintf("cause %d of %d", i+1, n)
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
	if r.Caller == Stranger {
		return
	}
	for i := range f.Fixes {
		tellFix(m, r, &f.Fixes[i], i)
	}
}

// tellFix tells the first fix whole and the others in brief.
func tellFix(m medium, r *Report, f *Fix, i int) {
	head := "fix"
	if i > 0 {
		head = "or"
	}
	if f.Loosens {
		head += " (loosens the policy)"
	}
	m.fix(head, f.Message)
	if f.Admits != "" {
		m.prose("admits", f.Admits)
	}
	for _, note := range f.Notes {
		m.prose("note", note)
	}
	if i > 0 {
		return
	}
	if f.Policy != "" && !inParts(r) {
		tellPolicy(m, r, f.Policy)
	}
	for _, c := range f.Commands {
		m.command(c)
	}
}

// inParts reports whether several findings change the policy, so that none of
// their fixes alone is the whole of it.
func inParts(r *Report) bool {
	n := 0
	for _, f := range r.Findings {
		if len(f.Fixes) > 0 && f.Fixes[0].Policy != "" {
			n++
		}
	}
	return n > 1
}

// tellWhole tells the policy with the first fix of every finding, where it
// takes several.
func tellWhole(m medium, r *Report) {
	if whole := wholeFix(r); whole != "" && inParts(r) && r.Caller != Stranger {
		m.fix("all fixes of the policy together", "")
		tellPolicy(m, r, whole)
	}
}

// wholeFix is FixedTrustPolicy as text, in the layout of the user's where that
// is known.
func wholeFix(r *Report) string {
	if r.FixedText != "" || len(r.FixedTrustPolicy) == 0 || string(r.FixedTrustPolicy) == "null" {
		return r.FixedText
	}
	return indentJSON(string(r.FixedTrustPolicy))
}

func tellPolicy(m medium, r *Report, policy string) {
	if d := policyDiff(r.TrustPolicy, policy); r.TrustPolicy != "" && d != "" {
		m.code("", "diff", d)
	}
	if c := policyCommand(r.Event.Role, policy); c != "" {
		m.command(c)
	}
	if t := Terraform(policy); t != "" {
		m.folded("Terraform", "hcl", t)
	}
	if json.Valid([]byte(policy)) {
		m.folded("The whole policy", "json", policy)
	}
}
