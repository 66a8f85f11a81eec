package incident

import (
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// noon is when the tests begin.
var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

// after is a turn that long after noon, of somebody called by that name.
func after(d time.Duration, by string) turn {
	return turn{Options: Defaults(), now: noon.Add(d), by: by, channels: []string{"slack", "sns"}, rules: rulebook{read: true}}
}

// quiet is the turn with a rule for every role.
func (t turn) quiet() turn {
	t.rules.rules = []Rule{{Role: "*", Until: noon.Add(time.Hour), Why: "test"}}
	return t
}

const (
	testRole     = "arn:aws:iam::111122223333:role/deploy"
	testProvider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
)

// denialAt is a denied call that long after noon, with its diagnosis.
func denialAt(d time.Duration, change ...func(*report.Report)) denial {
	at := noon.Add(d)
	ev := &cloudtrail.Event{
		ID: "event " + at.Format(time.TimeOnly), Name: "AssumeRoleWithWebIdentity", ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied",
		Time: at, AccountID: "111122223333", RoleARN: testRole, Provider: testProvider, Subject: "repo:acme/api:ref:refs/heads/main",
	}
	r := &report.Report{
		Schema: report.Schema, Verdict: report.Explained, Caller: report.Known,
		Event:    report.Event{ID: ev.ID, Time: at, Account: ev.AccountID, Role: ev.RoleARN, Provider: ev.Provider, Subject: ev.Subject},
		Findings: []report.Finding{{Code: "subject-mismatch", Certainty: report.Certain}},
	}
	for _, c := range change {
		c(r)
	}
	return denial{event: ev, at: at, begun: at, report: r}
}

func stranger(r *report.Report)   { r.Caller = report.Stranger }
func allowedNow(r *report.Report) { r.Verdict = report.AllowedNow }

// opened is an incident that began at noon and was told then.
func opened() *Incident {
	i := &Incident{ID: "i"}
	i.denied(after(0, "opener"), denialAt(0))
	i.Revision = 1
	for _, m := range i.Outbox {
		i.settle(after(0, "opener"), m.ID, taken("slack", "sns"))
	}
	return i
}

// over is one that worked again from ten past noon.
func over() *Incident {
	i := opened()
	i.end(after(20*time.Minute, "closer"), Over, noon.Add(10*time.Minute), "a call succeeded")
	i.Outbox = nil
	return i
}
