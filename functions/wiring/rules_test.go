package wiring

import (
	"errors"
	"strings"
	"testing"
)

func TestRules(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		err         error
		rules       int
		want        string // of the error
	}{
		{"two", `[{"role":"a","until":"2999-01-01"},{"cause":"subject-mismatch","until":"2999-01-01"}]`, nil, 2, ""},
		{"an empty list", `[]`, nil, 0, ""},
		{"nothing", " \n", nil, 0, ""},
		{"faulty", `[{"role":"a"}]`, nil, 0, "rules in parameter /rules: "},
		{"refused", `[]`, errors.New("refused"), 0, "get parameter /rules: refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := rules{&parameter{client: &fakeSSM{value: tt.value, err: tt.err}, name: "/rules"}}
			got, err := r.read(t.Context())
			if len(got) != tt.rules || (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%d rules, %v", len(got), err)
			}
		})
	}
}
