package diagnose

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestNewStatement(t *testing.T) {
	for _, test := range []struct {
		name string
		s    newStatement
		want string
	}{
		{
			"no condition",
			newStatement{Principal: "p", Actions: []string{"a"}},
			`{"Effect":"Allow","Principal":{"Federated":"p"},"Action":"a"}`,
		},
		{
			"several actions",
			newStatement{Principal: "p", Actions: []string{"a", "b"}},
			`{"Effect":"Allow","Principal":{"Federated":"p"},"Action":["a","b"]}`,
		},
		{
			"conditions are grouped by operator",
			newStatement{Principal: "p", Actions: []string{"a"}, Conditions: []condition{{"StringEquals", "k", []string{"1"}}, {"StringLike", "l", []string{"2", "3"}}, {"StringEquals", "m", []string{"4"}}}},
			`{"Effect":"Allow","Principal":{"Federated":"p"},"Action":"a","Condition":{"StringEquals":{"k":"1","m":"4"},"StringLike":{"l":["2","3"]}}}`,
		},
		{
			"hostile text stays text",
			newStatement{Principal: `"},{`, Actions: []string{"<a>"}},
			`{"Effect":"Allow","Principal":{"Federated":"\"},{"},"Action":"<a>"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.s.json(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestExactStatement: it admits the call with all the actions it needs, and no
// other subject or audience.
func TestExactStatement(t *testing.T) {
	ev := deniedAt(githubHost, "repo:acme/api:environment:${x}*")
	ev.PrincipalTags = []cloudtrail.Tag{{Key: "team", Value: "core"}}
	c := newCase(ev, Options{})
	d, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":[` + c.exactStatement().json() + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := verdict(d, c.call, c.needs()); got != policy.Allowed {
		t.Errorf("the call is %s", got)
	}
	for _, sub := range []string{"repo:acme/api:environment:", "repo:acme/api:environment:${x}y", "repo:acme/api:environment:*"} {
		if got := verdict(d, newCall(c, sub), c.needs()); got != policy.ImplicitlyDenied {
			t.Errorf("%s is %s", sub, got)
		}
	}
	ev.Audience = "other"
	if got := verdict(d, newCall(c, ev.Subject), c.needs()); got != policy.ImplicitlyDenied {
		t.Errorf("another audience is %s", got)
	}
	ev.HasAudience = false
	if s := c.exactStatement(); len(s.Conditions) != 1 {
		t.Errorf("an audience that is not known is tested: %+v", s.Conditions)
	}
}
