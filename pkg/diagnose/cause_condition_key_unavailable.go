package diagnose

import (
	"fmt"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var conditionKeyUnavailable = &Check{
	Code:  "condition-key-unavailable",
	Title: "A condition tests a claim that the request does not have",
	Doc: `STS makes condition keys of few claims: aud, sub, amr, oaud and email for every provider, and since early 2026 a list of
further ones for GitHub, GitLab.com, CircleCI, Buildkite and Google. Every other claim of the token is dropped, so a condition on
it sees a missing key and fails; iss is the one seen most. The same holds for a claim that this token lacks.

What to do: test sub instead, which names the same thing for most providers. Never use ForAllValues as a cure: it is true
for a missing key and so tests nothing.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Errors: []string{accessDenied},
	Run:    findConditionKeyUnavailable,
}

func findConditionKeyUnavailable(c *Case) []Finding {
	var found []Finding
	for _, f := range c.Failures {
		if f.Got.State == policy.Absent && f.Key.Kind == keyOwn {
			found = append(found, c.unavailable(f))
		}
	}
	return found
}

func (c *Case) unavailable(f Failure) Finding {
	reason, certainty := c.whyAbsent(f)
	out := Finding{Finding: report.Finding{
		Certainty: certainty, Where: c.atKey(f), Expected: nearestValue(f.Condition, ""),
		Message: fmt.Sprintf("%s of statement %d is not in the request: %s", f.Condition.Key.Value, f.Statement.Index+1, reason),
		Notes:   []string{"a condition on a key that the request does not have fails"},
	}}
	if !c.neverThere(f) {
		out.Fixes = append(out.Fixes, report.Fix{
			Target:  report.CallerSide,
			Message: fmt.Sprintf("have the token carry %s as %s wants it: %s", claimName(f), c.inStatement(f.Statement.Index), list(values(f.Condition))),
		})
	}
	out.Proposals = c.insteadOf(f)
	return out
}

// whyAbsent says why a request lacks a key.
func (c *Case) whyAbsent(f Failure) (string, report.Certainty) {
	switch offer := c.IDP.Offers(f.Key.Claim, c.Event.Time); offer.State {
	case idp.NotYet:
		return fmt.Sprintf("STS offers it for %s only since %s, after this call", c.IDP.Name, offer.Since.Format("January 2006")), c.certainty(f)
	case idp.Unlisted:
		return fmt.Sprintf("it is not among the claims of %s that STS is known to offer as of November 2026", c.IDP.Name), report.Likely
	case idp.Offered:
		return "this token does not carry the claim", c.certainty(f)
	}
	return fmt.Sprintf("STS does not make a condition key of the claim %s of %s", quote(f.Key.Claim), c.IDP.Name), c.certainty(f)
}

// neverThere tells whether no call of this provider can have the key, now as
// then.
func (c *Case) neverThere(f Failure) bool {
	if f.Key.Kind == keyGlobal {
		return true
	}
	state := c.IDP.Offers(f.Key.Claim, c.Event.Time).State
	return state == idp.NotOffered || state == idp.Unlisted
}

// insteadOf proposes to test sub in the place of a key that no request has.
// Nobody ever met the condition, so nobody is shut out.
func (c *Case) insteadOf(f Failure) []Proposal {
	operator, key := f.Condition.Operator.Value, f.Condition.Key.Value
	if !c.neverThere(f) {
		return nil
	}
	p := Proposal{
		Message: fmt.Sprintf("take the condition on %s, which no token can meet, out of %s; the conditions on sub and aud stay", quote(key), c.inStatement(f.Statement.Index)),
		Edits:   []policy.Edit{c.edit(f, policy.Edit{Kind: policy.RemoveCondition, Operator: operator, Key: key})},
	}
	switch named, open := c.subjectTest(f.Statement.Statement); {
	case named == nil && open == nil:
		p.Message = fmt.Sprintf("test %s in the place of %s in %s", quote(c.subjectKey()), quote(key), c.inStatement(f.Statement.Index))
		p.Edits = append(p.Edits, c.edit(f, policy.Edit{
			Kind: policy.AddCondition, Operator: "StringEquals", Key: c.subjectKey(), New: encode(literal(c.Event.Subject, false)),
		}))
	case named == nil:
		p.Message = fmt.Sprintf("name the subject %s in the place of the condition on %s in %s", quote(c.Event.Subject), quote(key), c.inStatement(f.Statement.Index))
		p.Edits = append(p.Edits, c.nameSubject(f, open)...)
	case f.Key.Claim != "iss":
		p.Loosens = true
		p.Admits = "every call that meets the other conditions, whatever " + claimName(f) + " is"
	}
	return []Proposal{p}
}

// nameSubject writes the subject in the place of the values of a condition on
// sub: under another condition they were enough, without it they name nobody.
func (c *Case) nameSubject(f Failure, k *policy.Condition) []policy.Edit {
	var edits []policy.Edit
	at := policy.Edit{Statement: f.Statement.Index, Operator: k.Operator.Value, Key: k.Key.Value}
	text := literal(c.Event.Subject, !k.Op.Exact())
	named := slices.Contains(values(k), text)
	for _, v := range k.Values {
		e := at
		e.Kind, e.Value = policy.RemoveValue, v.Value
		if !named {
			e.Kind, e.New, named = policy.ReplaceValue, text, true
		} else if v.Value == text {
			continue
		}
		edits = append(edits, e)
	}
	return edits
}

// subjectTest finds the condition on the token's subject: named, all of whose
// values name somebody, or open, where there is none such.
func (c *Case) subjectTest(s *policy.Statement) (named, open *policy.Condition) {
	for i := range s.Conditions {
		k := &s.Conditions[i]
		reading := readKey(k.Key.Value, c.Host)
		if reading.Kind != keyOwn || !c.isSubject(reading.Claim) || k.Op.Negated || k.Op.Base == "Null" || k.Op.Set == policy.ForAllValues {
			continue
		}
		if !slices.ContainsFunc(values(k), func(v string) bool { return !c.namesSomebody(v) }) {
			return k, nil
		}
		open = k
	}
	return nil, open
}
