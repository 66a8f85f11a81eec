// Package lazyregexp has regular expressions for package variables that are
// compiled at their first use. A run of the program needs few of them, and to
// compile all of them took a quarter of its start. Go's own tools do the same:
// https://cs.opensource.google/go/go/+/master:src/internal/lazyregexp/
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression that is compiled when a method first needs it.
// The methods are those of [regexp.Regexp] and safe for use by several
// goroutines. A Regexp must not be copied; make it with [New].
type Regexp struct {
	expression string
	once       sync.Once
	compiled   *regexp.Regexp
}

// New takes an expression of [regexp/syntax], unchecked: the first use of one
// that is broken panics. Write it as a literal, so that a test of the tree can
// compile it before that.
func New(expression string) *Regexp { return &Regexp{expression: expression} }

// MatchString is [regexp.Regexp.MatchString].
func (r *Regexp) MatchString(s string) bool { return r.regexp().MatchString(s) }

// FindString is [regexp.Regexp.FindString].
func (r *Regexp) FindString(s string) string { return r.regexp().FindString(s) }

// FindStringSubmatch is [regexp.Regexp.FindStringSubmatch].
func (r *Regexp) FindStringSubmatch(s string) []string { return r.regexp().FindStringSubmatch(s) }

// FindAllStringIndex is [regexp.Regexp.FindAllStringIndex].
func (r *Regexp) FindAllStringIndex(s string, n int) [][]int {
	return r.regexp().FindAllStringIndex(s, n)
}

// ReplaceAllString is [regexp.Regexp.ReplaceAllString].
func (r *Regexp) ReplaceAllString(s, with string) string {
	return r.regexp().ReplaceAllString(s, with)
}

func (r *Regexp) regexp() *regexp.Regexp {
	r.once.Do(r.compile)
	return r.compiled
}

func (r *Regexp) compile() { r.compiled = regexp.MustCompile(r.expression) }
