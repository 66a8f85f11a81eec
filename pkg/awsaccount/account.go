// Package awsaccount tells a diagnosis what a live AWS account holds. A call
// that AWS refuses, throttles or does not answer in time is told as not seen,
// with the permission that was missing: never as a failure, and never as
// absence.
package awsaccount

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Account reads the account of its credentials. It is safe for use by several
// goroutines at once.
type Account struct {
	iam iamAPI
	sts interface {
		GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
	}
	mu  sync.Mutex
	own string // account id of the credentials; empty until it was asked for
}

type iamAPI interface {
	iam.ListRolesAPIClient
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	GetOpenIDConnectProvider(context.Context, *iam.GetOpenIDConnectProviderInput, ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error)
	ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error)
}

var _ diagnose.Account = (*Account)(nil)

// New returns the account of the configuration's credentials. It makes no
// call yet.
func New(cfg aws.Config) *Account {
	return &Account{iam: iam.NewFromConfig(cfg), sts: sts.NewFromConfig(cfg)}
}

// ResourceControlPolicies implements diagnose.Account.
func (a *Account) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Unseen[[]diagnose.NamedPolicy]("this version does not read them")
}

// Changes implements diagnose.Account.
func (a *Account) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Unseen[[]diagnose.Change]("this version does not read them")
}

// elsewhere says why things of another account are not seen, or "" where
// account is the one of the credentials. An account that cannot be determined
// counts as one's own.
func (a *Account) elsewhere(ctx context.Context, account string) string {
	own := a.identity(ctx)
	if own == "" || account == "" || own == account {
		return ""
	}
	return "it belongs to account " + account + ", and the credentials at hand are of account " + own
}

// identity returns the account of the credentials, or "". The call needs no
// permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (a *Account) identity(ctx context.Context) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.own == "" {
		if out, err := a.sts.GetCallerIdentity(ctx, nil); err == nil {
			a.own = aws.ToString(out.Account)
		}
	}
	return a.own
}
