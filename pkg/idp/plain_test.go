package idp_test

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/idp"
)

func TestPlainForm(t *testing.T) {
	for _, test := range []struct{ template, want string }{
		{"system:serviceaccount:{namespace}:{service-account}", "system:serviceaccount:NAMESPACE:SERVICE-ACCOUNT"},
		{"repo:{owner}/{repository}:{context}{...}", "repo:OWNER/REPOSITORY:CONTEXT"},
		{"{identity+}", "IDENTITY"},
	} {
		if got := (&idp.Shape{Template: test.template}).Plain(); got != test.want {
			t.Errorf("%s is told as %s, want %s", test.template, got, test.want)
		}
	}
}

func TestDisjointPatterns(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"repo:acme/*", "*:environment:prod", false},
		{"repo:acme/*", "repo:globex/*", true},
		{"repo:acme/api:*", "repo:acme/web:ref:refs/heads/main", true},
		{"a?c", "a*c", false},
		{"abc", "abc", false},
		{"", "*", false},
	} {
		if got := idp.Disjoint(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: %v", test.a, test.b, got)
		}
	}
}
