package cli

import (
	"fmt"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// atNoon is when the incidents of these tests are listed.
var atNoon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const (
	storefrontID = "1-4f0a2c9be1d7735a60c81b2e"
	ordersID     = "1-b81f6e02d4c95a1377e0fa64"
	clusterID    = "provider-0d1c7a52f3b64e98a2c015de"
)

// kept is an incident with the denials that were counted for it.
type kept struct {
	incident.Incident
	denials map[time.Duration]int // before atNoon, with how many at that time
}

// ago is a time before atNoon.
func ago(d time.Duration) time.Time { return atNoon.Add(-d) }

func causes(code report.Code, from time.Time) []incident.Cause {
	return []incident.Cause{{Code: code, From: from}}
}

// sampleIncidents are of each kind, and in each state.
func sampleIncidents() []kept {
	const role, eks = "arn:aws:iam::111122223333:role/", "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/B81F"
	const github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	pod := func(id, name string, since time.Duration) kept {
		return kept{incident.Incident{
			ID: id, Kind: incident.Call, State: incident.Open, Account: "111122223333", Role: role + name, Provider: eks, ProviderName: "Amazon EKS",
			Subjects: []string{"system:serviceaccount:orders:" + name}, Causes: causes("provider-not-found", ago(since)), Opened: ago(since),
			Parent: clusterID, Headline: "service account orders/" + name + " (Amazon EKS) could not assume role " + name + " in 111122223333",
		}, map[time.Duration]int{since: 40, since - time.Minute: 38}}
	}
	storefront := kept{incident.Incident{
		ID: storefrontID, Kind: incident.Call, State: incident.Open, Account: "111122223333", AccountAlias: "acme-prod", Role: role + "ci/deploy-storefront",
		Provider: github, ProviderName: "GitHub Actions", Caller: report.Known,
		Subjects: []string{"repo:larkfield/storefront:environment:production", "repo:larkfield/storefront:ref:refs/heads/release-7"},
		Headline: "repo larkfield/storefront (GitHub Actions) could not assume role deploy-storefront in acme-prod (111122223333)",
		Causes:   []incident.Cause{{Code: "subject-mismatch", From: ago(50 * time.Hour)}, {Code: "condition-not-met", From: ago(3 * time.Hour)}},
		Opened:   ago(50 * time.Hour), Updates: 2,
		Edits:  []report.Change{{Time: ago(time.Minute), Name: "UpdateAssumeRolePolicy", By: "arn:aws:iam::111122223333:user/mara"}},
		Outbox: []incident.Message{{ID: "m-5", Kind: "update", At: ago(2 * time.Minute), Tries: 1, Channels: []string{"slack"}}},
		Story: []incident.Chapter{
			{At: ago(50 * time.Hour), What: "opened", Text: "repo larkfield/storefront (GitHub Actions) could not assume role deploy-storefront in acme-prod (111122223333)"},
			{At: ago(49*time.Hour + 45*time.Minute), What: "update", Text: "12 denials up to now"},
			{At: ago(3 * time.Hour), What: "edit", Text: "UpdateAssumeRolePolicy by arn:aws:iam::111122223333:user/mara"},
			{At: ago(3 * time.Hour), What: "answer", Text: "still denied: a condition on job_workflow_ref is not met"},
			{At: ago(3 * time.Hour), What: "cause", Text: "condition-not-met, before that subject-mismatch"},
		},
	}, map[time.Duration]int{50 * time.Hour: 1, 49*time.Hour + 30*time.Minute: 11, 27 * time.Hour: 6, 26 * time.Hour: 3, 3 * time.Hour: 2, 4 * time.Minute: 1}}
	return []kept{
		storefront,
		{incident.Incident{
			ID: clusterID, Kind: incident.Provider, State: incident.Open, Account: "111122223333", Provider: eks, ProviderName: "Amazon EKS",
			Causes: causes("provider-not-found", ago(40*time.Minute)), Opened: ago(40 * time.Minute), Children: []string{ordersID, "1-c0ffee"},
		}, nil},
		pod(ordersID, "orders-api", 40*time.Minute),
		pod("1-c0ffee", "orders-worker", 38*time.Minute),
		{incident.Incident{
			ID: "1-77aa01", Kind: incident.Call, State: incident.Open, Account: "111122223333", Role: role + "preview", Provider: github,
			Subjects: []string{"repo:larkfield/preview:pull_request"}, MoreSubjects: true, Causes: causes("subject-mismatch", ago(9*24*time.Hour)),
			Opened: ago(9 * 24 * time.Hour), Rule: "role preview (it goes away in December)",
		}, map[time.Duration]int{9 * 24 * time.Hour: 40, 20 * time.Second: 1}},
		{incident.Incident{
			ID: "1-5e77ed", Kind: incident.Call, State: incident.Over, Account: "111122223333", Role: role + "backup", Provider: github,
			Subjects: []string{"repo:larkfield/backup:ref:refs/heads/main"}, Causes: causes("role-not-found", ago(70*time.Hour)),
			Opened: ago(70 * time.Hour), Closed: ago(66 * time.Hour),
		}, map[time.Duration]int{70 * time.Hour: 3}},
		{incident.Incident{ID: "strangers", Kind: incident.Strangers, State: incident.Open, Opened: ago(5 * time.Hour)}, map[time.Duration]int{5 * time.Hour: 1, time.Hour: 16}},
		{incident.Incident{ID: "digest", Kind: incident.Digest, State: incident.Open}, nil},
		{incident.Incident{ID: "edits-1-4f0a", Kind: incident.Edits, State: incident.Quiet}, nil},
		{incident.Incident{ID: "provider-1-few", Kind: incident.Provider, State: incident.Folded, Provider: github}, nil},
		{incident.Incident{
			ID: "1-57a491", Kind: incident.Call, State: incident.Folded, Account: "111122223333", Role: role + "ci/deploy-storefront", Provider: github,
			Subjects: []string{"repo:free-coins-4412/ci-test:ref:refs/heads/main"}, Causes: causes("subject-mismatch", ago(5*time.Hour)), Opened: ago(5 * time.Hour),
		}, map[time.Duration]int{5 * time.Hour: 1}},
	}
}

// stock saves incidents and counts their denials.
func stock(t *testing.T, s incident.Store, all []kept) {
	t.Helper()
	for _, k := range all {
		if err := s.Save(t.Context(), k.Clone()); err != nil {
			t.Fatal(err)
		}
		for d, n := range k.denials {
			for e := range n {
				if err := s.Count(t.Context(), k.ID, fmt.Sprint(d, e), ago(d)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func stocked(t *testing.T) incident.Store {
	t.Helper()
	s := incident.NewMemory()
	stock(t, s, sampleIncidents())
	return s
}
