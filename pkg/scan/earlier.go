package scan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// earlier explains a call by the version of the trust policy that was in force
// when it was denied. It has no fixes: whoever applied one would put that
// version back, without what was added since. It is nil where that version is
// not known, or where it is the one that stands.
func (r *run) earlier(ctx context.Context, role *diagnose.Known[diagnose.Role], ev *cloudtrail.Event) *report.Report {
	then, next := r.history.versions(ev.RoleARN, ev.Time)
	if !then.known || role.Exists == policy.Unknown || then.stands(role) {
		return nil
	}
	e := diagnose.Explain(ctx, &view{Account: r.account, history: r.history, at: ev.Time}, ev, diagnose.Options{})
	withoutFixes(e)
	e.TrustPolicyNote = untilWhen(then, next)
	if next == nil {
		soften(e)
		return e
	}
	e.Changes = slices.Insert(e.Changes, 0, report.Change{Time: next.Time, Name: next.Name, By: next.By, Via: next.Via, EventID: next.EventID})
	return e
}

// withoutFixes takes from a report what it proposes, where the policy it is of
// does not stand.
func withoutFixes(e *report.Report) {
	e.FixedTrustPolicy, e.FixedText = nil, ""
	for i := range e.Findings {
		e.Findings[i].Fixes = []report.Fix{}
	}
}

// soften takes certainty from a report of the newest version on record, where
// the account has another: when it was changed is not known.
func soften(e *report.Report) {
	for i := range e.Findings {
		if f := &e.Findings[i]; f.Certainty == report.Certain {
			f.Certainty = report.Likely
			f.Notes = append(f.Notes, "the role was changed without a record, which may have been before the denial")
		}
	}
}

// untilWhen says which version a report is of, and what ended it.
func untilWhen(then version, next *diagnose.Change) string {
	what := "the version that was in force when the call was denied"
	if then.policy == nil {
		what = "there was no such role when the call was denied"
	}
	if next == nil {
		return what + ", as far as changes are on record; the change to what the account has is not"
	}
	return fmt.Sprintf("%s, until %s by %s at %s", what, next.Name, cmp.Or(next.By, "an unknown caller"), next.Time.UTC().Format(time.RFC3339))
}

// recall adds what the call was denied for by an earlier version, nil where
// there is nothing to add. It takes the place of the report of a call that is
// allowed by now, which has no cause any more; beside one of a call that is
// not, it stands where its causes are others.
func (i *Incident) recall(earlier *report.Report) {
	switch {
	case earlier == nil:
	case i.Standing == Allowed:
		earlier.TrustPolicyNote += "; the policy as it stands allows the call"
		earlier.Changes = i.Report.Changes
		i.Report = earlier
	case !slices.Equal(causes(earlier), causes(i.Report)):
		earlier.Verdict = verdictThen(earlier)
		i.Earlier = earlier
	}
}

// cause is what makes one cause another.
type cause struct {
	code             report.Code
	expected, actual string
}

// causes are the main one, and those that are more than possible.
func causes(r *report.Report) (all []cause) {
	for i := range r.Findings {
		if f := &r.Findings[i]; i == 0 || f.Certainty != report.Possible {
			all = append(all, cause{f.Code, f.Expected, f.Actual})
		}
	}
	return all
}

// verdictThen is the verdict by a version that does not stand any more: that it
// allows the call says nothing of now.
func verdictThen(r *report.Report) report.Verdict {
	if len(r.Findings) == 0 || r.Findings[0].Certainty == report.Possible {
		return report.Unexplained
	}
	return report.Explained
}
