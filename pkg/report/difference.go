package report

import "strings"

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

// patternDifference is difference for a pattern with * and ?: it follows the
// pattern as far as the value goes with it, and marks the literal text that
// was not found and the rest of the value in which it was sought.
func patternDifference(pattern, actual []rune) (e, a span) {
	parts := literalParts(pattern)
	if len(parts) == 1 {
		return difference(pattern, actual)
	}
	if !matchesAt(pattern[:parts[0].end], actual, 0) {
		return headDifference(pattern, actual, parts[0].end)
	}
	last := parts[len(parts)-1]
	at := parts[0].end
	for _, part := range parts[1 : len(parts)-1] {
		found := find(pattern[part.start:part.end], actual, at)
		if found < 0 {
			return part, span{at, len(actual)}
		}
		at = found + part.end - part.start
	}
	return last, span{at, len(actual)}
}

// headDifference is the difference within the text before the first asterisk:
// one part of it, such as an owner, where the value goes on as the pattern
// does, else all that follows.
func headDifference(pattern, actual []rune, head int) (e, a span) {
	at := commonPrefix(pattern[:head], actual)
	start := partStart(pattern[:at])
	e = span{start, at + partEnd(pattern[at:head])}
	next := find(pattern[e.end:head], actual, at)
	if e.end == head || next < 0 {
		return span{start, len(pattern)}, span{start, len(actual)}
	}
	return e, span{start, next}
}

// literalParts are the parts of a pattern between its asterisks, empty ones
// among them.
func literalParts(pattern []rune) (parts []span) {
	start := 0
	for i, r := range pattern {
		if r == '*' {
			parts = append(parts, span{start, i})
			start = i + 1
		}
	}
	return append(parts, span{start, len(pattern)})
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
