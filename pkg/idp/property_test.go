package idp

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// text draws subjects that come near the forms of providers.
func text() *rapid.Generator[string] {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{
			"repo", "system", "serviceaccount", "organization", "workspace", "project_path", "ref_type", "ref", "refs/heads/main",
			"environment", "pull_request", "o@1", "a/b", "x-12345678", "*", "?", "{u}", "", " ", "run_phase", "plan", "sc", "//o/p/c",
		}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 9).Draw(t, "words"), rapid.SampledFrom([]string{":", ":", ":", "/", "::", "|"}).Draw(t, "separator"))
	})
}

// checkProvider holds all that is computed from a subject to what readers
// rely on.
func checkProvider(t interface {
	Errorf(format string, args ...any)
}, p *Provider, want, sub string,
) {
	at := 0
	for _, part := range p.Parse(sub).Parts {
		if part.Start < at || part.End < part.Start || sub[part.Start:part.End] != part.Value || part.Name == "" {
			t.Errorf("%s: Parse(%q): part %+v", p.ID, sub, part)
		}
		at = part.End
	}
	if slices.Contains(p.Neighbours(sub), sub) {
		t.Errorf("%s: %q is its own neighbour", p.ID, sub)
	}
	if pattern, _, ok := p.Pattern(sub); ok && !policy.Like(pattern, sub) {
		t.Errorf("%s: %q does not match its pattern %q", p.ID, sub, pattern)
	}
	if stable := p.Stable(sub); !strings.ContainsAny(sub, "*?") && !policy.Like(stable, sub) {
		t.Errorf("%s: %q does not match its stable form %q", p.ID, sub, stable)
	}
	for _, pattern := range []bool{false, true} {
		equal := want == sub || pattern && policy.Like(want, sub)
		if hints := p.Compare(want, sub, pattern); (len(hints) == 0) != equal {
			t.Errorf("%s: Compare(%q, %q, %v) = %v", p.ID, want, sub, pattern, hints)
		}
	}
	if owner, ok := p.OwnerOfPattern(want); ok && strings.ContainsAny(owner.Name, "*?") {
		t.Errorf("%s: OwnerOfPattern(%q) = %+v", p.ID, want, owner)
	}
	if kept, ok := p.Keep(want, sub); ok && !policy.Like(kept, sub) {
		t.Errorf("%s: Keep(%q, %q) = %q does not match", p.ID, want, sub, kept)
	}
	if p.RunDetail(sub, want) != p.RunDetail(want, sub) {
		t.Errorf("%s: RunDetail(%q, %q) depends on the order", p.ID, want, sub)
	}
	p.Impossible(want)
	p.Owner(sub)
	p.Derived(sub)
	p.AudienceHint(want, sub, "aws")
	p.Offers(sub, time.Time{})
}

func TestAnySubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(Providers).Draw(t, "provider")
		checkProvider(t, p, text().Draw(t, "want"), text().Draw(t, "sub"))
	})
}

// TestOwnerOfItsOwnPattern: a subject under its own text as a pattern has the
// same owner.
func TestOwnerOfItsOwnPattern(t *testing.T) {
	for _, s := range subjects() {
		p := FindFor(s.host, s.sub)
		owner, ok := p.Owner(s.sub)
		if !ok || strings.HasPrefix(s.sub, "repository_owner:") {
			continue
		}
		got, ok := p.OwnerOfPattern(s.sub)
		if !ok || got.Name != owner.Name || got.ID != owner.ID {
			t.Errorf("%s: OwnerOfPattern(%q) = %+v, %v, want %+v", p.ID, s.sub, got, ok, owner)
		}
	}
}

// TestIntersects compares with matching: a text without wildcards meets a
// pattern exactly when it matches.
func TestIntersects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab:*?]{0,8}`).Draw(t, "pattern")
		s := rapid.StringMatching(`[ab:]{0,8}`).Draw(t, "text")
		if got := intersects(pattern, s); got != policy.Like(pattern, s) {
			t.Fatalf("intersects(%q, %q) = %v", pattern, s, got)
		}
		if intersects(pattern, s) != intersects(s, pattern) {
			t.Fatalf("intersects(%q, %q) is not symmetric", pattern, s)
		}
	})
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"a*", "*b", true},
		{"a*c", "b*c", false},
		{"a:\x01:c", "a:x:y:c", false},
		{"a:\x01:c", "a:xy:c", true},
		{"a:\x01:c", "a:*:c", true},
		{"a:\x01", "a:?", true},
		{"\x01", ":", false},
		{"\x01", "?", true},
	} {
		if got := intersects(tt.a, tt.b); got != tt.want {
			t.Errorf("intersects(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

func FuzzSubject(f *testing.F) {
	for _, s := range subjects() {
		f.Add(s.host, s.sub, s.sub+"x")
	}
	f.Add(hostEKS, "system:serviceaccount:a:b", "system:serviceaccount:${aws:RequestTag/ns}:${x}")
	f.Fuzz(func(t *testing.T, host, sub, want string) {
		if len(sub) > 300 || len(want) > 300 {
			return
		}
		checkProvider(t, FindFor(host, sub), want, sub)
		for _, p := range []*Provider{github, eks, gitlab, terraform, buildkite, windmill, unknown} {
			checkProvider(t, p, want, sub)
		}
		HostHints(want, host)
		Quote(sub)
		GeneratedTail(sub)
	})
}

func BenchmarkNeighbours(b *testing.B) {
	for _, s := range []struct{ name, host, sub string }{
		{"github", hostGitHub, "repo:octo@1/site@2:ref:refs/heads/main"},
		{"eks", hostEKS, "system:serviceaccount:kube-system:provider-aws-6b36ca882d8e"},
		{"terraform", "app.terraform.io", "organization:o:project:Default Project:workspace:w:run_phase:plan"},
		{"unknown", hostUnknown, "team:a:app:b"},
	} {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p := Find(s.host)
				p.Parse(s.sub)
				p.Neighbours(s.sub)
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		github.Compare("repo:octo/site:ref:refs/heads/main", "repo:octo@1/site@2:environment:prod", false)
	}
}

func BenchmarkComparePattern(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		terraform.Compare("organization:o:project:*:workspace:v:run_phase:apply", "organization:o:project:Default Project:workspace:w:run_phase:plan", true)
	}
}
