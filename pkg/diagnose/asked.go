package diagnose

import (
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// askedFor tells whether the statement that a fix is for already means a
// subject: a condition on sub does so when its value, read as a pattern and
// without letter case and GitHub's ids, matches; a statement for the provider
// that tests no sub at all means everybody. Then admitting the subject is what
// the author wanted. One that carries the names of the caller with other ids is
// somebody else's, and asked for only where a value says so itself. At an issuer
// that is open to all a value that names no owner asks for nobody: another
// condition was to keep strangers out.
type askedFor struct {
	everybody bool
	caller    string       // the caller's subject, plain
	values    []meantValue // of the conditions on sub
}

// meantValue is a value of a condition on sub, as written and plain.
type meantValue struct{ text, plain string }

func (c *Case) askedFor() askedFor {
	a := askedFor{caller: plain(c.Event.Subject)}
	s := c.admitting()
	if s == nil {
		return a
	}
	a.everybody = c.names(s.Statement) && !c.meansSubjects(s.Statement) && grantsRole(s.Statement)
	for k := range c.subjectConditions(s.Statement) {
		if other, ok := principalOf(s.Statement, readKey(k.Key.Value, c.Host).Host); ok && !c.gone(other) {
			continue // it means users of another provider that the statement trusts
		}
		for _, v := range k.Values {
			if c.IDP.Open != policy.Yes || c.namesSomebody(v.Value) {
				a.values = append(a.values, meantValue{v.Value, plain(v.Value)})
			}
		}
	}
	return a
}

// names tells whether a statement trusts the provider by its name: one that
// trusts everybody means no provider's users in particular.
func (c *Case) names(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Principals, func(p policy.Principal) bool { return p.Type == "Federated" && p.Value == c.Event.Provider })
}

// grantsRole tells whether a statement is about assuming the role, and not
// about session tags and the like alone: then whom it names is to get in.
func grantsRole(s *policy.Statement) bool {
	return s.NotAction || slices.ContainsFunc(s.Actions, func(a policy.Text) bool {
		_, assume := cutPrefixFold(a.Value, "sts:AssumeRole")
		return assume || strings.Contains(a.Value, "*")
	})
}

func (a *askedFor) means(subject string) bool {
	if a.everybody {
		return true
	}
	plainSubject := plain(subject)
	recycled := strings.EqualFold(plainSubject, a.caller)
	for _, v := range a.values {
		if policy.Like(v.text, subject) || !recycled && policy.LikeFold(v.plain, plainSubject) {
			return true
		}
	}
	return false
}

// meansSubjects tells whether a statement restricts by sub, be it under a key
// that is no good.
func (c *Case) meansSubjects(s *policy.Statement) bool {
	for i := range s.Conditions {
		if c.onSubject(&s.Conditions[i]) {
			return true
		}
	}
	return false
}

// onSubject tells whether a condition is meant for sub: by the claim of its
// key, or by its values where the key names no claim.
func (c *Case) onSubject(k *policy.Condition) bool {
	reading := readKey(k.Key.Value, c.Host)
	if reading.Kind == keyMalformed && reading.Claim == "" {
		_, claim := c.repairKey(Failure{ConditionTrace: &policy.ConditionTrace{Condition: k}, Key: reading})
		return claim == "sub"
	}
	return reading.Kind != keyGlobal && c.isSubject(reading.Claim)
}

// subjectConditions yields the conditions on sub of an Allow statement that
// name who gets in.
func (c *Case) subjectConditions(s *policy.Statement) iter.Seq[*policy.Condition] {
	return func(yield func(*policy.Condition) bool) {
		for i := range s.Conditions {
			if k := &s.Conditions[i]; !s.Deny && !k.Op.Negated && c.onSubject(k) && !yield(k) {
				return
			}
		}
	}
}

// plain is a subject or a pattern without the numeric ids behind @ that
// GitHub's immutable subjects carry.
func plain(s string) string {
	if strings.IndexByte(s, '@') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		at := strings.IndexByte(s, '@')
		if at < 0 {
			break
		}
		end := at + 1
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '*') {
			end++
		}
		if end == at+1 {
			b.WriteString(s[:end]) // an @ of another kind, as before a branch
		} else {
			b.WriteString(s[:at])
		}
		s = s[end:]
	}
	b.WriteString(s)
	return b.String()
}

// samples makes subjects out of the values that the policy tests sub for, to
// see whether those it admits are admitted after a change. Values that no
// token can carry make none.
func (c *Case) samples() []string {
	const most = 24
	var out []string
	for i := range c.Policy.Statements {
		for k := range c.subjectConditions(&c.Policy.Statements[i]) {
			for _, v := range k.Values {
				if len(out) < most && !c.impossible(v.Value) {
					out = append(out, filledIn.Replace(v.Value))
				}
			}
		}
	}
	return out
}

// filledIn writes something in the place of wildcards.
var filledIn = strings.NewReplacer("*", "x", "?", "x")
