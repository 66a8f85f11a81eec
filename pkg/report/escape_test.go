package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestEscape(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":               {"repo:acme/api:*", "repo:acme/api:*"},
		"letters":             {"Zürich 東京", "Zürich 東京"},
		"escape sequence":     {"a\x1b[31mb", "a⟨U+001B⟩[31mb"},
		"line feed":           {"a\nb", "a⟨U+000A⟩b"},
		"delete":              {"a\x7f", "a⟨U+007F⟩"},
		"C1":                  {"a\u009b2J", "a⟨U+009B⟩2J"},
		"right to left":       {"a\u202eb", "a⟨U+202E⟩b"},
		"isolate":             {"a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"},
		"no-break space":      {"a\u00a0b", "a⟨U+00A0⟩b"},
		"zero width":          {"a\u200b\u200d\ufeffb", "a⟨U+200B⟩⟨U+200D⟩⟨U+FEFF⟩b"},
		"line separator":      {"a\u2028b", "a⟨U+2028⟩b"},
		"tag characters":      {"a\U000e0041", "a⟨U+E0041⟩"},
		"variation selectors": {"a\ufe0f", "a⟨U+FE0F⟩"},
		"hangul filler":       {"a\u3164b\uffa0", "a⟨U+3164⟩b⟨U+FFA0⟩"},
		"braille blank":       {"a\u2800", "a⟨U+2800⟩"},
		"soft hyphen":         {"a\u00adb", "a⟨U+00AD⟩b"},
		"private use":         {"\ue000", "⟨U+E000⟩"},
		"not UTF-8":           {"a\xffb\x85", "a\ufffdb\ufffd"},
	} {
		if got := Escape(c.in); got != c.want {
			t.Errorf("%s: Escape(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}

func TestEscapeJSONKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := strings.ToValidUTF8(rapid.String().Draw(t, "text")+"\x7f\u202e\u00a0\U000e0041", "\ufffd")
		raw, _ := json.Marshal(want)
		escaped := escapeJSON(raw)
		noControls(t, "JSON", string(escaped), "")
		var got string
		if err := json.Unmarshal(escaped, &got); err != nil || got != want {
			t.Fatalf("%s decodes to %q, %v; want %q", escaped, got, err, want)
		}
	})
}

// noControls fails on characters that act on a terminal or hide from a reader.
func noControls(t rapid.TB, what, text, allowed string) {
	t.Helper()
	for at, r := range text {
		if strings.ContainsRune(allowed, r) {
			continue
		}
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Variation_Selector) {
			t.Fatalf("%s has %U at byte %d", what, r, at)
		}
	}
}
