package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestNearMisses(t *testing.T) {
	const web, other = `"Action":"sts:AssumeRoleWithWebIdentity"`, `"Action":"sts:AssumeRole"`
	allow := func(provider, action, condition string) string {
		return `{"Effect":"Allow","Principal":{"Federated":"` + provider + `"},` + action + `,"Condition":` + condition + `}`
	}
	tests := []struct {
		name       string
		statements []string
		want       string // statement indexes
		distances  string
	}{
		{
			"fewest failures first",
			[]string{allow("p", web, `{"StringEquals":{"sub":"x","aud":"x"}}`), allow("p", web, `{"StringEquals":{"sub":"x"}}`), allow("p", web, `{}`)},
			"[2 1 0]", "[0 1 2]",
		},
		{
			"another caller and action is last",
			[]string{allow("q", other, `{}`), allow("p", web, `{"StringEquals":{"sub":"x","aud":"x","none":"x"}}`)},
			"[1 0]", "[3 2]",
		},
		{
			"the principal counts before the action, the action before conditions",
			[]string{allow("q", web, `{}`), allow("p", other, `{}`), allow("p", web, `{"StringEquals":{"sub":"x"}}`)},
			"[2 1 0]", "[1 1 1]",
		},
		{
			"the closest value",
			[]string{
				allow("p", web, `{"StringEquals":{"none":"x"}}`),
				allow("p", web, `{"StringLike":{"sub":"org:team:*"}}`),
				allow("p", web, `{"StringEquals":{"sub":["zzzzzzz","repo:mein"]}}`),
				allow("p", web, `{"StringEquals":{"sub":"repo:*"}}`),
			},
			"[3 2 1 0]", "[1 1 1 1]",
		},
		{
			"the order of the document",
			[]string{allow("p", web, `{"StringEquals":{"none":"x"}}`), allow("p", web, `{"StringNotEquals":{"sub":"repo:main"}}`)},
			"[0 1]", "[1 1]",
		},
		{
			"what is not known is no failure",
			[]string{allow("p", web, `{"StringEquals":{"sub":"x"}}`), allow("p", web, `{"StringEquals":{"hidden":"x"}}`)},
			"[1 0]", "[0 1]",
		},
		{
			"Deny is no miss",
			[]string{`{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*"}`, allow("p", web, `{}`)},
			"[1]", "[0]",
		},
	}
	r := requestWith(map[string]policy.Values{"sub": policy.Value("repo:main"), "aud": policy.Value("a"), "hidden": policy.HiddenValue})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			trace := policy.Evaluate(mustParse(t, `{"Statement":[`+strings.Join(test.statements, ",")+`]}`), r)
			var order, distances []int
			for _, s := range trace.NearMisses() {
				order = append(order, s.Index)
				distances = append(distances, s.Distance())
			}
			if fmt.Sprint(order) != test.want || fmt.Sprint(distances) != test.distances {
				t.Errorf("order %v with distances %v, want %s with %s", order, distances, test.want, test.distances)
			}
		})
	}
}

func TestDistance(t *testing.T) {
	deny := `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*"}`
	miss := `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:TagSession"}`
	allow := `{"Effect":"Allow","Principal":{"Federated":"q"},"Action":"sts:*"}`
	tests := []struct {
		statements string
		want       int
	}{
		{allow, 1},
		{allow + "," + deny + "," + miss + "," + deny, 3},
		{strings.Replace(allow, `"q"`, `"p"`, 1) + "," + allow, 0},
	}
	for _, test := range tests {
		if got := policy.Evaluate(mustParse(t, `{"Statement":[`+test.statements+`]}`), requestWith(nil)).Distance(); got != test.want {
			t.Errorf("%s: distance %d, want %d", test.statements, got, test.want)
		}
	}
	if got := policy.Evaluate(mustParse(t, `{"Statement":[]}`), requestWith(nil)).Distance(); got < 100 {
		t.Errorf("without any Allow the distance is %d", got)
	}
}
