package audit

import (
	"iter"
	"slices"
	"strings"

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
		if g.near.sub == sub && nearest == 1 && !g.denied && g.isDead() {
			return // one thing stands in the way, of this token and of every other
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
		for _, v := range slices.Concat(slices.Collect(g.wantedSubjects()), g.sparedSubjects(), g.joinedSubjects()) {
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

// joinedSubjects are patterns that satisfy two values that the policy wants both
// of, one of which leaves the end open and the other the beginning:
// repo:acme/*:environment:prod of repo:acme/* and *:environment:prod.
func (g *grant) joinedSubjects() (list []string) {
	wanted := slices.Concat(slices.Collect(g.wantedSubjects()), g.sparedSubjects())
	for _, first := range wanted {
		head, open := strings.CutSuffix(first, "*")
		for _, last := range wanted {
			if len(list) < mostWitnesses && open && head != "" && last != "*" && strings.HasPrefix(last, "*") {
				list = append(list, head+last)
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
