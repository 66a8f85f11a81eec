package page

import (
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// standings are what a reader calls them. That strangers are denied is right.
const (
	stillFailing  = "still failing"
	allowedNow    = "allowed now"
	notKnown      = "not known"
	deniedRightly = "denied rightly"
)

// standing is that of an incident in words.
func standing(i *scan.Incident) string {
	switch {
	case i.Standing == scan.Allowed:
		return allowedNow
	case reportOf(i).Caller == report.Stranger:
		return deniedRightly
	case i.Standing == scan.Failing:
		return stillFailing
	}
	return notKnown
}

// callers are what a reader calls whose call it was.
var callers = map[report.Caller]string{
	report.Known: "known", report.Stranger: "stranger", report.Undetermined: "not determined",
}

// scanned is the document of a scan.
func scanned(r *scan.Result) *document {
	d := newDocument("scan", "Denied AssumeRoleWithWebIdentity calls",
		facet{Name: "standing", Label: "Standing", Note: judgedAt(r), Order: []string{stillFailing, allowedNow, notKnown, deniedRightly}},
		facet{Name: "cause", Label: "Cause"}, facet{Name: "role", Label: "Role"},
		facet{Name: "caller", Label: "Caller"}, facet{Name: "whose", Label: "Whose call"})
	d.scanFacts(r)
	d.About = about(r)
	if !r.From.IsZero() && !r.To.IsZero() {
		d.Span = []string{r.From.UTC().Format(time.DateOnly), r.To.UTC().Format(time.DateOnly)}
	}
	for _, n := range r.Notes {
		d.Notes = append(d.Notes, prose(n))
	}
	for _, u := range r.Unreadable {
		d.Left = append(d.Left, pair{prose(u.Where), prose(u.Why)})
	}
	for i := range r.Incidents {
		d.incident(&r.Incidents[i])
	}
	return d
}

// reportOf is that of an incident, or one that knows nothing.
func reportOf(i *scan.Incident) *report.Report {
	if i.Report == nil {
		return &report.Report{Verdict: report.Unexplained, Caller: report.Undetermined}
	}
	return i.Report
}

func (d *document) incident(i *scan.Incident) {
	r := reportOf(i)
	code, message, grade := mainCause(r)
	role, who := report.RoleName(r.Event.Role), report.Who(&r.Event)
	state := standing(i)
	whose := d.ref(callers[r.Caller])
	by := short(i.ChangedBy())
	d.Items = append(d.Items, item{
		ID:     report.Escape(i.Fingerprint),
		Facets: []ref{d.ref(state), d.ref(code), d.ref(roleIn(r)), d.ref(who), whose},
		Code:   d.ref(code), Grade: grade, Message: d.ref(message),
		Role: d.ref(role), Account: d.ref(account(r)), Who: d.ref(who),
		State: string(i.Standing), Words: d.ref(state), By: d.ref(by), Alarm: r.Caller == report.Stranger,
		Count: i.Count, First: seconds(i.First), Last: seconds(i.Last), Days: i.Days,
		Body: append(d.told(i), d.seen(i)...),
	})
	d.rows = append(d.rows, row{
		State: state, Cause: code, Grade: grade, Message: message, Role: roleIn(r), Who: who, Stranger: r.Caller == report.Stranger,
		Count: number(i.Count), First: day(i.First), Last: day(i.Last), By: by,
	})
}

// mainCause is the code, the message and the grade of the first finding, or the
// verdict where there is none.
func mainCause(r *report.Report) (code, message, grade string) {
	if len(r.Findings) == 0 {
		return verdicts[r.Verdict][0], verdicts[r.Verdict][1], ""
	}
	f := &r.Findings[0]
	if f.Certainty != report.Certain {
		grade = string(f.Certainty)
	}
	return short(string(f.Code)), cut(prose(f.Message), 400), short(grade)
}

// verdicts word what stands in the place of a cause.
var verdicts = map[report.Verdict][2]string{
	report.Unexplained: {"unexplained", "no cause was found in what could be looked at"},
	report.AllowedNow:  {"allowed-now", "the trust policy as it stands allows this call"},
	report.NotADenial:  {"not-a-denial", "the record shows no denied call"},
	"":                 {"unexplained", "no report"},
}

// seen are the subjects of an incident where it has several.
func (d *document) seen(i *scan.Incident) []section {
	if len(i.Subjects) < 2 {
		return nil
	}
	out := section{Kind: "subjects", Label: d.ref("subjects")}
	for _, s := range i.Subjects {
		out.Lines = append(out.Lines, d.ref(prose(s)))
	}
	if i.MoreSubjects {
		out.Lines = append(out.Lines, d.ref("and more, which were not kept"))
	}
	return []section{out}
}

// told is the explanation of an incident, with what its cause was by an earlier
// version of the trust policy behind what it is.
func (d *document) told(i *scan.Incident) []section {
	all := d.body(reportOf(i))
	past := i.Past()
	if past == "" {
		return all
	}
	note := section{Kind: report.ProseSection, Label: d.ref("earlier"), Lines: d.lines(prose(past))}
	at := slices.IndexFunc(all, d.follows)
	if at < 0 {
		at = len(all)
	}
	return slices.Insert(all, at, note)
}

// follows is whether a section comes after those of causes.
func (d *document) follows(s section) bool {
	switch s.Kind {
	case report.ChangedSection, report.FixSection, report.UnseenSection, report.FactSection:
		return true
	case report.ProseSection:
		return slices.Contains([]string{"policy", "before any change"}, d.Texts[s.Label])
	}
	return false
}

// account is where the role is.
func account(r *report.Report) string { return short(scan.AccountOf(&r.Event).String()) }

// roleIn names a role with its account, since names repeat across accounts.
func roleIn(r *report.Report) string {
	name, in := report.RoleName(r.Event.Role), account(r)
	switch {
	case name == "":
		name = "no role named"
	case in != "":
		name += " · " + in
	}
	return name
}
