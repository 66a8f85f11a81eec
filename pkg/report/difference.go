package report

import (
	"slices"
	"strings"
)

// span is a range of characters, end exclusive.
type span struct{ start, end int }

// difference finds where two values part: what is left of each when the
// common beginning and end are taken off. Unless one value merely has more than
// the other, longer differences begin and end where a part of the value does,
// which reads better than ends that are alike by accident.
func difference(expected, actual []rune) (e, a span) {
	start := commonPrefix(expected, actual)
	end := commonSuffix(expected[start:], actual[start:])
	e, a = span{start, len(expected) - end}, span{start, len(actual) - end}
	const typo = 2
	if min(e.end-e.start, a.end-a.start) > 0 && max(e.end-e.start, a.end-a.start) > typo {
		back := start - partStart(expected[:start])
		e.start, a.start = e.start-back, a.start-back
		ahead := partEnd(expected[e.end:])
		e.end, a.end = e.end+ahead, a.end+ahead
	}
	return e, a
}

func commonPrefix(x, y []rune) (n int) {
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	return n
}

func commonSuffix(x, y []rune) (n int) {
	for n < min(len(x), len(y)) && x[len(x)-1-n] == y[len(y)-1-n] {
		n++
	}
	return n
}

// separates reports whether r stands between the parts of a sub, an ARN or a
// host name.
func separates(r rune) bool { return strings.ContainsRune(":/@", r) }

// partStart is where the last part of s begins.
func partStart(s []rune) int {
	n := len(s)
	for n > 0 && !separates(s[n-1]) {
		n--
	}
	return n
}

// partEnd is where the first part of s ends.
func partEnd(s []rune) int {
	n := 0
	for n < len(s) && !separates(s[n]) {
		n++
	}
	return n
}

// patternDifference is difference for a pattern with * and ?: it marks the
// parts that no wildcard takes and that are not the same.
func patternDifference(pattern, actual []rune) (e, a span) {
	const most = 1 << 16 // pairs of tokens
	p, v := tokens(pattern, true), tokens(actual, false)
	if len(p)*len(v) > most || !slices.Contains(pattern, '*') {
		return difference(pattern, actual)
	}
	return align(p, v).differing()
}

func find(part, s []rune, from int) int {
	for i := from; i+len(part) <= len(s); i++ {
		if matchesAt(part, s, i) {
			return i
		}
	}
	return -1
}

func matchesAt(part, s []rune, at int) bool {
	if at+len(part) > len(s) {
		return false
	}
	for i, r := range part {
		if r != '?' && r != s[at+i] {
			return false
		}
	}
	return true
}
