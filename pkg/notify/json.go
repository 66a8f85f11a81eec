package notify

import "unicode/utf8"

// JSONLen is how many bytes text takes within a JSON string, without the
// quotes, as encoding/json writes it.
func JSONLen(text string) (n int) {
	for i, r := range text {
		n += jsonLen(text[i:], r)
	}
	return n
}

// jsonLen is that of r, the first character of rest.
func jsonLen(rest string, r rune) int {
	const escape = len(`\u0000`)
	switch {
	case r == '"', r == '\\', r == '\n', r == '\r', r == '\t', r == '\b', r == '\f':
		return 2
	case r < ' ', r == '<', r == '>', r == '&', r == '\u2028', r == '\u2029':
		return escape
	case r == utf8.RuneError:
		if _, size := utf8.DecodeRuneInString(rest); size == 1 {
			return escape // a byte that is not UTF-8
		}
	}
	return utf8.RuneLen(r)
}

// CutJSON shortens text to most bytes within a JSON string, on a rune
// boundary, and ends it with note, of which every byte counts as one.
func CutJSON(text string, most int, note string) string {
	if JSONLen(text) <= most {
		return text
	}
	left := most - len(note)
	for i, r := range text {
		if left -= jsonLen(text[i:], r); left < 0 {
			return text[:i] + note
		}
	}
	return text
}
