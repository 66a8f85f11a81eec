package idp

import "testing"

func TestOwner(t *testing.T) {
	for _, tt := range []struct {
		host, sub string
		want      Owner
		ok        bool
	}{
		{hostGitHub, "repo:octo/site:pull_request", Owner{Name: "octo", Repository: "site"}, true},
		{hostGitHub, "repo:octo@1/site@2:environment:prod", Owner{"octo", "1", "site", "2"}, true},
		{hostGitHub, "repository_owner:octo:environment:prod", Owner{Name: "octo"}, true},
		{hostGitHub, "repository_owner_id:77:ref:refs/heads/main", Owner{ID: "77"}, true},
		{hostGitHub, "job_workflow_ref:octo/site/.github/workflows/x.yml@refs/heads/main", Owner{}, false},
		{hostGitHub, "repository:octo/site:environment:prod", Owner{Name: "octo", Repository: "site"}, true},
		{hostGitHub, "environment:prod", Owner{}, false},
		{"gitlab.com", "project_path:g/sub/p:ref_type:branch:ref:main", Owner{Name: "g", Repository: "sub/p"}, true},
		{"gitlab.com", "project_path:g/p:ref_type:branch:ref:main", Owner{Name: "g", Repository: "p"}, true},
		{"app.terraform.io", "organization:o:project:p:workspace:w:run_phase:plan", Owner{Name: "o", Repository: "w"}, true},
		{"agent.buildkite.com", "organization:o:pipeline:p:ref::commit::step:", Owner{Name: "o", Repository: "p"}, true},
		{"oidc.vercel.com", "owner:acme:project:web:environment:preview", Owner{Name: "acme", Repository: "web"}, true},
		{hostEKS, "system:serviceaccount:a:b", Owner{}, false},
		{"somewhere.example", "owner:acme", Owner{}, false},
	} {
		got, ok := Find(tt.host).Owner(tt.sub)
		if got != tt.want || ok != tt.ok {
			t.Errorf("Owner(%q) = %+v, %v, want %+v, %v", tt.sub, got, ok, tt.want, tt.ok)
		}
	}
}

func TestUserIsNoOwner(t *testing.T) {
	for _, host := range []string{"graph.facebook.com", "www.amazon.com"} {
		p := Find(host)
		if owner, ok := p.Owner(p.Examples[0].Sub); ok {
			t.Errorf("%s: the user is the owner %+v", host, owner)
		}
		if owner, ok := p.OwnerOfPattern(p.Examples[0].Aud); ok {
			t.Errorf("%s: the application names the owner %+v", host, owner)
		}
	}
}

func TestRepositoryWord(t *testing.T) {
	for host, want := range map[string]string{
		hostGitHub: "repository", "gitlab.com": "project", "app.terraform.io": "workspace", "agent.buildkite.com": "pipeline",
		"oidc.vercel.com": "project", "acme.app.spacelift.io": "stack", "oidc.fly.io/acme": "app", hostEKS: "",
	} {
		if got := Find(host).RepositoryWord(); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestOwnerOfPattern(t *testing.T) {
	for _, tt := range []struct {
		host, pattern string
		want          Owner
		ok            bool
	}{
		{hostGitHub, "repo:octo/*", Owner{Name: "octo"}, true},
		{hostGitHub, "repo:octo/site:*", Owner{Name: "octo", Repository: "site"}, true},
		{hostGitHub, "repo:octo/site", Owner{Name: "octo", Repository: "site"}, true},
		{hostGitHub, "repo:octo@1/*", Owner{Name: "octo", ID: "1"}, true},
		{hostGitHub, "repo:octo@*/site@*:*", Owner{Name: "octo", Repository: "site"}, true},
		{hostGitHub, "repo:octo@1/site@2:environment:*", Owner{"octo", "1", "site", "2"}, true},
		{hostGitHub, "repo:octo*/site:*", Owner{}, false},
		{hostGitHub, "repo:oct?/site:*", Owner{}, false},
		{hostGitHub, "repo:octo*", Owner{}, false},
		{hostGitHub, "repo:octo:x/y", Owner{}, false},
		{hostGitHub, "repo:*/site:*", Owner{}, false},
		{hostGitHub, "*", Owner{}, false},
		{hostGitHub, "*:octo/site", Owner{}, false},
		{hostGitHub, "repository_owner:octo:*", Owner{Name: "octo"}, true},
		{hostGitHub, "repository_owner:octo*", Owner{}, false},
		{"gitlab.com", "project_path:g/*", Owner{Name: "g"}, true},
		{"gitlab.com", "project_path:g/sub/*:ref_type:branch:ref:main", Owner{Name: "g"}, true},
		{"gitlab.com", "project_path:g*/p:ref_type:branch:ref:main", Owner{}, false},
		{"gitlab.com", "project_path:*", Owner{}, false},
		{"app.terraform.io", "organization:o:*", Owner{Name: "o"}, true},
		{"app.terraform.io", "organization:o*:project:p:workspace:w:run_phase:*", Owner{}, false},
		{"app.terraform.io", "organization:o:project:*:workspace:w:run_phase:*", Owner{Name: "o", Repository: "w"}, true},
		{"app.terraform.io", "organization:o", Owner{Name: "o"}, true},
		{"agent.buildkite.com", "organization:o:pipeline:p:*", Owner{Name: "o", Repository: "p"}, true},
		{"oidc.vercel.com", "owner:acme:project:*:environment:production", Owner{Name: "acme"}, true},
		{hostEKS, "system:serviceaccount:a:*", Owner{}, false},
	} {
		got, ok := Find(tt.host).OwnerOfPattern(tt.pattern)
		if got != tt.want || ok != tt.ok {
			t.Errorf("OwnerOfPattern(%q) = %+v, %v, want %+v, %v", tt.pattern, got, ok, tt.want, tt.ok)
		}
	}
}
