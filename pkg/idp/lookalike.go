package idp

import (
	"fmt"
	"strings"
	"unicode"
)

// lookAlikes maps letters of other scripts, and punctuation that word
// processors put in, to the ASCII character they are mistaken for. It is the
// part of https://www.unicode.org/Public/security/latest/confusables.txt that
// turns up in names.
var lookAlikes = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ј", "j", "ѕ", "s", "һ", "h", "ԁ", "d",
	"А", "A", "В", "B", "Е", "E", "К", "K", "М", "M", "Н", "H", "О", "O", "Р", "P", "С", "C", "Т", "T", "Х", "X", "І", "I",
	"ο", "o", "ν", "v", "Α", "A", "Β", "B", "Ε", "E", "Η", "H", "Ι", "I", "Κ", "K", "Μ", "M", "Ν", "N", "Ο", "O", "Ρ", "P", "Τ", "T", "Χ", "X",
	"ı", "i", "‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "−", "-", "：", ":", "∶", ":", "／", "/", "∕", "/", "⁄", "/",
	"＊", "*", "∗", "*", "＠", "@", "．", ".", "“", `"`, "”", `"`, "‘", "'", "’", "'",
)

// lookAlike returns the ASCII character that r is mistaken for, or r.
func lookAlike(r rune) rune {
	if r < 0x80 {
		return r
	}
	for _, plain := range lookAlikes.Replace(string(r)) {
		return plain
	}
	return r
}

// invisible reports characters that take no room.
func invisible(r rune) bool {
	return r >= 0x80 && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)) || r < 0x20 && !unicode.IsSpace(r) || r == 0x7f
}

// plainText is s as a reader sees it: without white space and characters of
// no width, look-alikes replaced.
func plainText(s string) string {
	if isPlain(s) {
		return s
	}
	return lookAlikes.Replace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return r
	}, s))
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// strayCharacter describes the first character of s that is not what it looks
// like, "" where all are plain. white tells whether it is white space.
func strayCharacter(s string) (text string, white bool) {
	if strings.TrimSpace(s) != s {
		return edgeSpace(s), true
	}
	n := 0
	for _, r := range s {
		n++
		switch {
		case unicode.IsSpace(r) && r != ' ':
			return fmt.Sprintf("white space %s at character %d", codePoint(r), n), true
		case invisible(r):
			return fmt.Sprintf("the invisible character %s at character %d", codePoint(r), n), false
		case lookAlike(r) != r:
			return fmt.Sprintf("%s at character %d, which looks like %q", codePoint(r), n, string(lookAlike(r))), false
		}
	}
	if strings.Contains(s, " ") {
		return "a blank inside", true
	}
	return "", false
}

func edgeSpace(s string) string {
	if strings.TrimLeftFunc(s, unicode.IsSpace) != s {
		return "white space at its start"
	}
	return "white space at its end"
}

// codePoint names a character by number and script.
func codePoint(r rune) string {
	script := ""
	switch {
	case unicode.Is(unicode.Cyrillic, r):
		script = " (Cyrillic)"
	case unicode.Is(unicode.Greek, r):
		script = " (Greek)"
	case r == 0xA0:
		script = " (no-break space)"
	case r == 0x200B:
		script = " (zero width space)"
	}
	return fmt.Sprintf("U+%04X%s", r, script)
}
