package cloudtrail

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestScalarsAreThoseOfJSON holds the fast checks to the standard library.
func TestScalarsAreThoseOfJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("0012-+.eE9truefalsn")), 1, 8, -1).Draw(t, "word")
		if got, want := isValue([]byte(word)), json.Valid([]byte(word)); got != want {
			t.Fatalf("isValue(%q) = %v", word, got)
		}
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abcdefghiju01234\\\\\"\x00\x1f \x7f\u0080\U0010ffff!#[]/")), 0, 30, -1).Draw(t, "text")
		end := closing([]byte(`"`+text), 1)
		if whole, _, found := cutString(text); found != (end > 0) || found && end != 1+len(whole) {
			t.Fatalf("closing(%q) = %d", text, end)
		}
	})
}

// cutString is the text before the quote that closes a string of JSON.
func cutString(text string) (string, string, bool) {
	for i := range text {
		if text[i] == '"' && json.Valid([]byte(`"`+text[:i+1])) {
			return text[:i], text[i:], true
		}
	}
	return "", "", false
}

func TestPlainTo(t *testing.T) {
	for _, b := range []byte{0, 9, '\n', 0x1f, '"', '\\'} {
		for at := range 20 {
			for _, fill := range []string{" ", "!", "#", "[", "]", "\x7f", "\x80", "\xa2", "\xdc", "\xff"} {
				text := strings.Repeat(fill, at) + string(b) + strings.Repeat(fill, 20-at)
				if got := plainTo([]byte(text), 0); got != at {
					t.Errorf("plainTo(%q) = %d, want %d", text, got, at)
				}
			}
		}
	}
}
