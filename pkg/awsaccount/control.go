package awsaccount

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// ResourceControlPolicies implements diagnose.Account. Only the organization's
// management account and delegated administrators can read them; see
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func (a *Account) ResourceControlPolicies(ctx context.Context, account string) diagnose.Known[[]diagnose.NamedPolicy] {
	return awaitSlow(ctx, a, a.control(account), "organizations:ListPoliciesForTarget")
}

func (a *Account) control(account string) *reading[[]diagnose.NamedPolicy] {
	return a.controls.get(account, func(ctx context.Context) seen[[]diagnose.NamedPolicy] {
		own := a.identity(ctx)
		c := &climb{org: a.org, account: cmp.Or(account, own), own: own, seen: []diagnose.NamedPolicy{}}
		if gap := c.climb(ctx); gap != nil {
			return partly(c.seen, len(c.seen) > 0, gap)
		}
		return found(c.seen)
	})
}

// climb collects the resource control policies from an account up to the root
// of its organization.
type climb struct {
	org     organizationsAPI
	account string
	own     string // account of the credentials; "" where it is not known
	seen    []diagnose.NamedPolicy
}

// climb begins with whether such policies can bind the account at all: they do
// not outside an organization, nor in the management account of one.
func (c *climb) climb(ctx context.Context) *gap {
	out, err := c.org.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	switch {
	case code(err) == "AWSOrganizationsNotInUseException" && c.own == c.account:
		return nil
	case err != nil:
		return c.refused(err, "organizations:DescribeOrganization")
	case out.Organization == nil:
		return hollow("organizations:DescribeOrganization")
	case aws.ToString(out.Organization.MasterAccountId) == c.account:
		return nil
	}
	return c.up(ctx, c.account)
}

// maxLevels is how deep an organization can be: the account, five levels of
// organizational units, the root.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
const maxLevels = 7

func (c *climb) up(ctx context.Context, target string) *gap {
	for range maxLevels {
		if g := c.policies(ctx, target); g != nil {
			return g
		}
		if isRoot(target) {
			return nil
		}
		parent, g := c.parent(ctx, target)
		if g != nil || parent == "" {
			return g
		}
		target = parent
	}
	return nil
}

// parent is the one parent that everything but a root has. Pages may be empty.
func (c *climb) parent(ctx context.Context, child string) (string, *gap) {
	pages := organizations.NewListParentsPaginator(c.org, &organizations.ListParentsInput{ChildId: &child})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", c.refused(err, "organizations:ListParents")
		}
		for _, p := range page.Parents {
			return aws.ToString(p.Id), nil
		}
	}
	return "", nil
}

// isRoot tells the id of a root, as opposed to that of a unit ("ou-") or of an
// account.
func isRoot(target string) bool { return strings.HasPrefix(target, "r-") }

func (c *climb) policies(ctx context.Context, target string) *gap {
	pages := organizations.NewListPoliciesForTargetPaginator(c.org, &organizations.ListPoliciesForTargetInput{
		TargetId: &target, Filter: types.PolicyTypeResourceControlPolicy,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return c.refused(err, "organizations:ListPoliciesForTarget")
		}
		for _, p := range page.Policies {
			if g := c.policy(ctx, p); g != nil {
				return g
			}
		}
	}
	return nil
}

// policy reads one policy. The one that AWS manages allows everything.
func (c *climb) policy(ctx context.Context, p types.PolicySummary) *gap {
	id := aws.ToString(p.Id)
	if p.AwsManaged || slices.ContainsFunc(c.seen, func(s diagnose.NamedPolicy) bool { return s.ID == id }) {
		return nil
	}
	out, err := c.org.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: p.Id})
	if err != nil {
		return c.refused(err, "organizations:DescribePolicy")
	}
	if out.Policy == nil {
		return hollow("organizations:DescribePolicy")
	}
	c.seen = append(c.seen, diagnose.NamedPolicy{ID: id, Name: aws.ToString(p.Name), Document: []byte(aws.ToString(out.Policy.Content))})
	return nil
}

// strangers are the codes for an account of another organization, or of none.
var strangers = []string{"AWSOrganizationsNotInUseException", "TargetNotFoundException", "ChildNotFoundException", "AccountNotFoundException"}

func (c *climb) refused(err error, action string) *gap {
	if slices.Contains(strangers, code(err)) {
		return &gap{why: "account " + c.account + " is not in the organization of the credentials at hand"}
	}
	g := refused(err, action)
	if !g.passing {
		g.why += " in the management account of the organization, or in one that it delegates policies to"
	}
	return g
}
