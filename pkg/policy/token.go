package policy

import "unicode/utf8"

// A token is a character of an expanded value, or one of these. What a
// variable's value brings in as * or ? is kept apart: whether IAM takes it for a
// wildcard is not documented.
const (
	anyToken     rune = -1 - iota // * of the policy
	oneToken                      // ? of the policy
	softAnyToken                  // * of a variable's value
	softOneToken                  // ? of a variable's value
	openToken                     // a variable whose value is not known
)

// firstInvalid is the token of the byte 0 where a value is not UTF-8.
const firstInvalid rune = utf8.MaxRune + 1

// strictRune decodes the first character of s, and a byte that is not UTF-8 to
// a token of its own.
func strictRune(s string) rune {
	r, n := utf8.DecodeRuneInString(s)
	if invalid(r, n) {
		return firstInvalid + rune(s[0])
	}
	return r
}

// matchTokens is like for an expanded value. loose takes what is not certain to
// be a wildcard for one.
func matchTokens(tokens []rune, s string, fold, loose bool) bool {
	p, i := 0, 0
	star, taken := -1, 0
	for i < len(s) {
		if p < len(tokens) && isAny(tokens[p], loose) {
			star, taken = p, i
			p++
			continue
		}
		if n := stepToken(tokens, s[i:], p, fold, loose); n > 0 {
			p, i = p+1, i+n
			continue
		}
		if star < 0 {
			return false
		}
		_, n := utf8.DecodeRuneInString(s[taken:])
		taken += n
		p, i = star+1, taken
	}
	for p < len(tokens) && isAny(tokens[p], loose) {
		p++
	}
	return p == len(tokens)
}

func isAny(token rune, loose bool) bool {
	return token == anyToken || loose && (token == softAnyToken || token == openToken)
}

// stepToken returns the length of the first character of s where token p covers it.
func stepToken(tokens []rune, s string, p int, fold, loose bool) int {
	if p == len(tokens) {
		return 0
	}
	r, n := utf8.DecodeRuneInString(s)
	if invalid(r, n) {
		r = firstInvalid + rune(s[0])
	}
	token := tokens[p]
	switch token {
	case oneToken:
		return n
	case softOneToken:
		if loose {
			return n
		}
		token = '?'
	case softAnyToken:
		token = '*'
	}
	if token == r || fold && token >= 0 && token < firstInvalid && r < firstInvalid && equalFold(token, r) {
		return n
	}
	return 0
}
