package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes one line of a text that others wrote: every control, format
// (such as bidirectional overrides), separator and invalid character becomes
// a single blank.
func Clean(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsPrint(r) || unicode.IsSpace(r)
	}), " ")
}

// Cut shortens a text of more than limit bytes to at most limit bytes, on a
// rune boundary, and ends it with note. A note of more than limit bytes is
// left out.
func Cut(s string, limit int, note string) string {
	if len(s) <= limit {
		return s
	}
	if len(note) > limit {
		note = ""
	}
	return s[:Boundary(s, limit-len(note))] + note
}

// Boundary returns the greatest offset of at most limit at which s can be cut
// without splitting a rune.
func Boundary(s string, limit int) int {
	if limit >= len(s) {
		return len(s)
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return limit
}
