package page

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// auditKinds are what a reader calls them, in the order in which they count.
var auditKinds = []struct {
	kind  audit.Kind
	words string
}{
	{audit.TooOpen, "too open"},
	{audit.CannotWork, "cannot work"},
	{audit.AboutToBreak, "about to break"},
	{audit.LeftOver, "left over"},
}

// audited is the document of an audit.
func audited(r *audit.Result) *document {
	kinds := facet{Name: "kind", Label: "Kind"}
	for _, k := range auditKinds {
		kinds.Order = append(kinds.Order, k.words)
	}
	d := newDocument("audit", "Trust policies for OIDC providers",
		kinds, facet{Name: "rule", Label: "Rule"}, facet{Name: "role", Label: "Role"}, facet{Name: "provider", Label: "Provider"})
	d.fact("account", cmp.Or(r.Account, common(r, func(f *audit.Finding) string { return account(asReport(f)) })))
	d.fact("file", common(r, func(f *audit.Finding) string { return f.Source }))
	d.fact("roles that trust an OIDC provider", number(r.Roles))
	d.fact("providers", number(r.Providers))
	d.fact("findings", number(len(r.Findings)))
	for _, k := range auditKinds {
		d.fact(k.words, number(d.findings(r, k.kind, k.words)))
	}
	for _, g := range r.Gaps {
		d.Left = append(d.Left, pair{prose(g.What), prose(g.Why)})
	}
	return d
}

// common is what all findings have, "" where they differ. It is told above the
// list alone.
func common(r *audit.Result, of func(*audit.Finding) string) (one string) {
	for i := range r.Findings {
		switch each := of(&r.Findings[i]); {
		case i == 0:
			one = each
		case each != one:
			return ""
		}
	}
	return one
}

// findings adds those of a kind and returns how many there are.
func (d *document) findings(r *audit.Result, kind audit.Kind, words string) (n int) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == kind {
			d.finding(f, words)
			n++
		}
	}
	return n
}

func (d *document) finding(f *audit.Finding, words string) {
	r := asReport(f)
	code, message, grade := mainCause(r)
	host, provider := providerIn(short(f.Provider))
	name := roleIn(r)
	if f.Source != "" {
		name += " · " + short(f.Source)
	}
	d.Items = append(d.Items, item{
		ID:     d.findingID(f),
		Facets: []ref{d.ref(words), d.ref(code), d.ref(name), d.ref(provider)},
		Code:   d.ref(code), Grade: grade, Message: d.ref(message),
		Role: d.ref(report.RoleName(f.Role)), Account: d.ref(strings.TrimSpace(account(r) + " " + short(f.Source))),
		Who: d.ref(host), Under: d.ref(admitted(f.Admitted)),
		State: report.Escape(string(f.Kind)), Words: d.ref(words), Alarm: f.Kind == audit.TooOpen, Body: d.findingBody(f, r),
	})
	d.rows = append(d.rows, row{
		State: words, Cause: code, Grade: grade, Message: message, Under: admitted(f.Admitted), Role: name, Who: provider,
	})
}

// findingID names a finding by what it is about, so that an address finds it in
// the page of a later audit too, whatever else that one found. A second finding
// of the same rule at the same place gets a number.
func (d *document) findingID(f *audit.Finding) string {
	place := ""
	if f.Where != nil {
		place = f.Where.Source + "\x00" + f.Where.Path
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Role, f.Source, f.Provider, string(f.Code), place}, "\x00")))
	id := fmt.Sprintf("%s-%x", short(string(f.Code)), sum[:6])
	d.ids[id]++
	if n := d.ids[id]; n > 1 {
		id += fmt.Sprintf("-%d", n)
	}
	return id
}

// asReport makes a report of a finding, so that it is told as a cause is.
func asReport(f *audit.Finding) *report.Report {
	return &report.Report{
		Verdict: report.Explained, Caller: report.Known, TrustPolicy: f.Policy,
		Event:    report.Event{Role: f.Role},
		Findings: []report.Finding{{Code: f.Code, Certainty: f.Certainty, Message: f.Message, Where: f.Where, Notes: f.Notes, Fixes: f.Fixes}},
	}
}

// findingBody is the body of a finding; who can enter comes before what to change.
func (d *document) findingBody(f *audit.Finding, r *report.Report) (all []section) {
	for _, s := range d.body(r) {
		if s.Kind == report.CauseSection {
			s.Label = d.ref(strings.Replace(d.Texts[s.Label], "cause", "finding", 1))
		}
		if s.Kind != report.WhenSection && s.Kind != report.FactSection {
			all = append(all, s)
		}
	}
	fixes := slices.IndexFunc(all, func(s section) bool { return s.Kind == report.FixSection })
	if fixes < 0 {
		fixes = len(all)
	}
	all = slices.Insert(all, fixes, d.identity(f.Admitted)...)
	if strings.HasPrefix(f.Docs, "https://") {
		all = append(all, section{Kind: "docs", Lines: d.lines(prose(f.Docs))})
	}
	return all
}

// identity tells who can enter.
func (d *document) identity(who *audit.Identity) (all []section) {
	if who == nil {
		return nil
	}
	pairs := append([]report.Pair{
		{Name: "who", Value: who.Who},
		{Name: "subject", Value: who.Subject},
		{Name: "audience", Value: who.Audience},
		{Name: "provider", Value: who.Provider},
	}, who.Claims...)
	for _, p := range pairs {
		if p.Value != "" {
			all = append(all, section{Kind: "admitted", Label: d.ref(short(p.Name)), Lines: d.lines(prose(p.Value))})
		}
	}
	return all
}

func admitted(who *audit.Identity) string {
	if who == nil {
		return ""
	}
	return "admits " + short(who.Subject)
}

// providerIn is the host of a provider, and the host with its account, from its
// ARN.
func providerIn(provider string) (host, full string) {
	arn, host, ok := strings.Cut(provider, ":oidc-provider/")
	if !ok {
		return provider, provider
	}
	return host, host + " · " + arn[strings.LastIndexByte(arn, ':')+1:]
}
