package idp

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteRunes is how much of a value a hint shows.
const quoteRunes = 120

// Quote puts a value between double quotes for a message. Control characters,
// characters without width, blanks other than the plain one, and letters that
// look like Latin ones are written as ⟨U+0435⟩; blanks at either end become ␠.
// A long value is cut in its middle. The value may be hostile.
func Quote(s string) string {
	start := len(s) - len(strings.TrimLeft(s, " "))
	end := max(len(strings.TrimRight(s, " ")), start)
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	runes, skipped := utf8.RuneCountInString(s), false
	n := 0
	for i, r := range s {
		n++
		if runes > quoteRunes && n > quoteRunes/2 && n <= runes-quoteRunes/2 {
			if !skipped {
				b.WriteString("…")
			}
			skipped = true
			continue
		}
		if r == ' ' && (i < start || i >= end) {
			r = '␠'
		}
		writeVisible(&b, r, s[i:])
	}
	b.WriteByte('"')
	return b.String()
}

func writeVisible(b *strings.Builder, r rune, rest string) {
	switch {
	case r == utf8.RuneError && !strings.HasPrefix(rest, "\uFFFD"):
		fmt.Fprintf(b, `\x%02x`, rest[0])
	case r == '"' || r == '\\':
		b.WriteByte('\\')
		b.WriteRune(r)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r < utf8.RuneSelf && unicode.IsPrint(r), r == '␠':
		b.WriteRune(r)
	case !unicode.IsPrint(r) || lookAlike(r) != r:
		fmt.Fprintf(b, "⟨U+%04X⟩", r)
	default:
		b.WriteRune(r)
	}
}
