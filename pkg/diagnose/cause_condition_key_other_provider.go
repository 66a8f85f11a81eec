package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var conditionKeyOtherProvider = &Check{
	Code:  "condition-key-other-provider",
	Title: "A condition key belongs to another provider than the token's",
	Doc: `The keys of a provider exist only in calls with tokens of that provider. A condition on ` + "`gitlab.com:sub`" + ` can never hold for
a token of GitHub, nor one on the key of the old cluster for a token of the new one. Two clusters in one statement with
conditions on both can never match at all: conditions are ANDed.

What to do: write the keys with the issuer of the token, or give each provider a statement of its own.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Errors: []string{accessDenied},
	Run:    findConditionKeyOtherProvider,
}

func findConditionKeyOtherProvider(c *Case) []Finding {
	var found []Finding
	for i, f := range c.Failures {
		if f.Key.Kind != keyOther || c.sameKeyHostBefore(i) {
			continue
		}
		finding := c.wrongKey(f, report.Finding{
			Certainty: c.certainty(f),
			Message: fmt.Sprintf("the condition key %s of statement %d belongs to another provider than the token's, %s",
				quote(f.Condition.Key.Value), f.Statement.Index+1, quote(c.Host)),
		})
		finding.Proposals = c.otherProviderProposals(f, finding.Proposals)
		finding.Covered = finding.Proposals == nil
		for _, h := range idp.HostHints(f.Key.Host, c.Host) {
			finding.Notes = append(finding.Notes, h.Text)
		}
		found = append(found, finding)
	}
	return found
}

// sameKeyHostBefore tells whether an earlier failure is about the same other
// provider: one finding speaks for all of its keys.
func (c *Case) sameKeyHostBefore(i int) bool {
	for _, f := range c.Failures[:i] {
		if f.Key.Kind == keyOther && strings.EqualFold(f.Key.Host, c.Failures[i].Key.Host) {
			return true
		}
	}
	return false
}

// otherProviderProposals renames all keys of the other provider, or takes the
// statement apart where it is meant for both providers. Where the principal is
// another provider as well, the finding about it proposes the change.
func (c *Case) otherProviderProposals(f Failure, rename []Proposal) []Proposal {
	if f.Statement.Principal != policy.Yes {
		return nil
	}
	if other, ok := principalOf(f.Statement.Statement, f.Key.Host); ok {
		if split, ok := c.splitStatement(f, other); ok {
			return []Proposal{split, resort(c.addStatement())}
		}
		return []Proposal{c.addStatement()}
	}
	return c.withOtherKeys(f, rename)
}

// withOtherKeys extends each proposal by the renaming of the other keys of the
// same other provider, under the first claim's condition or not.
func (c *Case) withOtherKeys(first Failure, proposals []Proposal) []Proposal {
	var edits []policy.Edit
	for _, f := range c.Failures {
		if f.Key.Kind != keyOther || !strings.EqualFold(f.Key.Host, first.Key.Host) || f.Condition == first.Condition {
			continue
		}
		key, claim := c.repairKey(f)
		rename := Proposal{Edits: []policy.Edit{c.edit(f, policy.Edit{
			Kind: policy.RenameKey, Operator: f.Condition.Operator.Value, Key: f.Condition.Key.Value, New: key,
		})}}
		if all := c.withMatchingValue(f, claim, key, rename); len(all) > 0 {
			edits = append(edits, all[len(all)-1].Edits...)
		}
	}
	if len(edits) > 0 {
		for i := range proposals {
			proposals[i].Edits = append(append([]policy.Edit(nil), proposals[i].Edits...), edits...)
			proposals[i].Message = fmt.Sprintf("write the keys of %s in %s with the token's issuer, %s", quote(first.Key.Host), c.inStatement(first.Statement.Index), quote(c.Host))
		}
	}
	return proposals
}

// principalOf is the principal of a statement that is the provider with this
// key host.
func principalOf(s *policy.Statement, host string) (string, bool) {
	for _, p := range s.Principals {
		if p.Type == "Federated" && host != "" && strings.EqualFold(hostOf(p.Value), host) {
			return p.Value, true
		}
	}
	return "", false
}

// splitStatement gives each of two providers a statement of its own: the
// conditions on both together could never hold.
func (c *Case) splitStatement(f Failure, other string) (p Proposal, ok bool) {
	p = Proposal{
		Message: fmt.Sprintf("give each provider a statement of its own: %s for %s, a new one for %s", c.inStatement(f.Statement.Index), quote(c.Host), quote(f.Key.Host)),
		Edits:   []policy.Edit{c.edit(f, policy.Edit{Kind: policy.RemovePrincipal, Value: other})},
	}
	theirs := newStatement{Principal: other, Actions: textValues(f.Statement.Statement.Actions)}
	for i := range f.Statement.Statement.Conditions {
		k := &f.Statement.Statement.Conditions[i]
		reading := readKey(k.Key.Value, c.Host)
		foreign := reading.Kind == keyOther && strings.EqualFold(reading.Host, f.Key.Host)
		if foreign {
			p.Edits = append(p.Edits, c.edit(f, policy.Edit{Kind: policy.RemoveCondition, Operator: k.Operator.Value, Key: k.Key.Value}))
			ok = ok || strings.EqualFold(reading.Claim, "sub") && !k.Op.Negated
		}
		if foreign || reading.Kind != keyOwn {
			theirs.Conditions = append(theirs.Conditions, condition{k.Operator.Value, k.Key.Value, values(k)})
		}
	}
	p.Edits = append(p.Edits, policy.Edit{Kind: policy.AddStatement, New: theirs.json()})
	return p, ok && !f.Statement.NotAction
}
