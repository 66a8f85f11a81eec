package awsaccount

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Role implements diagnose.Account.
func (a *Account) Role(ctx context.Context, roleARN string) diagnose.Known[diagnose.Role] {
	return await(ctx, a, a.role(roleARN), "iam:GetRole on "+roleARN)
}

func (a *Account) role(roleARN string) *reading[diagnose.Role] {
	return byARN(a, a.roles, roleARN, "role/", readRole)
}

// readRole compares the ARN that IAM answers with, as it looks a role up by
// its bare name: a role of that name under another path is not the one that
// was asked for.
func readRole(ctx context.Context, at *services, roleARN string) seen[diagnose.Role] {
	name := roleARN[strings.LastIndexByte(roleARN, '/')+1:]
	out, err := at.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case absent(err):
		return missing[diagnose.Role]()
	case err != nil:
		return unseen[diagnose.Role](refused(err, "iam:GetRole on "+roleARN))
	case out.Role == nil:
		return unseen[diagnose.Role](hollow("iam:GetRole on " + roleARN))
	}
	there := role(*out.Role)
	if there.ARN != roleARN {
		return missing[diagnose.Role]()
	}
	return found(there)
}

// Roles implements diagnose.Account. The roles come without tags, which IAM
// does not list.
func (a *Account) Roles(ctx context.Context, account string) diagnose.Known[[]diagnose.Role] {
	return awaitSlow(ctx, a, a.roleLists.get(account, in(a, account, readRoles)), "iam:ListRoles on *")
}

func readRoles(ctx context.Context, at *services) seen[[]diagnose.Role] {
	roles := []diagnose.Role{}
	pages := iam.NewListRolesPaginator(at.iam, &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return unseen[[]diagnose.Role](refused(err, "iam:ListRoles on *"))
		}
		for _, r := range page.Roles {
			roles = append(roles, role(r))
		}
	}
	return found(roles)
}

func role(r types.Role) diagnose.Role {
	tags := make(map[string]string, len(r.Tags))
	for _, t := range r.Tags {
		tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return diagnose.Role{
		ARN:         aws.ToString(r.Arn),
		TrustPolicy: document(aws.ToString(r.AssumeRolePolicyDocument)),
		Created:     aws.ToTime(r.CreateDate),
		MaxSession:  int(aws.ToInt32(r.MaxSessionDuration)),
		Tags:        tags,
	}
}

// document undoes the URL encoding (RFC 3986, so "+" stands for itself) in
// which IAM returns policies.
func document(s string) []byte {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return []byte(s)
}
