package audit

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// mostWitnesses bounds the tokens that are tried for one grant.
const mostWitnesses = 400

// search looks for a token that the statement admits. Every value that its
// conditions ask for is tried in every combination, wildcards filled in with
// what the provider writes there.
func (g *grant) search() {
	nearest := 0
	want, audiences, tried := g.wanted(), g.audiences(), 0
	for sub := range g.subjects() {
		for _, aud := range audiences {
			if tried++; tried > mostWitnesses {
				return
			}
			t := g.token(sub, aud, want)
			s := &policy.Evaluate(g.doc, g.request(t)).Statements[g.statement.Index]
			if s.Result != policy.No {
				g.works = t
				return
			}
			if d := s.Distance(); g.near == nil || d < nearest {
				g.near, nearest = t, d
			}
		}
	}
}

// subjects yields values of sub that the provider could write and that the
// conditions of the grant ask for, and then others of the provider.
func (g *grant) subjects() iter.Seq[string] {
	return func(yield func(string) bool) {
		for v := range g.wantedSubjects() {
			for sub := range g.fill(v) {
				if !yield(sub) {
					return
				}
			}
		}
		for _, e := range g.idp.Examples {
			if !yield(e.Sub) {
				return
			}
		}
		yield("subject")
	}
}

// wantedSubjects yields the values that the conditions on sub ask for.
func (g *grant) wantedSubjects() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, k := range g.tested {
			if k.Op.Negated || !g.aboutSubject(k) {
				continue
			}
			for _, v := range k.Values {
				if !yield(v.Value) {
					return
				}
			}
		}
	}
}

// aboutSubject tells whether a condition asks for a subject, be it under a key
// that is no good.
func (g *grant) aboutSubject(k *policy.Condition) bool {
	last := k.Key.Value[strings.LastIndexByte(k.Key.Value, ':')+1:]
	return g.idp.Means(last, "sub")
}

func (g *grant) aboutAudience(k *policy.Condition) bool {
	last := k.Key.Value[strings.LastIndexByte(k.Key.Value, ':')+1:]
	return g.idp.Means(last, "aud")
}

// audiences are values of aud that STS lets through: those that the IAM OIDC
// provider has, or where it was not seen those that the policy asks for.
func (g *grant) audiences() (list []string) {
	if g.provider.Exists == policy.Yes && len(g.provider.Value.ClientIDs) > 0 {
		return g.provider.Value.ClientIDs
	}
	for _, k := range g.tested {
		if g.aboutAudience(k) && !k.Op.Negated {
			for _, v := range k.Values {
				list = append(list, filled(v.Value))
			}
		}
	}
	if aud := g.idp.UsualAudience(); aud != "" && !slices.Contains(list, aud) {
		list = append(list, aud)
	}
	if len(list) == 0 {
		list = []string{"sts.amazonaws.com"}
	}
	return list
}

// wanted are the values that the conditions on further claims ask for.
func (g *grant) wanted() map[string]string {
	want := map[string]string{}
	for _, k := range g.tested {
		claim := g.claim(k.Key.Value)
		if claim == "" || k.Op.Negated || g.idp.Means(claim, "sub") || g.idp.Means(claim, "aud") || len(k.Values) == 0 {
			continue
		}
		if k.Op.Base == "Null" {
			if strings.EqualFold(k.Values[0].Value, "false") {
				want[claim] = "x"
			}
			continue
		}
		want[claim] = filled(k.Values[0].Value)
	}
	return want
}

// filled writes something in the place of wildcards.
func filled(pattern string) string { return strings.NewReplacer("*", "x", "?", "x").Replace(pattern) }

// fill yields subjects that satisfy a pattern and have one of the provider's
// forms; where there is none, the pattern with something in the place of the
// wildcards, which no token may carry.
func (g *grant) fill(pattern string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !strings.ContainsAny(pattern, "*?") {
			yield(pattern)
			return
		}
		good := false
		for _, tail := range g.tails(g.idp) {
			for _, inner := range []string{"x", tail} {
				sub := expand(pattern, inner, tail)
				if g.idp.Parse(sub).Shape == nil || g.idp.Impossible(sub) {
					continue
				}
				if good = true; !yield(sub) {
					return
				}
			}
		}
		if !good {
			yield(filled(pattern))
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
// part begins, the shortest first.
func (a *auditor) tails(p *idp.Provider) []string {
	if list, ok := a.endings[p]; ok {
		return list
	}
	var list []string
	for _, e := range p.Examples {
		for i := range len(e.Sub) {
			if i == 0 || strings.IndexByte(":/@|-", e.Sub[i-1]) >= 0 || strings.IndexByte(":/@|", e.Sub[i]) >= 0 {
				list = append(list, e.Sub[i:])
			}
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	a.endings[p] = append([]string{"x", ""}, slices.Compact(list)...)
	return a.endings[p]
}
