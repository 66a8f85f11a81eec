package audit

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
)

// expansions yields what a pattern matches with a strange name in the place of
// its stars, the last of which takes in further parts of a subject.
func (g *grant) expansions(pattern string) iter.Seq[string] {
	return func(yield func(string) bool) {
		pieces := g.strangePieces(g.idp)
		if strings.HasSuffix(pattern, "*") {
			pieces = g.strangeEndings(g.idp)
		}
		for _, piece := range pieces {
			if !yield(strange(pattern, piece)) {
				return
			}
		}
		if rest, ok := strings.CutPrefix(pattern, "*"); ok && strings.Contains(rest, "*") {
			g.begun(rest, yield)
		}
	}
}

// begun yields what a pattern matches that begins with a star and has more of
// them: behind every beginning of an ordinary stranger's subject the rest. Whose
// name it then is may be that of the one who is meant.
func (g *grant) begun(rest string, yield func(string) bool) {
	for _, sub := range g.ordinaryStrangers(g.idp) {
		for i := 1; i <= len(sub); i++ {
			if i < len(sub) && !begins(sub, i) {
				continue
			}
			_, context, _ := strings.Cut(sub[i:], ":")
			for _, end := range []string{":" + context, "", sub[i:]} {
				whole := sub[:i] + strange(rest, end)
				if owner, _ := g.idp.Owner(whole); strings.Contains(owner.Name, evil) && !yield(whole) {
					return
				}
			}
		}
	}
}

// strange writes a name for every star, and for the last one the piece of a
// subject, after a name where it begins with the end of one. A name that goes
// on after letters has a dash first.
func strange(pattern, piece string) string {
	var b strings.Builder
	last := strings.LastIndexByte(pattern, '*')
	for i := range len(pattern) {
		fresh := i == 0 || strings.IndexByte(separators, pattern[i-1]) >= 0
		switch {
		case pattern[i] == '?':
			b.WriteByte('x')
		case pattern[i] != '*':
			b.WriteByte(pattern[i])
		case i == last && piece != "" && strings.IndexByte(separators, piece[0]) < 0 && (fresh || !strings.HasPrefix(piece, evil)):
			b.WriteString(piece)
		default:
			if !fresh {
				b.WriteByte('-')
			}
			b.WriteString(evil)
			if i == last {
				b.WriteString(strings.TrimPrefix(piece, evil))
			}
		}
	}
	return b.String()
}

// strangeEndings are what ordinary strangers' subjects end with, from every place
// where a part begins: subject by subject, the shortest first.
func (a *auditor) strangeEndings(p *idp.Provider) (list []string) {
	for _, sub := range a.ordinaryStrangers(p) {
		for i := len(sub) - 1; i >= 0; i-- {
			if begins(sub, i) {
				list = append(list, sub[i:])
			}
		}
	}
	return append(list, "")
}

// strangePieces are what lies between any two boundaries of ordinary strangers'
// subjects, the shortest first.
func (a *auditor) strangePieces(p *idp.Provider) []string {
	if list, ok := a.pieces[p]; ok {
		return list
	}
	list := []string{""}
	for _, sub := range a.ordinaryStrangers(p) {
		for i := range len(sub) {
			for j := i + 1; begins(sub, i) && j <= len(sub); j++ {
				if j == len(sub) || begins(sub, j) {
					list = append(list, sub[i:j])
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	a.pieces[p] = slices.Compact(list)
	return a.pieces[p]
}

// tenancy is a provider under a host: whom policies name is told by the host.
type tenancy struct {
	host string
	idp  *idp.Provider
}

// ordinary are the ordinary strangers whom no policy of the account names.
func (g *grant) ordinary() []string {
	key := tenancy{g.host, g.idp}
	list, ok := g.unnamed[key]
	if !ok {
		for _, sub := range g.ordinaryStrangers(g.idp) {
			if g.ofStranger(sub) {
				list = append(list, sub)
			}
		}
		g.unnamed[key] = list
	}
	return list
}

// ordinaryStrangers are the examples of a provider under another tenant's name.
func (a *auditor) ordinaryStrangers(p *idp.Provider) []string {
	if list, ok := a.strange[p]; ok {
		return list
	}
	list := []string{}
	for _, e := range p.Examples {
		own, _ := p.Owner(e.Sub)
		for _, sub := range p.Neighbours(e.Sub) {
			formed := p.FormOf(sub) != nil || len(p.Subjects) == 0
			if o, ok := p.Owner(sub); (!ok || o.Name != own.Name) && formed && strings.Contains(sub, evil) {
				list = append(list, sub)
				break
			}
		}
	}
	a.strange[p] = list
	return list
}
