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
	like                    *call
	host, subject, audience string
	principal               string
	intruder                bool // the subject is nobody's whom the policy names
	before                  policy.Verdict
}

// stranger is a subject that no policy names.
const stranger = "stranger.invalid"

// bystanders makes calls with tokens of the other providers: by the subjects
// that the policy names, and by a stranger.
func (c *Case) bystanders() []bystander {
	var out []bystander
	for _, principal := range c.otherPrincipals() {
		out = append(out, c.bystandersOf(principal)...)
	}
	for i := range out {
		out[i].before = out[i].verdict(c.Policy)
	}
	return out
}

// otherPrincipals lists the other providers that the policy trusts and that
// may still have users: by name, or with everybody.
func (c *Case) otherPrincipals() []string {
	var out []string
	for i := range c.Policy.Statements {
		s := &c.Policy.Statements[i]
		for _, p := range s.Principals {
			switch {
			case s.Deny:
			case p.Type == "AWS" && p.Value == "*":
				out = append(out, c.principalsMeant(s)...)
			case p.Type == "Federated" && p.Value != c.Event.Provider && hostOf(p.Value) != "" && !c.gone(p.Value):
				out = append(out, p.Value)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// principalsMeant lists the providers whose keys a statement for everybody
// tests, and one more.
func (c *Case) principalsMeant(s *policy.Statement) []string {
	prefix := "arn:aws:iam::" + c.Event.AccountID + ":oidc-provider/"
	out := []string{prefix + stranger}
	for i := range s.Conditions {
		if key := readKey(s.Conditions[i].Key.Value, c.Host); key.Kind == keyOther {
			out = append(out, prefix+key.Host)
		}
	}
	return out
}

// bystandersOf makes the calls for one provider.
func (c *Case) bystandersOf(principal string) []bystander {
	const most = 6
	host := hostOf(principal)
	audiences := append(c.tested(host+":aud"), c.Event.Audience)
	subjects := append(c.tested(host+":sub"), stranger)
	var out []bystander
	for _, s := range subjects[max(0, len(subjects)-most):] {
		for _, a := range audiences[max(0, len(audiences)-most):] {
			out = append(out, bystander{like: c.call, host: host, principal: principal, subject: s, audience: a, intruder: s == stranger})
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

// value is what the call has of a condition key: beside the claims of its token
// what the caller's has.
func (b *bystander) value(key string) policy.Values {
	reading := readKey(key, b.host)
	switch {
	case strings.EqualFold(key, "aws:FederatedProvider"):
		return policy.Value(b.principal)
	case reading.Kind == keyGlobal:
		return b.like.value(key)
	case reading.Kind != keyOwn:
		return policy.AbsentValue
	case strings.EqualFold(reading.Claim, "sub"):
		return policy.Value(b.subject)
	case strings.EqualFold(reading.Claim, "aud"):
		return policy.Value(b.audience)
	}
	return policy.HiddenValue
}
