// Package pagetest makes results that pages are tested with, and drawn from:
// real reports of the sample events.
package pagetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// Reports explains the sample events of a directory, in the order of their
// names, those that are no denials left out.
func Reports(ctx context.Context, dir string) ([]*report.Report, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("%s holds no sample events: %w", dir, err)
	}
	var all []*report.Report
	for _, file := range files {
		r, err := explain(ctx, file)
		if err != nil {
			return nil, err
		}
		if r.Verdict != report.NotADenial && !strings.HasPrefix(filepath.Base(file), "hostile-") {
			all = append(all, r)
		}
	}
	return all, nil
}

// explain diagnoses the first event of a file with the account beside it.
func explain(ctx context.Context, file string) (*report.Report, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open sample: %w", err)
	}
	defer f.Close()
	for ev, err := range cloudtrail.NewReader(f, file).Events() {
		if err != nil {
			return nil, fmt.Errorf("read sample: %w", err)
		}
		account, err := casefile.FromCase(ev.Case)
		if err != nil {
			return nil, fmt.Errorf("read account beside %s: %w", file, err)
		}
		return diagnose.Explain(ctx, account, ev, diagnose.Options{Claims: account.Claims, Context: account.Context}), nil
	}
	return nil, fmt.Errorf("%s holds no event", file)
}

// end is when the invented records end.
var end = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// span is for how many days they go back.
const span = 60

// Scan is a result with the given reports, one incident each, with invented
// counts over two months.
func Scan(reports []*report.Report) *scan.Result {
	r := &scan.Result{
		Schema: scan.Schema, Scanned: end, From: end.AddDate(0, 0, -span), To: end, Files: 1840, Bytes: 7_912_345_678,
		Unreadable: []scan.Unreadable{}, Notes: []string{},
	}
	for i, rep := range reports {
		r.Incidents = append(r.Incidents, incident(i, rep))
		r.Denials += r.Incidents[i].Count
		if a := r.Incidents[i].Account(); !slices.Contains(r.Accounts, a) {
			r.Accounts = append(r.Accounts, a)
		}
	}
	slices.SortStableFunc(r.Incidents, byWeight)
	return r
}

// byWeight puts those that still fail first, then the most frequent.
func byWeight(a, b scan.Incident) int {
	if (a.Standing == scan.Failing) != (b.Standing == scan.Failing) {
		if a.Standing == scan.Failing {
			return -1
		}
		return 1
	}
	return b.Count - a.Count
}

// incident spreads calls over some days before the end, the same for the same
// number.
func incident(n int, r *report.Report) scan.Incident {
	i := scan.Incident{
		Fingerprint: fmt.Sprintf("%s-%d", r.Fingerprint, n), Standing: standing(n, r), Days: map[string]int{},
		Subjects: []string{r.Event.Subject}, Report: r,
	}
	days := 1 + n*n%span
	for d := range days {
		if (d*7+n)%5 < 2 || d == days-1 {
			count := 1 + (d*d+n*13)%(3+n%29)
			at := end.AddDate(0, 0, -d-n%3)
			i.Days[at.Format(time.DateOnly)] += count
			i.Count += count
		}
	}
	i.Last = end.AddDate(0, 0, -n%3).Add(-time.Duration(n%40) * time.Minute)
	i.Report = moved(r, i.Last)
	if i.Standing == scan.Allowed {
		i.Report.FixedTrustPolicy, i.Report.FixedText, i.Report.Findings = nil, "", unfixed(r.Findings)
	}
	if len(i.Report.Changes) > 0 {
		i.Changed = &i.Report.Changes[0]
	}
	if i.First = i.Last; i.Count > 1 {
		i.First = end.AddDate(0, 0, -(days-1)-n%3).Add(-5 * time.Hour)
	}
	return i
}

// moved is a report of a call at another time, with all that came before it.
func moved(r *report.Report, to time.Time) *report.Report {
	out := *r
	by := to.Sub(r.Event.Time)
	out.Event.Time = to
	out.Changes = slices.Clone(r.Changes)
	for i := range out.Changes {
		out.Changes[i].Time = out.Changes[i].Time.Add(by)
	}
	return &out
}

// unfixed are findings of what is mended by now.
func unfixed(findings []report.Finding) []report.Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].Fixes = []report.Fix{}
	}
	return out
}

func standing(n int, r *report.Report) scan.Standing {
	switch {
	case r.Verdict == report.AllowedNow || n%7 == 3:
		return scan.Allowed
	case r.TrustPolicy == "":
		return scan.Unclear
	}
	return scan.Failing
}

// Many is a result with count incidents of roles and callers that all differ,
// made from the given reports.
func Many(reports []*report.Report, count int) *scan.Result {
	all := make([]*report.Report, count)
	for i := range all {
		r := *reports[i%len(reports)]
		r.Findings = slices.Clone(r.Findings)
		renamed(&r, fmt.Sprintf("-%03d", i/len(reports)))
		all[i] = &r
	}
	return Scan(all)
}

// renamed gives a report a role and a caller of its own, in its policies too.
func renamed(r *report.Report, tail string) {
	role := r.Event.Role
	if role == "" {
		return
	}
	subject := r.Event.Subject
	rename := func(s string) string {
		if subject != "" {
			s = strings.ReplaceAll(s, subject, subject+tail)
		}
		return strings.ReplaceAll(s, role, role+tail)
	}
	r.Event.Role, r.Event.Subject = rename(role), rename(subject)
	r.TrustPolicy, r.FixedText = rename(r.TrustPolicy), rename(r.FixedText)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Actual = rename(f.Actual)
		f.Fixes = slices.Clone(f.Fixes)
		for j := range f.Fixes {
			f.Fixes[j].Policy = rename(f.Fixes[j].Policy)
		}
	}
}
