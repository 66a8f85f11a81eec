package audit

import (
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
)

// filled writes something in the place of wildcards.
func filled(pattern string) string { return strings.NewReplacer("*", "x", "?", "x").Replace(pattern) }

// fill yields subjects that satisfy a pattern and have one of the provider's
// forms, those of its last and widest form after all others; where there is none,
// the pattern with something in the place of the wildcards.
func (g *grant) fill(pattern string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !strings.ContainsAny(pattern, "*?") {
			yield(pattern)
			return
		}
		var wide []string
		good := false
		for sub := range g.expanded(pattern) {
			shape := g.idp.FormOf(sub)
			if shape == nil || g.idp.Impossible(sub) {
				continue
			}
			if shape == &g.idp.Subjects[len(g.idp.Subjects)-1] {
				wide = append(wide, sub)
				continue
			}
			if good = true; !yield(sub) {
				return
			}
		}
		if !good && len(wide) == 0 {
			wide = []string{filled(pattern)}
		}
		for _, sub := range wide {
			if !yield(sub) {
				return
			}
		}
	}
}

// expanded yields a pattern with endings of the provider's subjects in the place
// of its stars.
func (g *grant) expanded(pattern string) iter.Seq[string] {
	return func(yield func(string) bool) {
		several := strings.Count(pattern, "*") > 1
		for _, tail := range g.tails(g.idp) {
			if !yield(expand(pattern, "x", tail)) || several && !yield(expand(pattern, tail, tail)) {
				return
			}
		}
	}
}

// expand writes last in the place of the last star, inner in that of the
// others, and a letter for every question mark.
func expand(pattern, inner, last string) string {
	var b strings.Builder
	end := strings.LastIndexByte(pattern, '*')
	for i := range len(pattern) {
		switch {
		case pattern[i] == '?':
			b.WriteByte('x')
		case pattern[i] == '*' && i == end:
			b.WriteString(last)
		case pattern[i] == '*':
			b.WriteString(inner)
		default:
			b.WriteByte(pattern[i])
		}
	}
	return b.String()
}

// tails are what subjects of the provider end with, from every place where a
// part begins: example by example, the shortest first.
func (a *auditor) tails(p *idp.Provider) []string {
	if list, ok := a.endings[p]; ok {
		return list
	}
	list := []string{"x", ""}
	for _, e := range p.Examples {
		for i := len(e.Sub) - 1; i >= 0; i-- {
			if begins(e.Sub, i) && !slices.Contains(list, e.Sub[i:]) {
				list = append(list, e.Sub[i:])
			}
		}
	}
	a.endings[p] = list
	return list
}

// separators end the parts of subjects.
const separators = ":/@|"

// begins tells whether a part, or what separates it, begins at a place of a
// subject.
func begins(sub string, i int) bool {
	return i == 0 || strings.IndexByte(separators, sub[i-1]) >= 0 || strings.IndexByte(separators, sub[i]) >= 0
}
