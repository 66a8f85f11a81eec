package notifytest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// night is when the story begins.
var night = time.Date(2026, 3, 2, 2, 7, 44, 0, time.UTC)

// Story is the life of one incident, from the alert through an edit with a slip
// to the news that it works again, and its return a month later.
func Story(t *testing.T) []*notify.Notice {
	t.Helper()
	alert, early := told(t, night), told(t, night)
	early.Changes, early.Gaps = nil, append(early.Gaps, report.Gap{What: "recent changes", Why: "CloudTrail did not answer in time; they follow"})
	back := told(t, night.AddDate(0, 1, 0))
	back.Changes = nil
	return numbered([]*notify.Notice{
		{Kind: notify.Alert, Incident: ofStory(1, 0), Report: early},
		{Kind: notify.Evidence, Incident: ofStory(1, 0), Report: alert, Was: early},
		{Kind: notify.Update, Incident: ofStory(12, 14)},
		{Kind: notify.Answer, Incident: ofStory(17, 26), Report: slip(alert), Edits: []report.Change{edit(30, "jane")}},
		{Kind: notify.Answer, Incident: ofStory(22, 38), Report: mended(alert), Edits: []report.Change{edit(41, "jane")}},
		{
			Kind: notify.Over, Incident: ofStory(22, 38), Since: night.Add(44 * time.Minute),
			Because: "a call succeeded at 2026-03-02T02:51:44Z",
		},
		{Kind: notify.Back, Incident: ofStory(23, 31*24*60), Report: back, Since: night.Add(44 * time.Minute)},
	})
}

// Others are the notices that an ordinary story has not: of many roles, of
// several edits, of many incidents and of strangers.
func Others(t *testing.T) []*notify.Notice {
	t.Helper()
	gone := Samples(t)["provider-not-found"]
	provider := ofProvider(gone)
	twice := ofStory(17, 26)
	return numbered([]*notify.Notice{
		{Kind: notify.Provider, Incident: provider, Report: gone, Roles: rolesOf(false, false, false, false, false, false)},
		{Kind: notify.Provider, Incident: provider, Roles: rolesOf(false, false, false)},
		{Kind: notify.Update, Incident: provider, Roles: rolesOf(false, false, false)},
		{Kind: notify.Answer, Incident: provider, Roles: rolesOf(true, false, true), Edits: []report.Change{edit(20, "omar"), edit(21, "omar")}},
		{Kind: notify.Answer, Incident: provider, Roles: rolesOf(true, true, true), Edits: []report.Change{edit(31, "omar")}},
		{Kind: notify.Over, Incident: provider, Since: night.Add(26 * time.Hour), Because: "the roles work again"},
		{Kind: notify.Answer, Incident: twice, Report: Samples(t)["unexplained"], Edits: []report.Change{edit(30, "jane"), edit(33, "omar")}},
		{Kind: notify.Digest, Incident: notify.Incident{ID: "digest"}, Digest: storm()},
		{Kind: notify.Security, Incident: notify.Incident{ID: "strangers"}, Digest: probe()},
	})
}

// numbered gives notices their IDs.
func numbered(all []*notify.Notice) []*notify.Notice {
	for i, n := range all {
		n.ID = fmt.Sprintf("%s-%d", n.Incident.ID, i+1)
	}
	return all
}

// told is the sample of a mismatch as if it had happened at another time.
func told(t *testing.T, at time.Time) *report.Report {
	t.Helper()
	r := Samples(t)["subject-mismatch"]
	for i := range r.Changes {
		r.Changes[i].Time = at.Add(r.Changes[i].Time.Sub(r.Event.Time))
	}
	r.Event.Time = at
	return r
}

