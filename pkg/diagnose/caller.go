package diagnose

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// judgeCaller finds out whose call it was. A denial at an issuer that is open
// to all may be right: then no fix may let the caller in.
func (c *Case) judgeCaller(ctx context.Context, acct Account) {
	if c.Options.Mine {
		c.called(report.Known, "you said that the caller is yours")
		return
	}
	if c.IDP.Open == policy.No {
		c.called(report.Known, fmt.Sprintf("only your own workloads get tokens of %s", c.Host))
		return
	}
	if c.Event.Subject == "" || c.Host == "" {
		c.called(report.Undetermined, "the record does not say who called")
		return
	}
	if !c.hasOwner {
		c.judgeByValue()
		return
	}
	c.judgeOwner(ctx, acct, c.owner)
}

func (c *Case) called(caller report.Caller, reason string) {
	c.Caller, c.CallerReason = caller, reason
}

// judgeByValue is for subjects that do not tell an owner: the caller is known
// where the role's policy names its subject or its audience. At an issuer that
// is open to all anybody can ask for any audience, but for the built-in
// providers, where it is an application.
func (c *Case) judgeByValue() {
	for _, v := range c.trustedValues(c.Policy) {
		if v == c.Event.Subject || v == c.Event.Audience && c.Event.HasAudience && (c.builtIn() || c.IDP.Open != policy.Yes) {
			c.called(report.Known, fmt.Sprintf("the trust policy names %s", quote(v)))
			return
		}
	}
	c.called(report.Undetermined, fmt.Sprintf("tokens of %s do not tell whose they are", c.Host))
}

// kinship is how a caller's owner compares with one that a policy trusts.
type kinship uint8

const (
	unrelated kinship = iota
	sameRepositoryName
	recycledName
	sameOwner
)

// judgeOwner compares the owner of the subject with those that the policies of
// the account trust: of this role first, then of all.
func (c *Case) judgeOwner(ctx context.Context, acct Account, owner idp.Owner) {
	kin, named := c.kinship(c.Policy, owner)
	if kin == sameOwner {
		c.called(report.Known, fmt.Sprintf("the trust policy trusts %s already", quote(owner.Name)))
		return
	}
	if c.Roles.Exists == policy.Unknown {
		c.Roles = acct.Roles(ctx, c.Event.AccountID)
	}
	for i := range c.Roles.Value {
		text := c.Roles.Value[i].TrustPolicy
		if !mentions(text, owner) && named {
			continue
		}
		if d, err := policy.Parse(text); err == nil {
			k, n := c.kinship(d, owner)
			kin, named = max(kin, k), named || n
		}
	}
	c.callByKinship(kin, named, owner)
}

func (c *Case) callByKinship(kin kinship, named bool, owner idp.Owner) {
	name := quote(owner.Name)
	switch {
	case kin == sameOwner:
		c.called(report.Known, fmt.Sprintf("another role of the account trusts %s", name))
	case c.Roles.Exists == policy.Unknown:
		c.called(report.Undetermined, fmt.Sprintf("it was not looked at whether another role of the account trusts %s", name))
	case kin == recycledName:
		c.called(report.Stranger, fmt.Sprintf("%s has another id than the owner of that name that the account trusts: the name was given to somebody else", name))
	case kin == sameRepositoryName:
		c.Verify = fmt.Sprintf("make sure that %s is yours (renamed or transferred, for instance); rolewhy explain --mine then shows the change", quote(owner.Name+"/"+owner.Repository))
		c.called(report.Undetermined, fmt.Sprintf("a policy trusts a %s of the same name, but of another owner than %s", c.IDP.RepositoryWord(), name))
	case !named:
		c.called(report.Undetermined, fmt.Sprintf("no policy of the account names any owner at %s", c.Host))
	default:
		c.called(report.Stranger, fmt.Sprintf("anybody can get tokens of %s, and no policy of the account trusts %s", c.Host, name))
	}
}

// mentions is a quick look whether a policy can say anything about an owner.
func mentions(text []byte, o idp.Owner) bool {
	for _, s := range []string{o.Name, o.ID, o.Repository} {
		if s != "" && containsFold(text, s) {
			return true
		}
	}
	return false
}

// kinship compares an owner with all that a policy trusts, and says whether
// the policy names any owner at all.
func (c *Case) kinship(d *policy.Document, owner idp.Owner) (kin kinship, named bool) {
	for k, v := range c.trustedValues(d) {
		key := readKey(k.Key.Value, c.Host)
		if key.Kind == keyOther && idp.Find(key.Host).Open == policy.No && c.IDP.Open == policy.Yes {
			continue // names at an issuer of one's own are not taken elsewhere
		}
		if v == owner.ID && v != "" && key.Kind == keyOwn && strings.EqualFold(key.Claim, "repository_owner_id") {
			kin, named = sameOwner, true
		}
		if o, ok := c.IDP.OwnerOfPattern(v); ok {
			kin, named = max(kin, relate(o, owner)), true
		}
	}
	return kin, named
}

// relate compares a trusted owner with the caller's. Ids decide where both
// have one; otherwise names do, without letter case.
func relate(trusted, owner idp.Owner) kinship {
	bothIDs := trusted.ID != "" && owner.ID != "" && !strings.ContainsAny(trusted.ID, "*?")
	sameName := trusted.Name != "" && strings.EqualFold(trusted.Name, owner.Name)
	switch {
	case bothIDs && trusted.ID == owner.ID:
		return sameOwner
	case bothIDs && sameName:
		return recycledName
	case sameName && !bothIDs:
		return sameOwner
	case trusted.Repository != "" && strings.EqualFold(trusted.Repository, owner.Repository):
		return sameRepositoryName
	}
	return unrelated
}

// trustedValues yields every value that an Allow statement tests for, with its
// condition.
func (c *Case) trustedValues(d *policy.Document) iter.Seq2[*policy.Condition, string] {
	return func(yield func(*policy.Condition, string) bool) {
		if d == nil {
			return
		}
		for i := range d.Statements {
			for j := range d.Statements[i].Conditions {
				k := &d.Statements[i].Conditions[j]
				if d.Statements[i].Deny || k.Op.Negated {
					continue
				}
				for _, v := range k.Values {
					if !yield(k, v.Value) {
						return
					}
				}
			}
		}
	}
}
