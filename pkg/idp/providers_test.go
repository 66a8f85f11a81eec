package idp

import (
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// TestExamples runs the examples of the literals: host and subject lead to
// the provider, and the subject comes apart as the example says.
func TestExamples(t *testing.T) {
	for _, p := range Providers {
		for _, e := range p.Examples {
			t.Run(p.ID+"/"+e.Sub, func(t *testing.T) {
				if got := FindFor(e.Host, e.Sub); got != p {
					t.Errorf("FindFor(%q, %q) = %s, want %s", e.Host, e.Sub, got.ID, p.ID)
				}
				if got := named(p.Parse(e.Sub).Parts); !slices.Equal(got, e.Parts) {
					t.Errorf("Parse(%q)\n got %q\nwant %q", e.Sub, got, e.Parts)
				}
			})
		}
	}
}

func named(parts []Part) []string {
	var out []string
	for _, part := range parts {
		out = append(out, part.Name+"="+part.Value)
	}
	return out
}

// TestProvidersAreComplete holds every literal to what readers of Provider
// rely on.
func TestProvidersAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Providers {
		if p.ID == "" || p.Name == "" || seen[p.ID] {
			t.Errorf("provider %q: ID and Name must be there and the ID must be unique", p.ID)
		}
		seen[p.ID] = true
		if !strings.HasPrefix(p.Docs, "https://") || !strings.HasPrefix(p.Issuer, "https://") {
			t.Errorf("%s: Docs %q and Issuer %q must be addresses", p.ID, p.Docs, p.Issuer)
		}
		if len(p.Examples) == 0 && p != githubLike {
			t.Errorf("%s: no example", p.ID)
		}
		for _, claim := range p.Claims {
			if containsFold(p.NotKeys, claim.Name) {
				t.Errorf("%s: %s is both a key and none", p.ID, claim.Name)
			}
		}
	}
	if Providers[len(Providers)-1] != unknown {
		t.Error("the fallback must stand last")
	}
}

// TestShapesAreFound makes sure that no shape is hidden by one before it.
func TestShapesAreFound(t *testing.T) {
	for _, p := range Providers {
		for i := range p.Subjects {
			sub := filled(p.Subjects[i])
			s := p.Parse(sub)
			if s.Shape != &p.Subjects[i] {
				t.Errorf("%s: %q is taken for %v, not for %q", p.ID, sub, s.Shape, p.Subjects[i].Name)
			}
		}
	}
}

// filled writes a subject of a shape with the name of each hole for its
// value; a customised one gets a further component.
func filled(sh Shape) string {
	list := ""
	if strings.HasSuffix(sh.Name, "customised") {
		list = ":workflow:w"
	}
	return strings.NewReplacer("{...}", list, "{context}", "pull_request", "{", "", "+}", "", "*}", "", "?}", "", "~}", "", "}", "").Replace(sh.Template)
}

