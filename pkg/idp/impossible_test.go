package idp

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestImpossible(t *testing.T) {
	for _, tt := range []struct {
		host     string
		possible []string
		not      []string
	}{
		{
			hostEKS,
			[]string{"system:serviceaccount:a:b", "system:serviceaccount:a:*", "system:*", "*:b", "*", "system:serviceaccount:${x}:b"},
			[]string{
				"system:serviceaccounts:a:b", "system:serviceaccounts:a:*", "system:serviceaccount:system:serviceaccount:a:b",
				"system:serviceaccount:a", "serviceaccount:a:b", "a/b", "system:serviceaccount:A:b", "system:serviceaccount:a:b ",
				"system:serviceaccount:\u0430:b", "repo:o/r:*", "",
			},
		},
		{
			hostGitHub,
			[]string{
				"repo:o/r:pull_request", "repo:o/r:ref:refs/heads/main", "repo:o/r:*", "repo:o/*", "repo:*", "*", "re*", "repo:o/r*",
				"repo:o/r:ref:*", "repo:o/r:ref:refs/*", "repo:o/r:e*", "repo:o@1/r@2:environment:prod", "repo:o/*:ref:refs/heads/main", "repo:o/*:prod",
				"repository_owner:o:*", "environment:prod", "job_workflow_ref:o/r/.github/workflows/x.yml@refs/heads/main",
				"ref:refs/heads/main", "repo:o/r:pull_request:workflow:x", "repo:o/r:workflow:x", "repo_property_team:a", "repo:${x}:*",
				"repo:o/r:context:x", "repository:o/*", "repo:o/r:?ef:refs/heads/main",
			},
			[]string{
				"repo:o/r", "repo:o/r:", "repo:o", "repo:o:*", "repo:o/r:main", "repo:o/r:main*", "repo:o/r:ref:main", "repo:o/r:ref:heads/*",
				"repo:o/r:refs/heads/main", "repo:o/r:refs/heads/*", "ref:main", "repo:repo:o/r:*", "repo:https://github.com/o/r:*",
				"repo:github.com/o/r:*", "https://github.com/o/r", "o/r:ref:refs/heads/main", "repos:o/r:*", "Repo:o/r:*",
				"repo:o/r:branch:main", "system:serviceaccount:a:b", "repo:/r:*", "repo:o/r:environment:", "",
			},
		},
		{
			"github.acme.example/_services/token",
			[]string{"repo:o/r:ref:refs/heads/main"},
			[]string{"repo:o/r:ref:main", "ref:main"},
		},
		{
			"gitlab.com",
			[]string{"project_path:g/p:ref_type:branch:ref:main", "project_path:g/*", "project_path:g/p", "project_path:g/*:ref_type:*:ref:x", "project_path:g/p:ref_type:t*"},
			[]string{"project_path:g/p:ref_type:mr:ref:main", "project_path:g/*:ref_type:mr:ref:*", "g/p:ref_type:branch:ref:main", "project_path:p:ref_type:branch:ref:x", "project_path:g/*:ref_type:m*"},
		},
		{
			"agent.buildkite.com",
			[]string{"organization:o:pipeline:p:ref:refs/heads/main:*", "organization:o:*", "0184990a-477b-4fa8-9968-496074483cee", "organization:o:pipeline:p:ref:refs/heads/main:commit:a:step:"},
			[]string{"organization:o:pipeline:p:ref:refs/heads/main", "organization:o:pipeline:p", "organization:organization:o:pipeline:p:*:ref:x"},
		},
		{
			"app.terraform.io",
			[]string{"organization:o:workspace:w:run_phase:plan", "organization:o:project:p:workspace:w:*", "organization:o:module:m:run_phase:test"},
			[]string{"organization:o:workspace:w", "organization:organization:o:workspace:w:run_phase:plan", "o:p:w", "org:*"},
		},
		{
			hostBitbucket,
			[]string{"{1}:{2}", "{1}:*", "*:{2}"},
			[]string{"1:*", "{1}", "workspace:{1}"},
		},
		{
			"oidc.vercel.com/acme",
			[]string{"owner:acme:project:web:environment:preview", "owner:acme:project:web:*", "owner:acme:*"},
			[]string{"owner:acme:project:web", "team:acme:*", "owner:acme:project:web:environment:"},
		},
		{"acme.app.spacelift.io", []string{"anything:at:all", "space_path:root/*"}, nil},
		{"somewhere.example", []string{"anything", ""}, nil},
	} {
		for _, value := range tt.possible {
			if Find(tt.host).Impossible(value) {
				t.Errorf("%s: %q is possible", tt.host, value)
			}
		}
		for _, value := range tt.not {
			if !Find(tt.host).Impossible(value) {
				t.Errorf("%s: %q is impossible", tt.host, value)
			}
		}
	}
}

// TestImpossibleNeverMatches makes patterns out of documented subjects: what
// one of them satisfies is possible.
func TestImpossibleNeverMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(Providers).Draw(t, "provider")
		if len(p.Examples) == 0 {
			return
		}
		sub := rapid.SampledFrom(p.Examples).Draw(t, "example").Sub
		pattern := []byte(sub)
		for range rapid.IntRange(0, 3).Draw(t, "wildcards") {
			from := rapid.IntRange(0, len(pattern)).Draw(t, "from")
			to := rapid.IntRange(from, len(pattern)).Draw(t, "to")
			pattern = slices.Replace(pattern, from, to, '*')
		}
		if value := string(pattern); policy.Like(value, sub) && !strings.Contains(value, "${") && p.Impossible(value) {
			t.Fatalf("%s: %q is impossible although %q matches", p.ID, value, sub)
		}
	})
}
