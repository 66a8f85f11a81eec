package notify_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

func TestJSONLenIsThatOfTheEncoder(t *testing.T) {
	check := func(t rapid.TB, text string) {
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := notify.JSONLen(text), len(raw)-len(`""`); got != want {
			t.Errorf("JSONLen(%q) = %d, but %d bytes: %s", text, got, want, raw)
		}
	}
	for r := range rune(0x3000) {
		check(t, string(r))
	}
	check(t, "\ufffd\xff\xe2\x80")
	rapid.Check(t, func(t *rapid.T) {
		check(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")))
		check(t, rapid.String().Draw(t, "text"))
	})
}

func TestCutJSON(t *testing.T) {
	for _, tt := range []struct {
		in   string
		most int
		want string
	}{
		{"fits", 4, "fits"},
		{"too long", 7, "too …"},
		{`""`, 4, `""`},
		{`"""`, 5, `"…`},
		{"<b>", 12, "<b…"},
		{"éééé", 7, "éé…"},
		{"anything", 3, "…"},
	} {
		if got := notify.CutJSON(tt.in, tt.most, "…"); got != tt.want {
			t.Errorf("CutJSON(%q, %d) = %q, want %q", tt.in, tt.most, got, tt.want)
		}
	}
}

func TestCutJSONKeepsItsBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(3, 100).Draw(t, "most")
		got := notify.CutJSON(text, most, "…")
		if notify.JSONLen(got) > most || !strings.HasPrefix(text, strings.TrimSuffix(got, "…")) {
			t.Errorf("CutJSON(%q, %d) = %q", text, most, got)
		}
	})
}
