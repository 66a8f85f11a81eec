package idp

// segmentStar stands for text without colon in a glob given to intersects. It
// cannot come from a policy's text unchanged: Go's JSON decoder lets it
// through only as the escape \u0001, and then it merely widens a hint.
const segmentStar = '\x01'

// intersects reports whether some text matches both patterns, each with * for
// any text, ? for one character and segmentStar for text without colon. It
// answers false for patterns too long to be worth the time.
func intersects(a, b string) bool {
	if len(a)*len(b) > 1<<20 {
		return false
	}
	row := make([]bool, 2*(len(b)+1))
	prev, next := row[:len(b)+1], row[len(b)+1:]
	for i := 0; i <= len(a); i++ {
		for j := range next {
			next[j] = i == 0 && j == 0 || meets(a, b, i, j, prev, next)
		}
		prev, next = next, prev
	}
	return prev[len(b)]
}

// meets tells whether a[:i] and b[:j] have a text in common, from the shorter
// prefixes: prev holds the row of i-1, next the row of i up to j-1.
func meets(a, b string, i, j int, prev, next []bool) bool {
	if i > 0 && isStar(a[i-1]) && (prev[j] || j > 0 && next[j-1] && takes(a[i-1], b[j-1])) {
		return true
	}
	if j > 0 && isStar(b[j-1]) && (next[j-1] || i > 0 && prev[j] && takes(b[j-1], a[i-1])) {
		return true
	}
	if i == 0 || j == 0 || isStar(a[i-1]) || isStar(b[j-1]) {
		return false
	}
	return prev[j-1] && (a[i-1] == b[j-1] || a[i-1] == '?' || b[j-1] == '?')
}

func isStar(c byte) bool { return c == '*' || c == segmentStar }

// takes reports whether a star may stand for the character c of the other
// pattern.
func takes(star, c byte) bool { return star == '*' || c != ':' }

// Disjoint reports whether no text matches both patterns, each with * for any
// text and ? for one character. It answers false for patterns too long to be
// worth the time.
func Disjoint(a, b string) bool {
	return len(a)*len(b) <= 1<<20 && !intersects(a, b)
}
