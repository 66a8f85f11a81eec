// Package diagnose finds out why a call was denied: it gathers what is known
// into a Case, evaluates the trust policy into a trace, runs the checks over
// both, and proves the fixes they propose.
package diagnose

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Options is what a user adds to the record.
type Options struct {
	Mine    bool                // the caller is one's own
	Claims  map[string]any      // claims of the token, numbers as json.Number; nil where no token is at hand
	Context map[string][]string // further keys of the request context
	Scan    bool                // the call is one of many of a scan, which takes the policies of all roles from one file
}

// Explain diagnoses one event. It never fails: what could not be looked at
// is a gap in the report.
func Explain(ctx context.Context, acct Account, ev *cloudtrail.Event, o Options) *report.Report {
	if !ev.IsWebIdentity() || !ev.Failed() {
		return notADenial(ev)
	}
	c := gather(ctx, acct, ev, o)
	c.Then = c.causesThen()
	found := c.withNext(c.soften(supersede(c.run())))
	fixed := c.prove(found)
	return c.report(found, fixed)
}

// run lets every check that goes with the error code look at the case.
func (c *Case) run() []Finding {
	var found []Finding
	for _, check := range Checks {
		if !slices.Contains(check.Errors, c.Event.ErrorCode) {
			continue
		}
		for _, f := range check.Run(c) {
			f.Code, f.Docs = check.Code, cmp.Or(f.Docs, check.URL)
			if f.Where != nil && f.Where.Source == "" {
				f.place = f.Where.Span
			}
			found = append(found, f)
		}
	}
	return byCertainty(found)
}

// byCertainty puts the certain findings first, and keeps the order of the
// checks within each grade.
func byCertainty(found []Finding) []Finding {
	slices.SortStableFunc(found, func(a, b Finding) int { return rank(a.Certainty) - rank(b.Certainty) })
	return found
}

// withNext adds, to a fault of the token or the provider, what would deny the
// call once that is mended: the trust policy is looked at only then.
func (c *Case) withNext(found []Finding) []Finding {
	if len(found) == 0 || c.Event.ErrorCode == accessDenied || c.Trace == nil || c.Trace.Result == policy.Yes {
		return found
	}
	next, denial := *c, *c.Event
	denial.ErrorCode, denial.ErrorMessage = accessDenied, ""
	next.Event = &denial
	next.call = newCall(&next, denial.Subject)
	for _, f := range supersede(next.run()) {
		if f.Certainty == report.Certain && f.Where != nil {
			found[0].Notes = append(found[0].Notes, fmt.Sprintf("once this is mended, the trust policy denies the call: %s (%s)", f.Message, f.Code))
		}
	}
	return found
}

func rank(c report.Certainty) int {
	return slices.Index([]report.Certainty{report.Certain, report.Likely, report.Possible}, c)
}

// notADenial reports an event that is no failed AssumeRoleWithWebIdentity.
func notADenial(ev *cloudtrail.Event) *report.Report {
	return &report.Report{
		Schema: report.Schema, Event: newCase(ev, Options{}).describe(), Verdict: report.NotADenial, Caller: report.Undetermined,
		Findings: []report.Finding{}, Gaps: []report.Gap{}, Fingerprint: "",
	}
}

// report puts the outcome together.
func (c *Case) report(found []Finding, fixed *policy.Document) *report.Report {
	r := &report.Report{
		Schema: report.Schema, Event: c.describe(), Verdict: c.verdict(found),
		Caller: c.Caller, CallerReason: c.CallerReason,
		Findings: make([]report.Finding, 0, len(found)), Gaps: c.gaps(),
		Changes: c.changes(), Fingerprint: Fingerprint(c.Event),
	}
	told := map[string]bool{}
	for i := range found {
		f := found[i].Finding
		f.Notes = slices.DeleteFunc(f.Notes, func(n string) bool {
			again := told[n]
			told[n] = true
			return again
		})
		r.Findings = append(r.Findings, f)
	}
	if c.Policy != nil {
		r.TrustPolicy = string(c.Policy.Source)
	}
	r.TrustPolicyNote = c.policyNote(r.Verdict)
	if fixed != nil {
		r.FixedTrustPolicy, r.FixedText = fixed.Source, string(fixed.Source)
	}
	return r
}

func (c *Case) verdict(found []Finding) report.Verdict {
	if c.Policy != nil && (c.Event.ErrorCode == accessDenied || c.providerMended()) && !c.blockedByOrganization(found) &&
		verdict(c.Policy, c.call, c.needs()) == policy.Allowed {
		return report.AllowedNow
	}
	if len(found) == 0 || found[0].Certainty == report.Possible {
		return report.Unexplained
	}
	return report.Explained
}

// providerMended tells, of a call that failed for the IAM OIDC provider, whether
// that is known to be as the call needs it by now.
func (c *Case) providerMended() bool {
	if c.Event.ErrorCode != invalidIdentityToken || !c.Event.HasAudience || !slices.Contains(c.Provider.Value.ClientIDs, c.Event.Audience) {
		return false
	}
	said := strings.ToLower(c.Event.ErrorMessage)
	return strings.Contains(said, "incorrect token audience") ||
		strings.Contains(said, "no openidconnect provider found") && c.createdSince()
}

// blockedByOrganization tells whether something outside the trust policy was
// found to refuse the call still.
func (c *Case) blockedByOrganization(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Code == resourceControlPolicyDeny.Code })
}
