package diagnose

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// bystander is a call with a token of another provider than the caller's. A
// fix is not about it: it must neither shut it out nor, where nobody asked for
// its subject, let it in.
type bystander struct {
	host, subject, audience string
	principal               string
	intruder                bool // the subject is nobody's whom the policy names
	before                  policy.Verdict
}

// stranger is a subject that no policy names.
const stranger = "stranger.invalid"

// bystanders makes calls for every other provider that the policy trusts and
// that may still have users: by the subjects that it names, and by a stranger.
func (c *Case) bystanders() []bystander {
	var out []bystander
	for i := range c.Policy.Statements {
		for _, p := range c.Policy.Statements[i].Principals {
			if p.Type != "Federated" || p.Value == c.Event.Provider || hostOf(p.Value) == "" || c.gone(p.Value) ||
				slices.ContainsFunc(out, func(b bystander) bool { return b.principal == p.Value }) {
				continue
			}
			out = append(out, c.bystandersOf(p.Value)...)
		}
	}
	for i := range out {
		out[i].before = out[i].verdict(c.Policy)
	}
	return out
}

// bystandersOf makes the calls for one provider.
func (c *Case) bystandersOf(principal string) []bystander {
	const most = 8
	host := hostOf(principal)
	audiences := append(c.tested(host+":aud"), c.Event.Audience)
	subjects := append(c.tested(host+":sub"), stranger)
	var out []bystander
	for _, s := range subjects[max(0, len(subjects)-most):] {
		for _, a := range audiences[:min(len(audiences), 2)] {
			out = append(out, bystander{host: host, principal: principal, subject: s, audience: a, intruder: s == stranger})
		}
	}
	return out
}

// tested lists the values that Allow statements test a key for, with wildcards
// filled in.
func (c *Case) tested(key string) []string {
	var out []string
	for k, v := range c.trustedValues(c.Policy) {
		if strings.EqualFold(k.Key.Value, key) {
			out = append(out, filledIn.Replace(v))
		}
	}
	return out
}

// sparesBystanders wants the calls with tokens of other providers to fare as
// they did, but for subjects that the policy names and that could not get in.
func (p *prover) sparesBystanders(d *policy.Document) bool {
	for i := range p.bystanders {
		b := &p.bystanders[i]
		if now := b.verdict(d); opened(now, b.before) || b.intruder && opened(b.before, now) {
			return false
		}
	}
	return true
}

func (b *bystander) verdict(d *policy.Document) policy.Verdict {
	return policy.Decide(d, &policy.Request{Action: actionAssume, Principal: b.principal, Condition: b.value})
}

// value is what the call has of a condition key. What it sends beside subject
// and audience is not known.
func (b *bystander) value(key string) policy.Values {
	reading := readKey(key, b.host)
	switch {
	case reading.Kind == keyGlobal:
		return policy.HiddenValue
	case reading.Kind != keyOwn:
		return policy.AbsentValue
	case strings.EqualFold(reading.Claim, "sub"):
		return policy.Value(b.subject)
	case strings.EqualFold(reading.Claim, "aud"):
		return policy.Value(b.audience)
	}
	return policy.HiddenValue
}
