package idp

import (
	"slices"
	"strings"
	"testing"
)

func TestShapeMatch(t *testing.T) {
	for _, tt := range []struct {
		template, sub string
		parts         []string
		ok            bool
	}{
		{"a:{x}:b:{y}", "a:1:b:2", []string{"x=1", "y=2"}, true},
		{"a:{x}:b:{y}", "a:1:b:", []string{"x=1"}, false},
		{"a:{x}:b:{y?}", "a:1:b:", []string{"x=1", "y="}, true},
		{"a:{x}", "a:1:2", []string{"x=1"}, false},
		{"a:{x}", "a:1/2", []string{"x=1"}, false},
		{"a:{x+}", "a:1/2", []string{"x=1/2"}, true},
		{"a:{x+}", "a:1:2", []string{"x=1"}, false},
		{"a:{x*}", "a:1:2/3", []string{"x=1:2/3"}, true},
		{"a:{x*}", "a:", []string{"x="}, true},
		{"{x}@{y}/{z}", "o@1/r", []string{"x=o", "y=1", "z=r"}, true},
		{"{group+}/{project}:t", "a/b/c:t", []string{"group=a/b", "project=c"}, true},
		{"{group+}/{project}:t", "c:t", nil, false},
		{"{x*}/mid/{y*}", "a/b/mid/c/mid/d", []string{"x=a/b", "y=c/mid/d"}, true},
		{"{u+}::{p~}::{f~}::{w+}", "u::::::w", []string{"u=u", "p=", "f=", "w=w"}, true},
		{"r:{x}{...}", "r:1", []string{"x=1"}, true},
		{"r:{x}{...}", "r:1:k:v:pull_request:k_2:w", []string{"x=1", "k=v", "context=pull_request", "k-2=w"}, true},
		{"r:{x}{...}", "r:1:k", []string{"x=1"}, false},
		{"r:{x}{...}", "r:1:", []string{"x=1"}, false},
		{"r:{x}{...}", "r:1::v", []string{"x=1"}, false},
		{"r:{x}{...}", "r:1/2", []string{"x=1"}, false},
		{"a:b", "a:b", nil, true},
		{"a:b", "a:bc", nil, false},
		{"a:b", "", nil, false},
	} {
		shape := Shape{Template: tt.template}
		parts, ok := shape.match(tt.sub, nil)
		if got := named(parts); ok != tt.ok || !slices.Equal(got, tt.parts) {
			t.Errorf("%q on %q: %q, %v, want %q, %v", tt.template, tt.sub, got, ok, tt.parts, tt.ok)
		}
	}
}

func TestParseOfUnknownForms(t *testing.T) {
	for _, tt := range []struct{ sub, want string }{
		{"user:alice@acme.com", "user=alice@acme.com"},
		{"team_id:7:app:web", "team-id=7 app=web"},
		{"us-east-1:d2afc870", "part-1=us-east-1 part-2=d2afc870"}, // a region is no key
		{"a:b:c", "part-1=a part-2=b part-3=c"},
		{"u::f/x::::w", "part-1=u part-2=f/x part-4=w"},
		{"ad|LDAP|jdoe", "part-1=ad part-2=LDAP part-3=jdoe"},
		{"a/b", "part-1=a part-2=b"},
		{"https://ci/job", "subject=https://ci/job"},
		{"12:34", "part-1=12 part-2=34"},
		{"one", "subject=one"},
		{"", "subject="},
	} {
		if got := strings.Join(named(unknown.Parse(tt.sub).Parts), " "); got != tt.want {
			t.Errorf("Parse(%q) = %s, want %s", tt.sub, got, tt.want)
		}
	}
}

func TestSubjectValue(t *testing.T) {
	s := github.Parse("repo:o/r:environment:prod")
	if s.Value("environment") != "prod" || s.Value("branch") != "" {
		t.Errorf("values of %+v", s)
	}
	if part, ok := s.Part("repository"); !ok || part.Label != "repository" || part.Start != 7 || part.End != 8 {
		t.Errorf("part %+v, %v", part, ok)
	}
	account := eks.Parse("system:serviceaccount:a:b").Parts[1]
	if account.Label != "service account" {
		t.Errorf("label %q", account.Label)
	}
}

func TestHostPattern(t *testing.T) {
	for _, tt := range []struct {
		name, path, host string
		want             bool
	}{
		{"a.example", "", "a.example", true},
		{"a.example", "", "A.Example", true},
		{"a.example", "", "a.example/", false},
		{"a.example", "", "xa.example", false},
		{"a.example", "", "x.a.example", false},
		{"*.example", "", "a.example", true},
		{"*.example", "", "a.b.example", false},
		{"*.example", "", "example", false},
		{"**.example", "", "a.b.example", true},
		{"**.example", "", "example", false},
		{"s3-*.example", "", "s3-eu.example", true},
		{"s3-*.example", "", "s3-.example", false},
		{"a.example", "*", "a.example/any/thing", true},
		{"a.example", "*", "a.example", true},
		{"a.example", "/id/*", "a.example/id/X", true},
		{"a.example", "/id/*", "a.example/id/", false},
		{"a.example", "/id/*", "a.example/id/X/Y", false},
		{"a.example", "/**", "a.example/x/y", true},
		{"a.example", "/**", "a.example/", false},
		{"a.example", "/*/", "a.example/x/", true},
		{"a.example", "/*/", "a.example/x", false},
	} {
		h := hostPattern{tt.name, tt.path}
		if got := h.matches(cutHost(tt.host)); got != tt.want {
			t.Errorf("%v matches %q: %v, want %v", h, tt.host, got, tt.want)
		}
	}
}
