// Package awsaccount tells a diagnosis what live AWS accounts hold. A call
// that AWS refuses, throttles or does not answer in time is told as not seen,
// with the permission that was missing: never as a failure, and never as
// absence. Equal questions at the same time are one call, and answers are used
// again for a minute.
package awsaccount

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Options is what New cannot tell from the configuration of the SDK.
type Options struct {
	// Account is the id of the account of the credentials. Empty: it is that
	// which the credentials name (AWS_ACCOUNT_ID), else it is asked for, once.
	Account string
	// MemberRole is the name of the role to assume in every other account,
	// behind its path if it has one. Empty: other accounts are not seen.
	MemberRole string
	// ExternalID goes along when MemberRole is assumed; empty: none.
	ExternalID string
	// SlowBudget is how long is waited for what is not needed to name the
	// cause: changes, policies of the organization, the list of all roles and
	// the alias of the account. It counts from the beginning of each reading.
	// 0: as long as the context lasts.
	SlowBudget time.Duration
	// Counter is told of every call; nil: nobody is.
	Counter Calls
}

// Account reads the account of its credentials, and others through the member
// role. It is safe for use by several goroutines at once.
type Account struct {
	options   Options
	partition string
	sts       stsAPI
	org       organizationsAPI
	here      trailAPI                                                     // of the account of the credentials, in their region
	home      *services                                                    // of the account of the credentials
	assume    func(ctx context.Context, roleARN string) (*services, error) // of the account of a role
	named     func(context.Context) string                                 // account that the credentials name, or ""

	identities *memo[string]
	members    *memo[*services]
	roles      *memo[diagnose.Role]
	roleLists  *memo[[]diagnose.Role]
	providers  *memo[diagnose.Provider]
	idpLists   *memo[[]diagnose.Provider]
	controls   *memo[[]diagnose.NamedPolicy]
	histories  *memo[history]
	aliases    *memo[string]

	mu     sync.Mutex
	missed []missed // since Settled
}

var _ diagnose.Account = (*Account)(nil)

// Limits for one reading, and lives beyond that of other answers.
const (
	quickLimit = 10 * time.Second
	slowLimit  = 2 * time.Minute
	aliasLife  = time.Hour
	alwaysLife = 100 * 365 * 24 * time.Hour
)

// New returns the account of the configuration's credentials. It makes no
// call yet.
func New(cfg aws.Config, o Options) *Account {
	clients := clientsOf(cfg, o)
	a := newAccount(o)
	a.partition = partition(cfg.Region)
	a.sts, a.org, a.home = clients.sts(), clients.organizations(), clients.services()
	a.here = clients.trail(cfg.Region)
	a.assume, a.named = clients.assume, clients.named
	return a
}

// newAccount has no services yet.
func newAccount(o Options) *Account {
	return &Account{
		options:    o,
		partition:  "aws",
		identities: newMemo[string](alwaysLife, quickLimit),
		members:    newMemo[*services](alwaysLife, quickLimit),
		roles:      newMemo[diagnose.Role](answerLife, quickLimit),
		roleLists:  newMemo[[]diagnose.Role](answerLife, slowLimit),
		providers:  newMemo[diagnose.Provider](answerLife, quickLimit),
		idpLists:   newMemo[[]diagnose.Provider](answerLife, quickLimit),
		controls:   newMemo[[]diagnose.NamedPolicy](answerLife, slowLimit),
		histories:  newMemo[history](answerLife, slowLimit),
		aliases:    newMemo[string](aliasLife, quickLimit),
	}
}

// Begin starts reading, all at once, what the diagnosis of the event is going
// to ask for one after the other. It does not wait.
func (a *Account) Begin(ev *cloudtrail.Event) {
	a.role(ev.RoleARN)
	a.provider(ev.Provider)
	a.history(ev.RoleARN, ev.Provider)
	a.control(ev.AccountID)
	a.alias(ev.AccountID)
}
