package audit

import (
	"iter"
	"slices"
	"strings"
)

// claiming yields ordinary strangers' subjects with what the policy wants of the
// claims that are read off a subject: the pipeline of a name that anybody gives,
// the repository of an owner whom a pattern leaves open.
func (g *grant) claiming() iter.Seq[string] {
	return func(yield func(string) bool) {
		for claim, value := range g.wantedClaims() {
			for _, sub := range g.ordinaryStrangers(g.idp) {
				for _, d := range g.idp.Derived(sub) {
					if strings.EqualFold(d.Claim, claim) && !g.claimed(sub, d.Value, value, yield) {
						return
					}
				}
			}
		}
	}
}

// claimed yields a subject with a wanted value in the place of the one it has. It
// is false where no more is asked for.
func (g *grant) claimed(sub, has, wanted string, yield func(string) bool) bool {
	if owner, ok := g.idp.OwnerOfPattern(strings.Replace(sub, has, wanted, 1)); ok && !strings.Contains(owner.Name, evil) {
		return true // the value names the owner
	}
	if !strings.ContainsAny(wanted, "*?") {
		return yield(strings.Replace(sub, has, wanted, 1))
	}
	for value := range g.expansions(wanted) {
		if !yield(strings.Replace(sub, has, value, 1)) {
			return false
		}
	}
	return true
}

// wantedClaims yields the values of conditions on further claims that a stranger
// may come up to: those that he chooses, and patterns.
func (g *grant) wantedClaims() iter.Seq2[string, string] {
	return func(yield func(claim, value string) bool) {
		for _, k := range g.tested {
			claim := g.claim(k.Key.Value)
			if claim == "" || k.Op.Negated || k.Op.Base == "Null" || g.idp.Means(claim, "sub") || g.idp.Means(claim, "aud") {
				continue
			}
			for _, v := range k.Values {
				if (slices.Contains(choosable, claim) || strings.ContainsAny(v.Value, "*?")) && !yield(claim, v.Value) {
					return
				}
			}
		}
	}
}
