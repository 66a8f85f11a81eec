package diagnose

import (
	"strings"
	"unicode/utf8"
)

// carry rewrites a value that means the subject but for letter case and
// GitHub's ids, so that it matches: wildcards stay where the author put them,
// everything else becomes the subject's own text.
func carry(value, sub string) (string, bool) {
	wildcards := strings.Count(value, "*")
	if len(value) > maxCarried || len(sub) > maxCarried || wildcards > maxWildcards {
		return "", false
	}
	if !utf8.ValidString(value) || !utf8.ValidString(sub) {
		return "", false // no text that a policy can name
	}
	k := carrier{value: value, subject: sub}
	if wildcards > 1 {
		k.failed = make([]bool, (len(value)+1)*(len(sub)+1))
	}
	b, ok := k.append(make([]byte, 0, len(value)+len(sub)), 0, 0)
	return string(b), ok
}

// What carry compares is bounded: the texts in bytes, and the wildcards.
const (
	maxCarried   = 512
	maxWildcards = 8
)

// carrier matches a value with a subject. failed remembers pairs of places
// from which they do not match, so that many wildcards cost no more than the
// product of the lengths.
type carrier struct {
	value, subject string
	failed         []bool
}

// append matches what is left from value[i:] and subject[j:] like a glob,
// shortest run first, and appends the outcome.
func (k *carrier) append(b []byte, i, j int) ([]byte, bool) {
	if k.failed != nil && k.failed[i*(len(k.subject)+1)+j] {
		return b, false
	}
	out, ok := k.step(b, i, j)
	if !ok && k.failed != nil {
		k.failed[i*(len(k.subject)+1)+j] = true
	}
	return out, ok
}

// step takes one character of the value. Between a name and what follows it
// the subject may carry @digits more.
func (k *carrier) step(b []byte, i, j int) ([]byte, bool) {
	v, s := k.value[i:], k.subject[j:]
	id := leadingID(s)
	switch {
	case v == "":
		return append(b, s[:id]...), s[id:] == ""
	case v[0] == '*':
		return k.wildcard(append(b, '*'), i+1, j)
	case s != "" && v[0] == '?':
		_, n := utf8.DecodeRuneInString(s) // one character, as in a policy
		return k.append(append(b, '?'), i+1, j+n)
	case s != "" && sameLetter(v[0], s[0]):
		return k.append(append(b, s[0]), i+1, j+1)
	case id > 0 && (v[0] == '/' || v[0] == ':'):
		return k.append(append(b, s[:id]...), i, j+id)
	}
	return b, false
}

// wildcard lets a wildcard take as little as possible.
func (k *carrier) wildcard(b []byte, i, j int) ([]byte, bool) {
	if i == len(k.value) {
		return b, true
	}
	for j <= len(k.subject) {
		if out, ok := k.append(b, i, j); ok {
			return out, true
		}
		_, n := utf8.DecodeRuneInString(k.subject[j:])
		j += max(n, 1)
	}
	return b, false
}

// leadingID is the length of @digits at the start of s.
func leadingID(s string) int {
	if s == "" || s[0] != '@' {
		return 0
	}
	n := 1
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// sameLetter compares bytes without regard to the case of ASCII letters.
func sameLetter(a, b byte) bool {
	if 'A' <= a && a <= 'Z' {
		a |= 0x20
	}
	if 'A' <= b && b <= 'Z' {
		b |= 0x20
	}
	return a == b
}
