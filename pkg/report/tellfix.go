package report

import (
	"encoding/json"
	"slices"
)

// caution labels what to do before a fix is applied.
const caution = "before any change"

// tellFixes tells what to change: for every cause its fixes, and where several
// of them change the policy, that change as a whole.
func tellFixes(m medium, r *Report, findings []Finding) {
	var curable []Finding
	for _, f := range findings {
		if len(f.Fixes) > 0 && !slices.ContainsFunc(curable, sameFix(f)) {
			curable = append(curable, f)
		}
	}
	if r.Caller == Undetermined && r.CallerReason != "" && slices.ContainsFunc(curable, opensAWay) {
		m.prose(caution, "make sure that the caller is yours: "+r.CallerReason)
	}
	for i, f := range curable {
		tellFix(m, r, &f.Fixes[0], numbered("fix", i, len(curable)))
		for j := range f.Fixes[1:] {
			tellProposal(m, &f.Fixes[1+j], "or") // in brief; JSON has it whole
		}
	}
	if whole := wholeFix(r); whole != "" && inParts(r) {
		m.fix("all fixes of the policy together", "")
		tellPolicy(m, r, whole)
	}
}

// sameFix finds a finding that the same fix cures, so that it is told once.
func sameFix(f Finding) func(Finding) bool {
	return func(other Finding) bool { return other.Fixes[0].Message == f.Fixes[0].Message }
}

// opensAWay reports whether the cure of a finding lets callers in that were
// kept out.
func opensAWay(f Finding) bool {
	return f.Fixes[0].Target == TrustPolicy || f.Fixes[0].Target == Provider
}

func tellFix(m medium, r *Report, f *Fix, head string) {
	tellProposal(m, f, head)
	if f.Policy != "" && !inParts(r) {
		tellPolicy(m, r, f.Policy)
	}
	for _, c := range f.Commands {
		m.command(c)
	}
}

func tellProposal(m medium, f *Fix, head string) {
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
}

// inParts reports whether several findings change the policy, each in its own
// way, so that none of their fixes alone is the whole of it.
func inParts(r *Report) bool {
	fixes := map[string]bool{}
	for _, f := range r.Findings {
		if len(f.Fixes) > 0 && f.Fixes[0].Policy != "" {
			fixes[f.Fixes[0].Message] = true
		}
	}
	return len(fixes) > 1
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