func TestFind(t *testing.T) {
	for _, tt := range []struct{ host, want string }{
		{"token.actions.githubusercontent.com", "github"},
		{"Token.Actions.GitHubUserContent.com", "github"},
		{"vstoken.actions.githubusercontent.com", "github"},
		{"token.actions.githubusercontent.com/octo", "github-enterprise-issuer"},
		{"token.actions.githubusercontent.com/octo/more", "unknown"},
		{"token.actions.githubusercontent.com/", "unknown"},
		{"tokens.actions.githubusercontent.com", "unknown"},
		{"token.actions.va.ghe.com", "ghe.com"},
		{"token.actions.a.b.ghe.com", "unknown"},
		{"ghes.acme.example/_services/token", "ghes"},
		{"oidc.eks.us-east-1.amazonaws.com/id/ABC", "eks"},
		{"oidc.eks.us-east-1.amazonaws.com", "unknown"},
		{"oidc.eks.x.s3.amazonaws.com/id/ABC", "kops"},
		{"oidc.eks.cn-north-1.amazonaws.com.cn/id/ABC", "eks"},
		{"bucket.with.dots.s3.eu-west-1.amazonaws.com", "kops"},
		{"s3.eu-west-1.amazonaws.com", "unknown"},
		{"gitlab.com", "gitlab"},
		{"gitlab.com.evil.example", "gitlab-self-managed"},
		{"gitlab.acme.co.uk", "gitlab-self-managed"},
		{"notgitlab.com", "unknown"},
		{"oidc.circleci.com/org/1", "circleci"},
		{"oidc.circleci.com", "circleci-root-issuer"},
		{"oidc.vercel.com", "vercel"},
		{"oidc.vercel.com/acme", "vercel-team"},
		{"login.microsoftonline.com/t/v2.0", "entra"},
		{"sts.windows.net/t/", "entra-v1"},
		{"cognito-identity-us-gov.amazonaws.com", "cognito"},
		{"cognito-identity.us-gov-east-1.amazonaws.com", "cognito"},
		{"tenant.auth0.com/", "auth0"},
		{"evilauth0.com/", "unknown"},
		{"sso.example.org/realms/r", "keycloak"},
		{"api.pulumi.com/oidc", "pulumi"},
		{"", "unknown"},
		{"/", "unknown"},
		{"...", "unknown"},
	} {
		if got := Find(tt.host); got.ID != tt.want {
			t.Errorf("Find(%q) = %s, want %s", tt.host, got.ID, tt.want)
		}
	}
}

func TestFindFor(t *testing.T) {
	for _, tt := range []struct{ host, sub, want string }{
		{"k8s.example.org", "system:serviceaccount:a:b", "kubernetes"},
		{"k8s.example.org", "system:serviceaccounts:a", "kubernetes"},
		{"git.example.org", "project_path:a/b:ref_type:branch:ref:main", "gitlab-self-managed"},
		{"tf.example.org", "organization:o:project:p:workspace:w:run_phase:plan", "terraform-enterprise"},
		{"tf.example.org", "organization:o:workspace:w", "terrakube"},
		{"code.example.org", "repo:a/b:ref:refs/heads/main", "github-like"},
		{"x.example.org", "sc://o/p/c", "azure-devops"},
		{"x.example.org", "u::p::f::w", "windmill"},
		{"x.example.org", "who knows", "unknown"},
		{"gitlab.com", "system:serviceaccount:a:b", "gitlab"}, // a known host wins over the form
	} {
		if got := FindFor(tt.host, tt.sub); got.ID != tt.want {
			t.Errorf("FindFor(%q, %q) = %s, want %s", tt.host, tt.sub, got.ID, tt.want)
		}
	}
}

func TestOpenness(t *testing.T) {
	for host, want := range map[string]policy.Result{
		"token.actions.githubusercontent.com":      policy.Yes,
		"token.actions.githubusercontent.com/octo": policy.No,
		"token.actions.va.ghe.com":                 policy.No,
		"ghes.acme.example/_services/token":        policy.No,
		"gitlab.com":                               policy.Yes,
		"gitlab.acme.example":                      policy.No,
		"app.terraform.io":                         policy.Yes,
		"agent.buildkite.com":                      policy.Yes,
		"oidc.circleci.com/org/1":                  policy.No,
		"oidc.circleci.com":                        policy.Yes,
		"api.bitbucket.org/2.0/workspaces/a/pipelines-config/identity/oidc": policy.No,
		"accounts.google.com":                     policy.Yes,
		"oidc.vercel.com":                         policy.Yes,
		"oidc.vercel.com/acme":                    policy.No,
		"oidc.eks.us-east-1.amazonaws.com/id/ABC": policy.No,
		"cognito-identity.amazonaws.com":          policy.Unknown,
		"oidc.codefresh.io":                       policy.Yes,
		"somewhere.example":                       policy.Unknown,
	} {
		if got := Find(host).Open; got != want {
			t.Errorf("Find(%q).Open = %d, want %d", host, got, want)
		}
	}
}
