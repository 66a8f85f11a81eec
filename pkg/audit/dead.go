package audit

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// isDead tells whether what stands in the way of the nearest witness stands in
// the way of every token. That none of the tokens that were tried is admitted
// is no proof: a pattern may want one that nobody thought of.
func (g *grant) isDead() bool {
	if g.denied {
		return g.deniesAll()
	}
	s, _ := g.put(g.near)
	if s.Action == policy.No || g.contradicts() != nil {
		return true
	}
	return slices.ContainsFunc(s.Conditions, func(k policy.ConditionTrace) bool { return k.Result == policy.No && g.fatal(&k) })
}

// fatal tells whether a condition that the nearest witness fails is failed by
// every token of the provider.
func (g *grant) fatal(k *policy.ConditionTrace) bool {
	claim := g.claim(k.Key.Value)
	switch {
	case k.Op.Negated || k.Op.Base == "Null":
		return false
	case isGlobal(k.Key.Value):
		return k.Got.State == policy.Absent
	case claim == "", g.idp.Offers(claim, g.now).State != idp.Offered:
		return true
	case g.idp.Means(claim, "sub"):
		return !slices.ContainsFunc(k.Condition.Values, func(v policy.Text) bool { return g.mayBeSubject(k.Op, v.Value) })
	case g.idp.Means(claim, "aud"):
		return g.provider.Exists == policy.Yes && !g.builtIn()
	}
	return false
}

// mayBeSubject tells whether some token may satisfy a value of a condition on
// the subject.
func (g *grant) mayBeSubject(op policy.Operator, value string) bool {
	return !g.idp.Impossible(value) && (!op.Exact() || !strings.ContainsAny(value, "*?") || strings.Contains(value, "${"))
}

// deniesAll tells whether a Deny refuses whomever the statement admits: all
// tokens of the provider, or those of all subjects that the statement wants.
func (g *grant) deniesAll() bool {
	trace := policy.Evaluate(g.doc, g.request(g.near))
	return slices.ContainsFunc(trace.Statements, func(s policy.StatementTrace) bool {
		return s.Deny && s.Result == policy.Yes && g.coversAll(s.Statement)
	})
}

// coversAll tells whether a Deny that refuses the nearest witness refuses every
// subject that the statement wants.
func (g *grant) coversAll(s *policy.Statement) bool {
	if len(s.Conditions) == 0 {
		return true
	}
	if k := &s.Conditions[0]; len(s.Conditions) == 1 && k.Op.Negated && g.claim(k.Key.Value) != "" && g.aboutSubject(k) {
		return slices.ContainsFunc(g.subjectConditions(), func(wanted *policy.Condition) bool {
			return allDisjoint(policyTexts(wanted.Values), policyTexts(k.Values))
		})
	}
	return false
}