func ofStory(count, minutes int) notify.Incident {
	return notify.Incident{
		ID: "a1b2c3d4e5f60718", Account: "111122223333", Role: "arn:aws:iam::111122223333:role/ci/deploy",
		Provider:     "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		ProviderName: "GitHub Actions", Cause: "subject-mismatch",
		Headline: "repo acme/api (GitHub Actions) could not assume role deploy in 111122223333",
		Subjects: []string{"repo:acme/api:environment:production"},
		Count:    count, First: night, Last: night.Add(time.Duration(minutes) * time.Minute),
	}
}

// ofProvider is the incident of a cluster of which the account has no provider.
func ofProvider(r *report.Report) notify.Incident {
	return notify.Incident{
		ID: "provider-5eed5eed", Account: r.Event.Account, Provider: r.Event.Provider, ProviderName: r.Event.ProviderName,
		Cause: "provider-not-found", Subjects: []string{r.Event.Subject, "system:serviceaccount:orders:orders-api"}, MoreSubjects: true,
		Count: 61, First: night, Last: night.Add(12 * time.Minute),
	}
}

func edit(minute int, who string) report.Change {
	return report.Change{
		Time: night.Add(time.Duration(minute) * time.Minute), Name: "UpdateAssumeRolePolicy",
		By: "arn:aws:iam::111122223333:user/" + who, EventID: "0b6e7f0c-66a1-4ad0-a0d1-cb5f7e0c2d11",
	}
}

// slip is the report after somebody put prod where production belongs.
func slip(r *report.Report) *report.Report {
	const branch, wrong = "repo:acme/api:ref:refs/heads/main", "repo:acme/api:environment:prod"
	raw, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	edited := &report.Report{}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(raw), branch, wrong)), edited); err != nil {
		panic(err)
	}
	f := &edited.Findings[0]
	f.Message, f.Notes = "the sub condition asks for environment prod, but the job runs in environment production", nil
	f.Where.Length += len(wrong) - len(branch)
	f.Fixes = f.Fixes[:1]
	f.Fixes[0].Message = strings.Replace(f.Fixes[0].Message, "beside the branch", "beside environment prod", 1)
	return edited
}

// mended is the report after the right edit.
func mended(r *report.Report) *report.Report {
	fine := *r
	fine.Verdict, fine.Findings, fine.FixedText, fine.FixedTrustPolicy = report.AllowedNow, nil, "", nil
	fine.TrustPolicy = r.FixedText
	return &fine
}

func rolesOf(allowed ...bool) (roles []notify.RoleState) {
	names := []string{"external-dns", "orders-api", "cert-manager", "backup", "autoscaler", "logs"}
	for i, a := range allowed {
		roles = append(roles, notify.RoleState{Role: "arn:aws:iam::111122223333:role/" + names[i], Cause: "provider-not-found", Allowed: a})
	}
	return roles
}

func storm() *notify.Summary {
	return &notify.Summary{
		From: night, To: night.Add(time.Hour), Denials: 4300, Incidents: 31, Withheld: 7,
		Causes: []notify.Share{{Name: "subject-mismatch", Count: 24}, {Name: "audience-mismatch", Count: 7}},
		Roles: []notify.Share{
			{Name: "arn:aws:iam::111122223333:role/ci/deploy", Count: 12}, {Name: "arn:aws:iam::444455556666:role/orders-api", Count: 9},
		},
		Callers: []notify.Share{{Name: "repo:acme/api", Count: 14}, {Name: "system:serviceaccount:orders:orders-api", Count: 9}},
		Snoozed: []notify.Snoozed{{Rule: "role sandbox-*", Until: night.AddDate(0, 0, 14), Incidents: 3, Denials: 120}},
	}
}

func probe() *notify.Summary {
	return &notify.Summary{
		From: night, To: night.Add(30 * time.Minute), Denials: 812, Incidents: 40,
		Roles:   []notify.Share{{Name: "arn:aws:iam::111122223333:role/ci/deploy", Count: 38}, {Name: "arn:aws:iam::111122223333:role/ci/plan", Count: 2}},
		Callers: []notify.Share{{Name: "acme-evil", Count: 35}, {Name: "acrne", Count: 5}},
	}
}
