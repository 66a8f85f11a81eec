package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var audienceMismatch = &Check{
	Code:  "audience-mismatch",
	Title: "The condition on aud does not match the token's audience",
	Doc: `The trust policy wants an audience that the token does not carry. The audience is whatever the client asked the identity
provider for: the AWS login action asks for sts.amazonaws.com, EKS uses it everywhere (in China too), CircleCI puts its
organization id there, Cognito the id of the identity pool.

Where a token has the claim azp, STS takes azp for aud; the token's own audience is then tested as oaud.

What to do: test for the audience that the token carries, in the same statement as the subject.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Errors: []string{accessDenied},
	Run:    findAudienceMismatch,
}

func findAudienceMismatch(c *Case) []Finding {
	var found []Finding
	for _, f := range c.Failures {
		if f.Key.Kind == keyOwn && strings.EqualFold(f.Key.Claim, "aud") && f.Condition.Op.Base != "Null" && f.Got.State == policy.Present {
			found = append(found, c.audienceFinding(f))
		}
	}
	return found
}

func (c *Case) audienceFinding(f Failure) Finding {
	aud := c.Event.Audience
	value := nearestValue(f.Condition, aud)
	out := Finding{Finding: report.Finding{
		Certainty: c.certainty(f), Where: c.at(f), Expected: value, Actual: aud, Pattern: !f.Condition.Op.Exact(),
		Message: fmt.Sprintf("the token's audience is %s, and the condition on aud of statement %d does not accept it", quote(aud), f.Statement.Index+1),
	}}
	if hint := c.audienceHint(value); hint != "" {
		out.Notes = append(out.Notes, hint)
	}
	if f.Condition.Op.Negated {
		return out
	}
	if azp, ok := c.originalAudience(f, value); ok {
		out.Notes = append(out.Notes, "the token carries azp, which STS takes for aud; the audience itself is tested as oaud")
		out.Proposals = append(out.Proposals, azp)
	}
	out.Proposals = append(out.Proposals, c.audienceProposal(f, value))
	if instead := c.IDP.AudienceFix(value); instead != "" {
		out.Fixes = []report.Fix{{Target: report.CallerSide, Message: "leave the policy as it is, and " + instead}}
	}
	return out
}

func (c *Case) audienceHint(value string) string {
	return c.IDP.AudienceHint(value, c.Event.Audience, c.Event.Partition())
}

// audienceProposal lets the audience of the token in: in the place of a value
// that no token of the provider can carry, as the provider does not register
// it, beside it otherwise.
func (c *Case) audienceProposal(f Failure, value string) Proposal {
	operator, key, aud := f.Condition.Operator.Value, f.Condition.Key.Value, c.Event.Audience
	text := literal(aud, !f.Condition.Op.Exact())
	e := policy.Edit{Kind: policy.AddValue, Operator: operator, Key: key, New: text}
	message := fmt.Sprintf("add %s to the values of", quote(text))
	if c.unregistered(value) {
		e = policy.Edit{Kind: policy.ReplaceValue, Operator: operator, Key: key, Value: value, New: text}
		message = fmt.Sprintf("replace %s by %s in", quote(value), quote(text))
	}
	return Proposal{
		Message: fmt.Sprintf("%s %s in %s", message, c.condition(operator, key), c.inStatement(f.Statement.Index)),
		Edits:   []policy.Edit{c.edit(f, e)},
	}
}

// unregistered tells whether the account's provider is known not to accept an
// audience, so that no token with it comes as far as the trust policy.
func (c *Case) unregistered(aud string) bool {
	if c.Provider.Exists != policy.Yes || strings.ContainsAny(aud, "*?$") {
		return false
	}
	for _, id := range c.Provider.Value.ClientIDs {
		if id == aud {
			return false
		}
	}
	return len(c.Provider.Value.ClientIDs) > 0
}

// originalAudience is for tokens with azp, whose own audience is what the
// policy wants: it is tested as oaud, and azp as aud.
func (c *Case) originalAudience(f Failure, value string) (Proposal, bool) {
	oaud := c.call.value(c.Host + ":oaud")
	if oaud.State != policy.Present || len(oaud.List) != 1 || oaud.List[0] != value {
		return Proposal{}, false
	}
	operator, key := f.Condition.Operator.Value, f.Condition.Key.Value
	return Proposal{
		Notes: []string{fmt.Sprintf("a token without azp whose audience is %s no longer gets in", quote(value))},
		Message: fmt.Sprintf("test %s as %s, and %s as %s, in %s", quote(value), c.Host+":oaud",
			quote(c.Event.Audience), c.Host+":aud", c.inStatement(f.Statement.Index)),
		Edits: []policy.Edit{
			c.edit(f, policy.Edit{Kind: policy.RenameKey, Operator: operator, Key: key, New: c.Host + ":oaud"}),
			c.edit(f, policy.Edit{Kind: policy.AddCondition, Operator: operator, Key: c.Host + ":aud", New: encode(literal(c.Event.Audience, !f.Condition.Op.Exact()))}),
		},
	}, true
}
