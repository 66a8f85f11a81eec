package cli

import (
	"bytes"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/sarif"
)

// notAsExpected is the rule for decisions that have no cause to tell.
const notAsExpected = "decision-not-as-expected"

// sarif writes what is not as expected for code scanning: the causes of a
// denial, or that a caller is allowed. Without --expect denials are told as
// notes.
func (r *checked) sarif(b *bytes.Buffer) error {
	results := []sarif.Result{}
	for i := range r.Roles {
		d := &r.Roles[i]
		if r.Expect == d.Decision || r.Expect == "" && d.Decision == allowed {
			continue
		}
		level := sarif.Error
		if r.Expect == "" {
			level = sarif.Note
		}
		results = append(results, d.results(level, r.Expect)...)
	}
	return sarif.Write(b, ownVersion(), checkRules(results), results)
}

// results are the causes of a denial at their places, or the decision alone.
func (d *decision) results(usual, expect string) (all []sarif.Result) {
	for i := range d.Findings {
		f := &d.Findings[i]
		if f.Certainty == report.Possible {
			continue
		}
		r := d.result(string(f.Code), level(usual, f.Certainty), d.headline(), f.Message)
		if f.Where != nil {
			r.Region = d.region(f.Where)
		}
		if len(f.Fixes) > 0 && f.Fixes[0].Policy != "" {
			r.Fix = d.role.fix(&f.Fixes[0])
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		clause := "nothing in the policy keeps it out"
		if expect != "" {
			clause = "it should be " + expect
		}
		all = append(all, d.result(notAsExpected, usual, d.headline(), clause))
	}
	return all
}

func (d *decision) result(rule, level string, clauses ...string) sarif.Result {
	return sarif.Result{
		Rule: rule, Level: level, Message: sentence(clauses), File: d.File, Region: sarif.Region{StartLine: d.Line}, Name: d.Role,
		Fingerprint: fingerprint(rule, d.File, d.Role, d.Subject, d.Audience, d.Provider),
	}
}

// region is a place that was moved into the file.
func (d *decision) region(w *report.Where) sarif.Region {
	if w.Source != d.File {
		return sarif.Region{StartLine: d.Line}
	}
	start, end := d.role.ColumnsAt(w.Line, w.Column, w.Length)
	return sarif.Region{StartLine: w.Line, StartColumn: start, EndLine: end.Line, EndColumn: end.Column}
}

// checkRules are the rules that the results name.
func checkRules(results []sarif.Result) []sarif.Rule {
	all := []sarif.Rule{{
		ID: notAsExpected, Title: "The trust policy decides otherwise than expected", Level: sarif.Error,
		Help: "The trust policy admits a caller that should be denied, or what the file leaves open keeps the matter from being decided.",
		Tags: []string{"iam", "oidc"},
	}}
	for _, c := range diagnose.Checks {
		all = append(all, sarif.Rule{ID: string(c.Code), Title: c.Title, Help: c.Doc, URL: c.URL, Level: sarif.Error, Tags: []string{"iam", "oidc"}})
	}
	return slices.DeleteFunc(all, func(r sarif.Rule) bool {
		return !slices.ContainsFunc(results, func(found sarif.Result) bool { return found.Rule == r.ID })
	})
}
