package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape makes text that others wrote fit to be shown: control characters,
// escape sequences, bidirectional controls, zero-width and other characters
// that a reader cannot see come out as ⟨U+200B⟩, bytes that are not UTF-8 as
// U+FFFD. What is left is printable and in one line.
//
// Trojan Source (CVE-2021-42574) shows what such characters do to a reader.
func Escape(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		writeVisible(&b, r)
	}
	return b.String()
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func writeVisible(b *strings.Builder, r rune) {
	if invisible(r) {
		fmt.Fprintf(b, "⟨U+%04X⟩", r)
	} else {
		b.WriteRune(r)
	}
}

const brailleBlank = '\u2800' // graphic by its category, blank to the eye

// invisible reports whether a reader could not see r, or would see it act on
// other characters.
func invisible(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return !unicode.IsPrint(r) || r == brailleBlank ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// escapeLines escapes every line of s and keeps the line feeds.
func escapeLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Escape(strings.TrimSuffix(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// escapeJSON replaces characters that act on a terminal or on neighbouring
// text by their \u form. Outside of ASCII, JSON text holds characters in
// strings alone, so that the value stays the same. It returns src itself where
// there is nothing to replace.
func escapeJSON(src []byte) []byte {
	visible := visibleTo(src)
	if visible == len(src) {
		return src
	}
	out := append(make([]byte, 0, len(src)+16), src[:visible]...)
	src = src[visible:]
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		switch {
		case r == '\n' || !invisible(r):
			out = append(out, src[:size]...)
		case r > 0xffff:
			out = appendSurrogates(out, r)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		src = src[size:]
	}
	return out
}

// visibleTo is how much of a text is ASCII that escapeJSON leaves as it is.
func visibleTo(src []byte) int {
	for i, c := range src {
		if c >= utf8.RuneSelf || c != '\n' && invisible(rune(c)) {
			return i
		}
	}
	return len(src)
}

func appendSurrogates(out []byte, r rune) []byte {
	for _, unit := range utf16.AppendRune(nil, r) {
		out = fmt.Appendf(out, `\u%04x`, unit)
	}
	return out
}
