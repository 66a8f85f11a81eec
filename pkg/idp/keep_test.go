package idp

import "testing"

func TestKeep(t *testing.T) {
	const (
		space = "space:production-01K4T7Y2MZQ8N5R0VXB3CDEFGH:stack:network:run_type:TRACKED:scope:write"
		build = "organization:o:pipeline:p:ref:refs/heads/main:commit:abc:step:deploy"
	)
	for _, tt := range []struct{ name, host, value, sub, want string }{
		{"scope", "a.app.spacelift.io", "space:production:stack:network:run_type:TRACKED:scope:*", space, space[:len(space)-len("write")] + "*"},
		{"run type and scope", "a.app.spacelift.io", "space:production:stack:network:*", space, "space:production-01K4T7Y2MZQ8N5R0VXB3CDEFGH:stack:network:*"},
		{"named tail", "a.app.spacelift.io", "space:production:stack:network:run_type:*", space, "space:production-01K4T7Y2MZQ8N5R0VXB3CDEFGH:stack:network:run_type:*"},
		{"not the stack", "a.app.spacelift.io", "space:production:*", space, ""},
		{"not a stack of its own", "a.app.spacelift.io", "space:production:stack:*:run_type:TRACKED:scope:read", space, ""},
		{"user and flow", "w.acme.com/api/oidc/", "*::f/accounting/close::*::acme", "al@acme.com::f/finance/close::::acme", "*::f/finance/close::*::acme"},
		{"not the script", "w.acme.com/api/oidc/", "al@acme.com::*::::acme", "bo@acme.com::f/finance/close::::acme", ""},
		{"phase", "app.terraform.io", "organization:o:workspace:w:run_phase:*", "organization:o:project:p:workspace:w:run_phase:plan", "organization:o:project:p:workspace:w:run_phase:*"},
		{"phase with its name", "app.terraform.io", "organization:o:project:q:workspace:w:*", "organization:o:project:p:workspace:w:run_phase:plan", "organization:o:project:p:workspace:w:*"},
		{"not the workspace", "app.terraform.io", "organization:o:project:q:workspace:*:run_phase:plan", "organization:o:project:p:workspace:w:run_phase:plan", ""},
		{"not the project", "app.terraform.io", "organization:o:project:*:workspace:v:run_phase:*", "organization:o:project:p:workspace:w:run_phase:plan", "organization:o:project:p:workspace:w:run_phase:*"},
		{"operation", "api.pulumi.com/oidc", "pulumi:deploy:org:o:project:p:stack:dev:operation:*:scope:write", "pulumi:deploy:org:o:project:p:stack:prod:operation:update:scope:write", "pulumi:deploy:org:o:project:p:stack:prod:operation:*:scope:write"},
		{"commit and step", "agent.buildkite.com", "organization:o:pipeline:p:ref:refs/heads/dev:*", build, "organization:o:pipeline:p:ref:refs/heads/main:*"},
		{"commit", "agent.buildkite.com", "organization:o:pipeline:q:ref:refs/heads/main:commit:*:step:deploy", build, "organization:o:pipeline:p:ref:refs/heads/main:commit:*:step:deploy"},
		{"not the branch", "agent.buildkite.com", "organization:o:pipeline:q:ref:*", build, ""},
		{"user", "oidc.circleci.com/org/o1", "org/o1/project/p1/*", "org/o1/project/p2/user/u1", "org/o1/project/p2/*"},
		{"tag for branches", hostGitHub, "repo:o/r:ref:refs/heads/*", "repo:o/r:ref:refs/tags/v1", "repo:o/r:ref:refs/tags/*"},
		{"tag with ids and capitals", hostGitHub, "repo:O/r:ref:refs/heads/*", "repo:o@1/r@2:ref:refs/tags/v1", "repo:o@1/r@2:ref:refs/tags/*"},
		{"not the tag of another repository", hostGitHub, "repo:o/s:ref:refs/heads/*", "repo:o/r:ref:refs/tags/v1", ""},
		{"not the tag for some branches", hostGitHub, "repo:o/r:ref:refs/heads/v*", "repo:o/r:ref:refs/tags/v1", ""},
		{"not the branch of GitHub", hostGitHub, "repo:o/s:ref:refs/heads/*", "repo:o/r:ref:refs/heads/main", ""},
		{"not the environment", hostGitHub, "repo:o/s:environment:*", "repo:o/r:environment:prod", ""},
		{"not the ref of a merge request", "gitlab.com", "project_path:g/p:ref_type:mr:ref:*", "project_path:g/p:ref_type:branch:ref:main", ""},
		{"not the namespace", hostEKS, "system:serviceaccount:*:app", "system:serviceaccount:ns:web", ""},
		{"half a part", "app.terraform.io", "organization:o:project:q:workspace:w:run_phase:pl*", "organization:o:project:p:workspace:w:run_phase:plan", ""},
		{"no wildcard", "app.terraform.io", "organization:o:workspace:w:run_phase:plan", "organization:o:project:p:workspace:w:run_phase:plan", ""},
		{"a star of the subject's own", "app.terraform.io", "organization:o:workspace:w:run_phase:*", "organization:o:project:*:workspace:w:run_phase:plan", ""},
		{"another form", "app.terraform.io", "organization:o:workspace:w:run_phase:*", "something else", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Find(tt.host).Keep(tt.value, tt.sub)
			if !ok {
				got = ""
			}
			if got != tt.want {
				t.Errorf("Keep(%q, %q) = %q, want %q", tt.value, tt.sub, got, tt.want)
			}
		})
	}
}

func TestRunDetail(t *testing.T) {
	const phase = "organization:o:project:p:workspace:w:run_phase:"
	for _, tt := range []struct {
		name, host, sub, other string
		want                   bool
	}{
		{"phase", "app.terraform.io", phase + "plan", phase + "apply", true},
		{"equal", "app.terraform.io", phase + "plan", phase + "plan", false},
		{"workspace", "app.terraform.io", phase + "plan", "organization:o:project:p:workspace:x:run_phase:plan", false},
		{"another form", "app.terraform.io", phase + "plan", "organization:o:workspace:w:run_phase:plan", false},
		{"tag", hostGitHub, "repo:o/r:ref:refs/tags/v1", "repo:o/r:ref:refs/tags/intruder", true},
		{"tag of another", hostGitHub, "repo:o/r:ref:refs/tags/v1", "repo:x/r:ref:refs/tags/v1", false},
		{"tag and branch", hostGitHub, "repo:o/r:ref:refs/tags/v1", "repo:o/r:ref:refs/heads/v1", false},
		{"branch", hostGitHub, "repo:o/r:ref:refs/heads/a", "repo:o/r:ref:refs/heads/b", false},
		{"another key behind", hostGitHub, "repo:o/r:pull_request:workflow:a", "repo:o/r:pull_request:actor:a", false},
		{"no form", "somewhere.example", "a", "b", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Find(tt.host).RunDetail(tt.sub, tt.other); got != tt.want {
				t.Errorf("RunDetail(%q, %q) = %v", tt.sub, tt.other, got)
			}
		})
	}
}
