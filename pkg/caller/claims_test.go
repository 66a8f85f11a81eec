package caller

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestAudience(t *testing.T) {
	for name, c := range map[string]struct {
		claims map[string]any
		want   string
		ok     bool
	}{
		"text":        {map[string]any{"aud": "a"}, "a", true},
		"list":        {map[string]any{"aud": []any{"a", "b"}}, "a", true},
		"azp first":   {map[string]any{"aud": "a", "azp": "z"}, "z", true},
		"azp empty":   {map[string]any{"aud": "a", "azp": ""}, "a", true},
		"no text":     {map[string]any{"aud": []any{json.Number("1")}}, "", false},
		"none":        {nil, "", false},
		"azp no text": {map[string]any{"aud": "a", "azp": true}, "a", true},
	} {
		if got, ok := Audience(c.claims); got != c.want || ok != c.ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}

func TestListOfClaims(t *testing.T) {
	e := of(t, header(), with(map[string]any{"actor": "mallory", "event_name": "push", "groups": []string{"<a>"}}))
	var got []string
	for _, c := range e.Token.List(now) {
		got = append(got, fmt.Sprintf("%s=%s %v", c.Name, c.Value, c.Tested))
	}
	want := "actor=mallory true, event_name=push false, exp=1795438800 (2026-11-23T13:00:00Z) false, groups=[\"<a>\"] false, " +
		"iat=1795435140 (2026-11-23T11:59:00Z) false, nbf=1795435140 (2026-11-23T11:59:00Z) false"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("%s\nwant %s", s, want)
	}
}
