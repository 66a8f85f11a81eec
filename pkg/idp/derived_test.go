package idp

import (
	"strings"
	"testing"
)

// TestDerived compares what has a claim, as claim=value; parts for display
// alone are the business of Parse.
func TestDerived(t *testing.T) {
	for _, tt := range []struct{ host, sub, want string }{
		{hostGitHub, "repo:o/r:ref:refs/heads/main", "ref=refs/heads/main repository=o/r"},
		{hostGitHub, "repo:o/r:ref:refs/tags/v1", "ref=refs/tags/v1 repository=o/r"},
		{hostGitHub, "repo:o/r:ref:refs/pull/3/merge", "ref=refs/pull/3/merge repository=o/r"},
		{hostGitHub, "repo:o/r:environment:a%3Ab", "environment=a:b repository=o/r"},
		{hostGitHub, "repo:o/r:pull_request", "repository=o/r"},
		{hostGitHub, "repo:o@1/r@2:environment:prod", "repository_owner_id=1 repository_id=2 environment=prod repository=o/r"},
		{hostGitHub, "repo:o/r:ref:refs/heads/main:actor:mona:workflow:W", "actor=mona workflow=W ref=refs/heads/main repository=o/r"},
		{hostGitHub, "repo:o/r:pull_request:event_name:push", "repository=o/r"},
		{hostGitHub, "repository_owner:o:environment:prod", "environment=prod"},
		{"gitlab.com", "project_path:g/p:ref_type:branch:ref:main", ""},
		{"gitlab.com", "project_path:g/p:ref_protected:true", "ref_protected=true"},
		{"agent.buildkite.com", "organization:o:pipeline:p:ref:refs/heads/main:commit:c:step:s", "organization_slug=o pipeline_slug=p build_branch=main"},
		{"oidc.circleci.com/org/1", "org/1/project/2/user/3", "oidc.circleci.com/project-id=2"},
		{"app.terraform.io", "organization:o:workspace:w:run_phase:plan", ""},
		{hostEKS, "system:serviceaccount:a:b", ""},
	} {
		var got []string
		for _, d := range Find(tt.host).Derived(tt.sub) {
			if d.Name == "" {
				t.Errorf("%q: a derived value without name", tt.sub)
			}
			if d.Claim != "" {
				got = append(got, d.Claim+"="+d.Value)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("Derived(%q)\n got %s\nwant %s", tt.sub, strings.Join(got, " "), tt.want)
		}
	}
}
