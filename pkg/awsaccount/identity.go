package awsaccount

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// at returns the services of an account, or why it is not seen. An account
// that is not named, and every account as long as it cannot be determined
// whose the credentials are, counts as that of the credentials.
func (a *Account) at(ctx context.Context, account string) (*services, *gap) {
	own := a.identity(ctx)
	switch {
	case own == "", account == "", own == account:
		return a.home, nil
	case a.options.MemberRole == "" || !isAccount(account):
		return nil, &gap{why: elsewhere(account, own)}
	}
	return a.member(ctx, account)
}

// Holds is whether an account can be asked: that of the credentials, and any
// other where there is a member role. It is true where it cannot be determined
// whose the credentials are.
func (a *Account) Holds(ctx context.Context, account string) bool {
	own := a.identity(ctx)
	return own == "" || own == account || a.options.MemberRole != "" && isAccount(account)
}

// in makes a reading of one that needs the services of an account. Where the
// account is not seen, neither is what would be read.
func in[T any](a *Account, account string, read func(context.Context, *services) seen[T]) func(context.Context) seen[T] {
	return func(ctx context.Context) seen[T] {
		at, gap := a.at(ctx, account)
		if gap != nil {
			return unseen[T](gap)
		}
		return read(ctx, at)
	}
}

// byARN is the reading of the one thing that has an ARN, in the account that
// the ARN names. There is none whose resource does not begin with prefix.
func byARN[T any](a *Account, m *memo[T], id, prefix string, read func(ctx context.Context, at *services, id string) seen[T]) *reading[T] {
	parsed, err := arn.Parse(id)
	if err != nil || !strings.HasPrefix(parsed.Resource, prefix) {
		return known(missing[T]())
	}
	return m.get(id, in(a, parsed.AccountID, func(ctx context.Context, at *services) seen[T] { return read(ctx, at, id) }))
}

func elsewhere(account, own string) string {
	return "it belongs to account " + account + ", and the credentials at hand are of account " + own
}

// identity returns the account of the credentials, or "".
func (a *Account) identity(ctx context.Context) string {
	if a.options.Account != "" {
		return a.options.Account
	}
	r := a.identities.get("", a.readIdentity)
	select {
	case <-r.done:
		return r.out.Value
	case <-ctx.Done():
		return ""
	}
}

// readIdentity needs no permission:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (a *Account) readIdentity(ctx context.Context) seen[string] {
	if account := a.named(ctx); account != "" {
		return found(account)
	}
	out, err := a.sts.GetCallerIdentity(ctx, nil)
	if err != nil {
		return unseen[string](refused(err, "sts:GetCallerIdentity"))
	}
	return found(aws.ToString(out.Account))
}

// member returns the services of another account, whose role is assumed once.
func (a *Account) member(ctx context.Context, account string) (*services, *gap) {
	role := "arn:" + a.partition + ":iam::" + account + ":role/" + strings.TrimPrefix(a.options.MemberRole, "/")
	need := "sts:AssumeRole on " + role
	r := a.members.get(account, func(ctx context.Context) seen[*services] {
		there, err := a.assume(ctx, role)
		if err != nil {
			return unseen[*services](refused(err, need))
		}
		return found(there)
	})
	select {
	case <-r.done:
	case <-ctx.Done():
		return nil, refused(ctx.Err(), need)
	}
	if r.out.Exists != policy.Yes {
		return nil, &gap{r.out.Why, r.out.passing}
	}
	return r.out.Value, nil
}

// accountOf is the account in an ARN, or "".
func accountOf(s string) string {
	parsed, err := arn.Parse(s)
	if err != nil || !isAccount(parsed.AccountID) {
		return ""
	}
	return parsed.AccountID
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// Own is the ID of the account that the credentials at hand are of, "" where
// that could not be seen.
func (a *Account) Own(ctx context.Context) string { return a.identity(ctx) }
