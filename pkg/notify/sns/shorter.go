package sns

import (
	"slices"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// leftOut tells that a report is not whole.
var leftOut = report.Gap{What: "parts of this report", Why: "they are longer than SNS takes"}

// shorter leaves out of a report, one after the other, what matters least. The
// last of them bounds every report. Each gets a copy that it may change, slices
// and all.
var shorter = []func(*report.Report) *report.Report{
	func(r *report.Report) *report.Report { return keep(r, 10, 3) },
	withoutAlternatives,
	withoutPolicies,
	func(r *report.Report) *report.Report { return keep(withShortTexts(r, 2000), 3, 2) },
	func(r *report.Report) *report.Report { return keep(withShortTexts(r, 250), 2, 1) },
}

// marked is a copy of r that says that it is shortened.
func marked(r *report.Report) *report.Report {
	short := *r
	short.Findings = slices.Clone(r.Findings)
	for i := range short.Findings {
		short.Findings[i].Fixes = slices.Clone(short.Findings[i].Fixes)
	}
	short.Changes, short.Gaps = slices.Clone(r.Changes), slices.Clone(r.Gaps)
	short.Event.Derived = slices.Clone(r.Event.Derived)
	if !slices.Contains(short.Gaps, leftOut) {
		short.Gaps = slices.Insert(short.Gaps, 0, leftOut)
	}
	return &short
}

// keep bounds every list of r to n items, and those within a finding to few.
func keep(r *report.Report, n, few int) *report.Report {
	r.Findings = first(r.Findings, n)
	r.Changes, r.Gaps, r.Event.Derived = first(r.Changes, n), first(r.Gaps, n), first(r.Event.Derived, n)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Notes, f.Fixes = first(f.Notes, few), first(f.Fixes, few)
		for j := range f.Fixes {
			f.Fixes[j].Notes, f.Fixes[j].Commands = first(f.Fixes[j].Notes, few), first(f.Fixes[j].Commands, few)
		}
	}
	return r
}

func first[T any](list []T, n int) []T { return list[:min(len(list), n):min(len(list), n)] }

// withoutAlternatives leaves every finding its best fix.
func withoutAlternatives(r *report.Report) *report.Report {
	for i := range r.Findings {
		r.Findings[i].Fixes = first(r.Findings[i].Fixes, 1)
	}
	return r
}

// withoutPolicies leaves out whole documents, and what is made of them.
func withoutPolicies(r *report.Report) *report.Report {
	r.TrustPolicy, r.FixedTrustPolicy, r.FixedText = "", nil, ""
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Where != nil {
			place := *f.Where
			place.Text = ""
			f.Where = &place
		}
		for j := range f.Fixes {
			f.Fixes[j].Policy, f.Fixes[j].Edits = "", nil
		}
	}
	return r
}

// withShortTexts cuts every text to most bytes of JSON, and leaves out what must be
// whole: a part of a command would do something else.
func withShortTexts(r *report.Report, most int) *report.Report {
	short := func(texts ...*string) {
		for _, s := range texts {
			*s = notify.CutJSON(*s, most, "…")
		}
	}
	e := &r.Event
	short(&e.ID, &e.Account, &e.Region, &e.Role, &e.SessionName, &e.Provider, &e.ProviderName, &e.Issuer)
	short(&e.Subject, &e.Audience, &e.ErrorCode, &e.ErrorMessage, &e.SourceIP, &e.UserAgent)
	short(&r.CallerReason, &r.TrustPolicyNote, &r.Fingerprint)
	for i := range e.Derived {
		short(&e.Derived[i].Name, &e.Derived[i].Value)
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		short(&c.Name, &c.By, &c.Via, &c.EventID, &c.Effect)
	}
	for i := range r.Gaps {
		short(&r.Gaps[i].What, &r.Gaps[i].Why)
	}
	for i := range r.Findings {
		shortFinding(&r.Findings[i], short)
	}
	return r
}

func shortFinding(f *report.Finding, short func(...*string)) {
	short(&f.Message, &f.Expected, &f.Actual, &f.Docs)
	f.Where = nil
	f.Notes = slices.Clone(f.Notes)
	for i := range f.Notes {
		short(&f.Notes[i])
	}
	for i := range f.Fixes {
		fix := &f.Fixes[i]
		short(&fix.Message, &fix.Admits)
		fix.Commands = nil
		fix.Notes = slices.Clone(fix.Notes)
		for j := range fix.Notes {
			short(&fix.Notes[j])
		}
	}
}
