package audit

import (
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// mostWitnesses bounds the tokens that are tried for one grant.
const mostWitnesses = 400

// search looks for a token that the statement admits and that no Deny refuses.
// Every value that its conditions ask for is tried in every combination,
// wildcards filled in with what the provider writes there.
func (g *grant) search() {
	nearest := 0
	want, audiences, tried := g.wanted(), g.audiences(), 0
	for sub := range g.subjects() {
		for _, aud := range audiences {
			if tried++; tried > mostWitnesses {
				return
			}
			t := g.token(sub, aud, want)
			s, denied := g.put(t)
			if s.Result != policy.No && !denied {
				g.works = t
				return
			}
			if d := s.Distance(); g.near == nil || d < nearest {
				g.near, nearest, g.denied = t, d, s.Result == policy.Yes
			}
		}
	}
}

// put puts a token to the policy: the trace of the grant's own statement, and
// whether a Deny refuses it for sure.
func (g *grant) put(t *token) (s *policy.StatementTrace, denied bool) {
	trace := policy.Evaluate(g.doc, g.request(t))
	return &trace.Statements[g.statement.Index], trace.Denied == policy.Yes
}

// subjects yields values of sub that the provider could write: first those that
// the conditions of the grant ask for.
func (g *grant) subjects() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, v := range slices.Concat(slices.Collect(g.wantedSubjects()), g.sparedSubjects()) {
			if g.idp.Impossible(v) && !strings.ContainsAny(v, "*?") {
				v += "*" // it may lack its end
			}
			for sub := range g.fill(v) {
				if !g.idp.Impossible(sub) && !yield(sub) {
					return
				}
			}
		}
		for _, e := range g.idp.Examples {
			if !yield(e.Sub) {
				return
			}
		}
		if !g.idp.Impossible("subject") {
			yield("subject")
		}
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

// sparedSubjects are the values of conditions by which a Deny spares somebody:
// it refuses all others.
func (g *grant) sparedSubjects() (list []string) {
	for i := range g.doc.Statements {
		s := &g.doc.Statements[i]
		for j := range s.Conditions {
			if k := &s.Conditions[j]; s.Deny && k.Op.Negated && g.claim(k.Key.Value) != "" && g.aboutSubject(k) {
				list = append(list, policyTexts(k.Values)...)
			}
		}
	}
	return list
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
			shape := g.idp.Parse(sub).Shape
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
