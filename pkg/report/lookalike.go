package report

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// showLookAlikes writes letters and punctuation that pass for ASCII as
// ⟨U+0435⟩, in text that has ASCII letters as well: a word of another script
// altogether is as it should be.
//
// https://www.unicode.org/reports/tr39/#Mixed_Script_Detection
func showLookAlikes(c cells) {
	mixed := false
	for _, x := range c {
		mixed = mixed || len(x.text) == 1 && unicode.IsLetter(rune(x.text[0]))
	}
	for i := range c {
		r, size := utf8.DecodeRuneInString(c[i].text)
		if mixed && size == len(c[i].text) && passesForASCII(r) {
			text := fmt.Sprintf("⟨U+%04X⟩", r)
			c[i] = cell{text, ansi.StringWidth(text)}
		}
	}
}

// passesForASCII reports letters of scripts that share shapes with Latin, and
// dashes, quotes, slashes and colons other than those of ASCII.
func passesForASCII(r rune) bool {
	switch {
	case r < utf8.RuneSelf, r == '␠', r == []rune(ellipsis)[0], r == '⟨', r == '⟩':
		return false
	case r >= 0xff01 && r <= 0xff5e, r == 'ı', r == '−', r == '∕', r == '∶', r == '∗', r == '⁄':
		return true
	}
	return unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Pd, unicode.Pi, unicode.Pf)
}
