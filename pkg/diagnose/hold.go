package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// holds is what a fixed policy must pass.
func (p *prover) holds(d *policy.Document, asked func(string) bool) bool {
	return p.admitsCall(d) && p.savable(d) && p.refusesNeighbours(d, asked) && p.keepsAdmitted(d) && p.sparesBystanders(d)
}

// admitsCall wants the denied call admitted. Where the policy tests values
// that cannot be seen, nothing that can be seen may stand in the way.
func (p *prover) admitsCall(d *policy.Document) bool {
	switch verdict(d, p.c.call, p.actions) {
	case policy.Allowed:
		return true
	case policy.Undecided:
		return p.before == policy.ImplicitlyDenied && len(p.c.Unseen) > 0
	}
	return false
}

// savable wants IAM to accept the policy
// (IAM User Guide, id_roles_providers_oidc_secure-by-default.html).
func (p *prover) savable(d *policy.Document) bool {
	err := d.Savable(p.save)
	if err != nil {
		p.refused = err
	}
	return err == nil
}

// refusesNeighbours wants everybody near the caller to stay outside, and the
// caller too with a token that was made for something else.
func (p *prover) refusesNeighbours(d *policy.Document, asked func(string) bool) bool {
	if p.refusesAudience && admits(p.verdict(d, p.c.Event.Subject, otherAudience)) {
		return false
	}
	for _, n := range p.neighbours {
		after := p.verdict(d, n, p.c.Event.Audience)
		if !admits(after) || !opened(p.verdict(p.c.Policy, n, p.c.Event.Audience), after) {
			continue
		}
		if !p.asked.means(n) && (asked == nil || !asked(n)) {
			return false
		}
	}
	return true
}

// opened tells whether a change of verdicts brings a call nearer to being let
// in. What hung on hidden values may go on doing so.
func opened(before, after policy.Verdict) bool {
	return after == policy.Allowed && before != policy.Allowed || after == policy.Undecided && !admits(before)
}

// verdict is what a policy says of the denied call, made by another subject or
// with another audience.
func (p *prover) verdict(d *policy.Document, subject, audience string) policy.Verdict {
	p.probe.subject[0], p.probe.audience[0] = subject, audience
	return verdict(d, p.probe, p.actions)
}

// admits tells whether a verdict may let a call in.
func admits(v policy.Verdict) bool { return v == policy.Allowed || v == policy.Undecided }

// keepsAdmitted wants those who got in to get in still.
func (p *prover) keepsAdmitted(d *policy.Document) bool {
	for _, s := range p.admitted {
		if p.verdict(d, s, p.c.Event.Audience) != policy.Allowed {
			return false
		}
	}
	return true
}

// testsAudience tells whether the nearest statement tests the audience, be it
// under a key that is no good.
func (c *Case) testsAudience() bool {
	if c.Nearest == nil {
		return false
	}
	for i := range c.Nearest.Statement.Conditions {
		k := &c.Nearest.Statement.Conditions[i]
		reading := readKey(k.Key.Value, c.Host)
		if !k.Op.Negated && reading.Kind != keyGlobal && c.isAudience(reading.Claim) && k.Op.Set != policy.ForAllValues {
			return true
		}
	}
	return false
}

// addSubjectTest offers each proposal once more with a test of sub where the
// statement has none and IAM saves no policy without: that is so for issuers
// which many tenants share.
func (c *Case) addSubjectTest(found []Finding) {
	s := c.Nearest
	if s == nil || c.Event.Subject == "" || s.Principal != policy.Yes || c.meansSubjects(s.Statement) || c.Policy.Savable(policy.SaveOptions{}) == nil {
		return
	}
	for i := range found {
		for _, p := range found[i].Proposals {
			p.Edits = append(append([]policy.Edit(nil), p.Edits...), policy.Edit{
				Kind: policy.AddCondition, Statement: s.Index, Operator: "StringEquals", Key: c.subjectKey(),
				New: encode(literal(c.Event.Subject, false)),
			})
			p.Message += fmt.Sprintf(", and test sub for %s", quote(c.Event.Subject))
			p.Notes = append(append([]string(nil), p.Notes...), "IAM saves a policy for this issuer only if it tests sub, since everybody can get tokens there",
				"other subjects that the statement let in until now no longer get in: add those that are yours")
			found[i].Proposals = append(found[i].Proposals, p)
		}
		if len(found[i].Proposals) > 0 {
			return
		}
	}
}
