package report

import "testing"

func TestLookAlikesAreShown(t *testing.T) {
	for value, want := range map[string]string{
		"r\u0435po":          "r⟨U+0435⟩po",
		"\u043a\u043e\u0434": "\u043a\u043e\u0434", // a Russian word
		"a\u2013b":           "a⟨U+2013⟩b",
		"a\uff1ab":           "a⟨U+FF1A⟩b",
		"caf\u00e9":          "caf\u00e9",
		"\u6771\u4eac-x":     "\u6771\u4eac-x",
		"a ":                 "a␠",
		"plain":              "plain",
	} {
		if got := valueCells(value).String(); got != want {
			t.Errorf("%q is shown as %s, want %s", value, got, want)
		}
	}
}
