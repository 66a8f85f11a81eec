package idp

import (
	"strings"
	"testing"
)

func TestStrayCharacter(t *testing.T) {
	for _, tt := range []struct {
		in, mentions string
		white        bool
	}{
		{"plain", "", false},
		{" lead", "at its start", true},
		{"trail\n", "at its end", true},
		{"in side", "a blank inside", true},
		{"a\u00a0b", "U+00A0 (no-break space) at character 2", true},
		{"a\tb", "U+0009", true},
		{"a\u200bb", "U+200B (zero width space)", false},
		{"\ufeffa", "U+FEFF", false},
		{"\u202ea", "U+202E", false},
		{"s\u0430y", `U+0430 (Cyrillic) at character 2, which looks like "a"`, false},
		{"\u039fcto", `U+039F (Greek)`, false},
		{"a\u2013b", `U+2013 at character 2, which looks like "-"`, false},
		{"Zürich", "", false},
	} {
		text, white := strayCharacter(tt.in)
		if white != tt.white || tt.mentions == "" && text != "" || !strings.Contains(text, tt.mentions) {
			t.Errorf("strayCharacter(%q) = %q, %v, want mention of %q, %v", tt.in, text, white, tt.mentions, tt.white)
		}
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"repo:o/r":            "repo:o/r",
		" a b\t":              "ab",
		"\u0430\u200b-\u2014": "a--",
		"ｘ":                   "ｘ",
		"\x00a\x7f":           "a",
	} {
		if got := plainText(in); got != want {
			t.Errorf("plainText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMistyped(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"receive", "recieve", true},
		{"receive", "receve", true},
		{"receive", "reeceive", true},
		{"receive", "recoive", true},
		{"receive", "receive", false},
		{"worker-1", "worker-2", false}, // a digit is no slip
		{"worker", "worker2", false},
		{"dev", "det", false}, // too short to tell
		{"abcdef", "ghijkl", false},
		{"abcdef", "abcfed", false},
		{"worker", "worker*", false}, // a wildcard is none either
	} {
		if got := mistyped(tt.a, tt.b); got != tt.want {
			t.Errorf("mistyped(%q, %q) = %v", tt.a, tt.b, got)
		}
		if mistyped(tt.b, tt.a) != tt.want {
			t.Errorf("mistyped(%q, %q) is not symmetric", tt.b, tt.a)
		}
	}
}

func TestTemplateResidue(t *testing.T) {
	for in, want := range map[string]string{
		"a:${var.x}:b":           "${var.x}",
		"{{ .Values.ns }}":       "{{ .Values.ns }}",
		"{.Region}":              "{.Region}",
		"$(NS)":                  "$(NS)",
		"<namespace>":            "<namespace>",
		"%{if x}":                "%{if x}",
		"${unclosed":             "${unclosed",
		"${aws:RequestTag/team}": "",
		"a${*}b":                 "",
		"{uuid}:{uuid}":          "", // braces of Bitbucket
		"plain":                  "",
	} {
		if got := templateResidue(in); got != want {
			t.Errorf("templateResidue(%q) = %q, want %q", in, got, want)
		}
	}
}
