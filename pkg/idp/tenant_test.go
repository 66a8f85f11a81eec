package idp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestCloseOwner(t *testing.T) {
	const github = "token.actions.githubusercontent.com"
	for _, test := range []struct {
		host, pattern string
		want          []string
	}{
		{github, "repo:acme*", []string{"repo:acme/*", "repo:acme@*/*"}},
		{github, "repo:acme*/api:*", []string{"repo:acme/api:*", "repo:acme@*/api@*:*"}},
		{github, "repo:acme*:ref:refs/heads/main", []string{"repo:acme/*:ref:refs/heads/main", "repo:acme@*/*:ref:refs/heads/main"}},
		{github, "repo:acme-*", nil},
		{github, "repo:*", nil},
		{github, "*", nil},
		{github, "repo:acme/*", nil},
		{github, "repo:acme/api:pull_request", nil},
		{"gitlab.com", "project_path:acme*:ref_type:branch:ref:main", []string{"project_path:acme/*:ref_type:branch:ref:main"}},
		{"app.terraform.io", "organization:acme*:project:*:workspace:*:run_phase:*", []string{"organization:acme:project:*:workspace:*:run_phase:*"}},
		{"oidc.circleci.com", "org/0a1b*", []string{"org/0a1b/*"}},
		{"agent.buildkite.com", "organization:acme*", []string{"organization:acme:*"}},
		{"api.pulumi.com/oidc", "pulumi:deploy:org:acme*", []string{"pulumi:deploy:org:acme:*"}},
		{"oidc.eks.eu-west-1.amazonaws.com/id/9422B2E0F81B4E0C8A3D1F6A7B5C1723", "system:serviceaccount:web*", nil},
	} {
		if got := idp.Find(test.host).CloseOwner(test.pattern); !slices.Equal(got, test.want) {
			t.Errorf("%s: %s is closed as %q, want %q", test.host, test.pattern, got, test.want)
		}
	}
}

// The patterns of a tenant match all examples of its subjects, and name it.
func TestOwnerPatterns(t *testing.T) {
	for _, p := range idp.Providers {
		for _, e := range p.Examples {
			owner, ok := p.Owner(e.Sub)
			patterns := p.OwnerPatterns(owner)
			if !ok || len(patterns) == 0 || strings.HasPrefix(e.Sub, "repository_owner:") {
				continue
			}
			if !slices.ContainsFunc(patterns, func(pattern string) bool { return policy.Like(pattern, e.Sub) }) {
				t.Errorf("%s: none of %q matches %s", p.ID, patterns, e.Sub)
			}
			for _, pattern := range patterns {
				if named, ok := p.OwnerOfPattern(pattern); !ok || named.Name != owner.Name {
					t.Errorf("%s: %q names %+v, %v; want %s", p.ID, pattern, named, ok, owner.Name)
				}
			}
		}
	}
}

func TestTraitsOfProviders(t *testing.T) {
	for _, test := range []struct {
		host                                string
		owner, workloads, chosen, immutable bool
	}{
		{host: "token.actions.githubusercontent.com", owner: true, chosen: true, immutable: true},
		{host: "token.actions.githubusercontent.com/octo", owner: true, chosen: true, immutable: true},
		{host: "github.acme.example/_services/token", owner: true, chosen: true},
		{host: "api.pulumi.com/oidc", owner: true},
		{host: "oidc.codefresh.io", chosen: true},
		{host: "oidc.eks.eu-west-1.amazonaws.com/id/9422B2E0F81B4E0C8A3D1F6A7B5C1723", workloads: true, chosen: true},
	} {
		p := idp.Find(test.host)
		if p.TellsOwner() != test.owner || p.Workloads() != test.workloads || p.AudienceChosen() != test.chosen || p.ImmutableSince().IsZero() == test.immutable {
			t.Errorf("%s: owner %v, workloads %v, audience chosen %v, ids since %v",
				test.host, p.TellsOwner(), p.Workloads(), p.AudienceChosen(), p.ImmutableSince())
		}
	}
}
