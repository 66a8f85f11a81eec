package diagnose

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var conditionKeyMalformed = &Check{
	Code:  "condition-key-malformed",
	Title: "A condition key is no usable key",
	Doc: `A key for a claim is the issuer without https://, a colon, and the claim: ` + "`oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub`" + `.
An ARN, https://, a slash too many, a missing or doubled claim, or an unfilled template make a key that no request ever has.
IAM saves it all the same. Such keys come from templates; the rendered policy shows them, the template does not.

What to do: write the key as it should be, and look where the template makes it.`,
	URL:        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Errors:     []string{accessDenied},
	Supersedes: []report.Code{"condition-key-other-provider", "condition-key-unavailable"},
	Run:        findConditionKeyMalformed,
}

func findConditionKeyMalformed(c *Case) []Finding {
	var found []Finding
	for _, f := range c.Failures {
		if f.Key.Kind == keyMalformed {
			found = append(found, c.wrongKey(f, report.Finding{
				Certainty: c.certainty(f),
				Message:   fmt.Sprintf("the condition key %s of statement %d %s", quote(f.Condition.Key.Value), f.Statement.Index+1, f.Key.Fault),
			}))
		}
	}
	return found
}

// wrongKey fills a finding about a key that is not one of the token's
// provider: the key that it should be, and the value under it where the old
// one would not match.
func (c *Case) wrongKey(f Failure, out report.Finding) Finding {
	key, claim := c.repairKey(f)
	out.Where, out.Expected, out.Actual = c.atKey(f), f.Condition.Key.Value, key
	out.Notes = append(out.Notes, "a key that the request does not have fails every condition without IfExists")
	finding := Finding{Finding: out}
	if c.Host == "" {
		return finding
	}
	rename := Proposal{
		Message: fmt.Sprintf("write the key %s (%s) as %s in %s", quote(f.Condition.Key.Value), f.Condition.Operator.Value, quote(key), c.inStatement(f.Statement.Index)),
		Edits: []policy.Edit{c.edit(f, policy.Edit{
			Kind: policy.RenameKey, Operator: f.Condition.Operator.Value, Key: f.Condition.Key.Value, New: key,
		})},
	}
	finding.Proposals = c.withMatchingValue(f, claim, key, rename)
	return finding
}

// withMatchingValue extends the renaming of a key by what its values need to
// match the claim, and by taking out values of another claim.
func (c *Case) withMatchingValue(f Failure, claim, key string, rename Proposal) []Proposal {
	if c.valuesMatch(f.Condition, c.call.value(key)) {
		return []Proposal{c.withAudienceApart(f, claim, key, rename), rename}
	}
	switch claim {
	case "sub":
		var out []Proposal
		for _, p := range c.subjectProposals(f, f.Condition.Operator.Value, key) {
			p.Message = rename.Message + ", and " + p.Message
			p.Edits = append(append([]policy.Edit(nil), rename.Edits...), p.Edits...)
			out = append(out, p)
		}
		return out
	case "aud":
		p := rename
		p.Message += fmt.Sprintf(", and add %s beside its value", quote(c.Event.Audience))
		p.Edits = append(p.Edits, c.edit(f, policy.Edit{
			Kind: policy.AddValue, Operator: f.Condition.Operator.Value, Key: key, New: literal(c.Event.Audience, !f.Condition.Op.Exact()),
		}))
		return []Proposal{p}
	}
	return []Proposal{rename}
}

// withAudienceApart moves the audience out of a list for sub into a condition
// of its own: templates that write one key for both put both values there.
func (c *Case) withAudienceApart(f Failure, claim, key string, rename Proposal) Proposal {
	if claim != "sub" || !c.Event.HasAudience || len(f.Condition.Values) < 2 {
		return rename
	}
	for _, v := range f.Condition.Values {
		if v.Value != c.Event.Audience {
			continue
		}
		p := rename
		p.Message += fmt.Sprintf(", and test the audience %s under a key of its own", quote(v.Value))
		p.Edits = append(append([]policy.Edit(nil), rename.Edits...),
			c.edit(f, policy.Edit{Kind: policy.RemoveValue, Operator: f.Condition.Operator.Value, Key: key, Value: v.Value}),
			c.edit(f, policy.Edit{Kind: policy.AddCondition, Operator: "StringEquals", Key: c.Host + ":aud", New: encode(v.Value)}))
		return p
	}
	return rename
}

// valuesMatch tells whether a condition's values would match what is known of
// another key.
func (c *Case) valuesMatch(k *policy.Condition, got policy.Values) bool {
	if got.State != policy.Present {
		return got.State == policy.Hidden
	}
	for _, v := range k.Values {
		for _, g := range got.List {
			if v.Value == g || !k.Op.Exact() && policy.Like(v.Value, g) {
				return true
			}
		}
	}
	return false
}
