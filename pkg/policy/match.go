package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Like reports whether pattern matches all of s, as StringLike does: * stands
// for any characters or none, across / and :, ? for exactly one, and nothing
// else is special. A character is a Unicode code point, and * spans line breaks:
// IAM's documentation is silent on both.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
func Like(pattern, s string) bool { return like(pattern, s, false) }

// LikeFold is Like without regard to letter case, as actions are matched.
func LikeFold(pattern, s string) bool { return like(pattern, s, true) }

// like goes through both strings once and, where they part, returns to the last
// star and lets it take one character more. Earlier stars need no second try:
// the last one can take up whatever they would.
func like(pattern, s string, fold bool) bool {
	p, i := 0, 0
	star, taken := -1, 0
	for i < len(s) {
		if p < len(pattern) && pattern[p] == '*' {
			star, taken = p, i
			p++
			continue
		}
		if np, ni := step(pattern, s, p, i, fold); ni > 0 {
			p, i = np, ni
			continue
		}
		if star < 0 {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[taken:])
		taken += n
		p, i = star+1, taken
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// step moves past one character of the pattern and one of s, or returns zeros.
func step(pattern, s string, p, i int, fold bool) (np, ni int) {
	if p == len(pattern) {
		return 0, 0
	}
	a, b := pattern[p], s[i]
	if a == b && a < utf8.RuneSelf {
		return p + 1, i + 1
	}
	if a < utf8.RuneSelf && b < utf8.RuneSelf && a != '?' && !fold {
		return 0, 0 // as nearly always
	}
	rb, nb := utf8.DecodeRuneInString(s[i:])
	if a == '?' {
		return p + 1, i + nb
	}
	ra, na := utf8.DecodeRuneInString(pattern[p:])
	if pattern[p:p+na] == s[i:i+nb] || fold && equalFold(ra, rb) && na > 0 && !invalid(ra, na) && !invalid(rb, nb) {
		return p + na, i + nb
	}
	return 0, 0
}

// invalid tells whether a decoded rune is a byte that is not UTF-8; such a byte
// equals itself alone.
func invalid(r rune, n int) bool { return r == utf8.RuneError && n == 1 }

// equalFold compares two characters under simple Unicode case folding, as
// strings.EqualFold does.
func equalFold(a, b rune) bool {
	if a == b {
		return true
	}
	if a < utf8.RuneSelf && b < utf8.RuneSelf {
		return a|0x20 == b|0x20 && 'a' <= a|0x20 && a|0x20 <= 'z'
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

func hasWildcard(s string) bool {
	return strings.IndexByte(s, '*') >= 0 || strings.IndexByte(s, '?') >= 0
}

// arnParts is the number of components of an ARN; the last keeps its colons.
const arnParts = 6

// cutARN splits s at its first colons. ok is false where s has fewer than six
// components or does not start with "arn:".
func cutARN(s string) (parts [arnParts]string, ok bool) {
	for i := range arnParts - 1 {
		var found bool
		if parts[i], s, found = strings.Cut(s, ":"); !found {
			return parts, false
		}
	}
	parts[arnParts-1] = s
	return parts, parts[0] == "arn"
}

// likeARN matches two ARNs component by component; a wildcard does not reach
// over a colon, save in the last.
func likeARN(pattern, arn *[arnParts]string) bool {
	for i := range pattern {
		if !Like(pattern[i], arn[i]) {
			return false
		}
	}
	return true
}
