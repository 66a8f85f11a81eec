package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// standings are what a reader calls them.
var standings = map[scan.Standing]string{
	scan.Failing: "still failing", scan.Allowed: "allowed now", scan.Unclear: "not known",
}

// callers are what a reader calls whose call it was.
var callers = map[report.Caller]string{
	report.Known: "known", report.Stranger: "stranger", report.Undetermined: "not determined",
}

// scanned is the document of a scan.
func scanned(r *scan.Result) *document {
	d := newDocument("scan", "Denied AssumeRoleWithWebIdentity calls",
		facet{Name: "standing", Label: "Standing", Order: []string{standings[scan.Failing], standings[scan.Allowed], standings[scan.Unclear]}},
		facet{Name: "cause", Label: "Cause"}, facet{Name: "role", Label: "Role"},
		facet{Name: "caller", Label: "Caller"}, facet{Name: "whose", Label: "Whose call"})
	d.scanFacts(r)
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

func (d *document) scanFacts(r *scan.Result) {
	roles := map[string]bool{}
	failing := 0
	for i := range r.Incidents {
		roles[reportOf(&r.Incidents[i]).Event.Role] = true
		if r.Incidents[i].Standing == scan.Failing {
			failing++
		}
	}
	d.fact("denied calls", number(r.Denials))
	d.fact("incidents", number(len(r.Incidents)))
	d.fact("still failing", number(failing))
	d.fact("roles", number(len(roles)))
	d.fact("period", period(r.From, r.To))
	d.fact("read", fmt.Sprintf("%s files, %s", number(r.Files), size(r.Bytes)))
	if n := len(r.Unreadable); n > 0 {
		d.fact("not readable", number(n))
	}
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
	standing := d.ref(standings[i.Standing])
	whose := d.ref(callers[r.Caller])
	d.Items = append(d.Items, item{
		ID:     report.Escape(i.Fingerprint),
		Facets: []ref{standing, d.ref(code), d.ref(roleIn(r)), d.ref(who), whose},
		Code:   d.ref(code), Grade: grade, Message: d.ref(message),
		Role: d.ref(role), Account: d.ref(account(r)), Who: d.ref(who),
		State: string(i.Standing), Words: standing, By: d.ref(changedBy(r)), Alarm: r.Caller == report.Stranger,
		Count: i.Count, First: seconds(i.First), Last: seconds(i.Last), Days: i.Days,
		Body: append(d.seen(i), d.body(r)...),
	})
	d.rows = append(d.rows, row{
		State: standings[i.Standing], Cause: code, Message: message, Role: roleIn(r), Who: who,
		Count: number(i.Count), First: day(i.First), Last: day(i.Last), By: changedBy(r),
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

// changedBy is who made the newest change near the denial, as short as it can
// be told.
func changedBy(r *report.Report) string {
	if len(r.Changes) == 0 {
		return ""
	}
	by := r.Changes[0].By
	for _, kind := range []string{":assumed-role/", ":user/"} {
		if _, name, ok := strings.Cut(by, kind); ok {
			by = name
		}
	}
	return short(by)
}

// account is where the role is.
func account(r *report.Report) string {
	id := r.Event.Account
	if fields := strings.SplitN(r.Event.Role, ":", 6); len(fields) == 6 && fields[4] != "" {
		id = fields[4]
	}
	if r.Event.AccountAlias != "" && id == r.Event.Account {
		id = r.Event.AccountAlias + " " + id
	}
	return short(id)
}

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
