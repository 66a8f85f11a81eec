package idp

import (
	"testing"
	"time"
)

func TestOffers(t *testing.T) {
	before := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	after := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		host, claim string
		at          time.Time
		want        OfferState
		multi       bool
	}{
		{hostGitHub, "aud", before, Offered, false},
		{hostGitHub, "SUB", before, Offered, false},
		{hostGitHub, "actor", before, NotYet, false},
		{hostGitHub, "actor", claimsSince2026, Offered, false},
		{hostGitHub, "Job_Workflow_Ref", after, Offered, false},
		{hostGitHub, "repository_owner_id", after, Offered, false},
		{hostGitHub, "iss", after, NotOffered, false},
		{hostGitHub, "repository_owner", after, NotOffered, false},
		{hostGitHub, "event_name", after, NotOffered, false},
		{hostGitHub, "something_new", after, Unlisted, false},
		{hostGitHub + "/octo", "enterprise_id", after, Offered, false},
		{"token.actions.va.ghe.com", "environment", after, Offered, false},
		{"ghes.acme.example/_services/token", "repository", after, NotOffered, false},
		{"ghes.acme.example/_services/token", "something_new", after, NotOffered, false},
		{"gitlab.com", "project_id", after, Offered, false},
		{"gitlab.com", "project_path", after, NotOffered, false},
		{"gitlab.acme.example", "project_id", after, NotOffered, false},
		{"gitlab.acme.example", "sub", after, Offered, false},
		{"oidc.circleci.com/org/1", "oidc.circleci.com/project-id", before, NotYet, false},
		{"oidc.circleci.com/org/1", "oidc.circleci.com/project-id", after, Offered, false},
		{"agent.buildkite.com", "build_branch", after, Offered, false},
		{"accounts.google.com", "google/organization_number", after, Offered, false},
		{"accounts.google.com", "oaud", before, Offered, false},
		{"accounts.google.com", "email", before, Offered, false},
		{"idcs-1.identity.oraclecloud.com", "rpst_id", after, Offered, false},
		{hostEKS, "aud", before, Offered, false},
		{hostEKS, "amr", after, NotOffered, false},
		{hostEKS, "email", after, NotOffered, false},
		{hostEKS, "kubernetes.io", after, NotOffered, false},
		{hostEKS, "whatever", after, NotOffered, false},
		{"cognito-identity.amazonaws.com", "amr", after, Offered, true},
		{"cognito-identity.amazonaws.com", "oaud", after, Offered, false},
		{"cognito-identity.amazonaws.com", "email", after, NotOffered, false},
		{"graph.facebook.com", "app_id", before, Offered, false},
		{"graph.facebook.com", "sub", before, NotOffered, false},
		{"www.amazon.com", "user_id", before, Offered, false},
		{"somewhere.example", "amr", before, Offered, true},
		{"somewhere.example", "groups", after, NotOffered, false},
		{"somewhere.example", "iss", after, NotOffered, false},
		{"oidc.codefresh.io", "pipeline", after, Unlisted, false},
	} {
		got := Find(tt.host).Offers(tt.claim, tt.at)
		if got.State != tt.want || got.Multi != tt.multi {
			t.Errorf("Find(%q).Offers(%q, %s) = %+v, want state %d, multi %v", tt.host, tt.claim, tt.at.Format("2006-01"), got, tt.want, tt.multi)
		}
		if got.State == NotYet && !got.Since.After(tt.at) {
			t.Errorf("Offers(%q): not yet, since %s", tt.claim, got.Since)
		}
	}
}
