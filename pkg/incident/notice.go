package incident

import (
	"cmp"
	"context"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// notice makes what is sent for a message, as of now. fresh is a diagnosis that
// was just made, nil for none; judged is the one that the notice tells. What
// cannot be read is left out: a notice with less is better than none.
func (d *Desk) notice(ctx context.Context, i *Incident, m Message, fresh *report.Report) (n *notify.Notice, judged *report.Report) {
	n = &notify.Notice{ID: m.ID, Kind: m.Kind, Since: m.Since, Because: m.Because, Digest: m.Digest, Edits: m.Edits}
	switch {
	case i.Kind == Digest || i.Kind == Strangers:
		n.Incident = notify.Incident{ID: i.ID}
		return n, nil
	case i.Kind == Provider:
		n.Incident, n.Roles = d.ofProvider(ctx, i, m)
		if m.Kind != notify.Provider {
			return n, nil
		}
		if n.Report = fresh; fresh == nil {
			n.Report = d.oneOf(ctx, i)
		}
		return n, nil
	}
	tally, err := d.tally(ctx, i.ID)
	if err != nil {
		d.log().WarnContext(ctx, "the denials cannot be counted", "incident", i.ID, "error", err)
	}
	n.Incident = i.inNotices(tally)
	if m.Kind != notify.Update && m.Kind != notify.Over {
		if n.Report = fresh; fresh == nil {
			n.Report = d.judge(ctx, i)
		}
		n.Incident.Headline = notify.Headline(n.Report)
		n.Incident.Cause = cmp.Or(mainCause(n.Report), n.Incident.Cause)
	}
	for e := range n.Edits {
		n.Edits[e].Effect = effect(n.Edits[e], n.Report)
	}
	return n, n.Report
}

// judge diagnoses the latest record of the incident as of now.
func (d *Desk) judge(ctx context.Context, i *Incident) *report.Report {
	if ev := decode(i.Event); ev != nil {
		return d.Explain(ctx, ev)
	}
	return i.withoutRecord()
}

// withoutRecord is the report of a call of which the record is not there any
// more.
func (i *Incident) withoutRecord() *report.Report {
	return &report.Report{
		Schema: report.Schema, Verdict: report.Unexplained, Caller: i.Caller, Fingerprint: i.ID,
		Event: report.Event{
			Time: i.Opened, Account: i.Account, AccountAlias: i.AccountAlias, Role: i.Role, Provider: i.Provider,
			ProviderName: i.ProviderName, Subject: append(slices.Clone(i.Subjects), "")[0],
		},
		Findings: []report.Finding{},
		Gaps:     []report.Gap{{What: "the record of the call", Why: "it was too long to be kept"}},
	}
}

// effect is what the diagnosis says that an edit did to the call, "" where it
// does not know the edit.
func effect(edit report.Change, r *report.Report) string {
	if r == nil {
		return edit.Effect
	}
	for _, c := range r.Changes {
		if c.EventID != "" && c.EventID == edit.EventID {
			return c.Effect
		}
	}
	return edit.Effect
}

// inNotices is what every notice says of the incident.
func (i *Incident) inNotices(t Tally) notify.Incident {
	return notify.Incident{
		ID: i.ID, Account: i.Account, AccountAlias: i.AccountAlias,
		Role: i.Role, Provider: i.Provider, ProviderName: i.ProviderName,
		Cause: i.cause(), Headline: i.Headline,
		Subjects: i.Subjects, MoreSubjects: i.MoreSubjects,
		Count: t.Count, First: t.First, Last: t.Last,
	}
}

// issuer is the host of the provider.
func (i *Incident) issuer() string { return cloudtrail.KeyHost(i.Provider) }
