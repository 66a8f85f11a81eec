package awsaccount

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Role implements diagnose.Account. IAM looks a role up by its bare name, so
// the ARN it answers with is compared: a role of that name under another path
// is not the one that was asked for.
func (a *Account) Role(ctx context.Context, roleARN string) diagnose.Known[diagnose.Role] {
	parsed, err := arn.Parse(roleARN)
	name := roleARN[strings.LastIndexByte(roleARN, '/')+1:]
	if err != nil || !strings.HasPrefix(parsed.Resource, "role/") {
		return diagnose.Missing[diagnose.Role]()
	}
	out, err := a.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		return unseen[diagnose.Role](ctx, a, parsed.AccountID, err, "iam:GetRole on "+roleARN)
	}
	found := role(*out.Role)
	if found.ARN == roleARN {
		return diagnose.Found(found)
	}
	if why := a.elsewhere(ctx, parsed.AccountID); why != "" {
		return diagnose.Unseen[diagnose.Role](why)
	}
	return diagnose.Missing[diagnose.Role]()
}

// Roles implements diagnose.Account. The roles come without tags, which IAM
// does not list.
func (a *Account) Roles(ctx context.Context, account string) diagnose.Known[[]diagnose.Role] {
	if why := a.elsewhere(ctx, account); why != "" {
		return diagnose.Unseen[[]diagnose.Role](why)
	}
	roles := []diagnose.Role{}
	pages := iam.NewListRolesPaginator(a.iam, &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return unseen[[]diagnose.Role](ctx, a, account, err, "iam:ListRoles on *")
		}
		for _, r := range page.Roles {
			roles = append(roles, role(r))
		}
	}
	return diagnose.Found(roles)
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
