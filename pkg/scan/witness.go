package scan

import (
	"context"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// witness is an account that tells nothing of accounts which it does not hold,
// and notes what it cannot tell of the roles and providers it is asked for.
type witness struct {
	diagnose.Account
	mu   sync.Mutex
	gaps map[string]gap // by the ARN of the role or the provider
}

func newWitness(a diagnose.Account) *witness { return &witness{Account: a, gaps: map[string]gap{}} }

// holder is an account that tells whether it holds anything of an account.
type holder interface {
	Holds(ctx context.Context, account string) bool
}

// holds is whether an account is held, so that what is missing there is known
// to be missing. One that does not tell is taken to hold all.
func (w *witness) holds(ctx context.Context, id string) bool {
	h, ok := w.Account.(holder)
	return !ok || id == "" || h.Holds(ctx, id)
}

// of takes back what follows from lists that hold nothing of an account: an
// empty one that names no account proves nothing.
func of[T any](ctx context.Context, w *witness, id string, k diagnose.Known[T], answer policy.Result) diagnose.Known[T] {
	if k.Exists != answer || w.holds(ctx, id) {
		return k
	}
	return diagnose.Unseen[T]("nothing was given of account " + id)
}

// Role implements diagnose.Account.
func (w *witness) Role(ctx context.Context, arn string) diagnose.Known[diagnose.Role] {
	role := of(ctx, w, accountIn(arn), w.Account.Role(ctx, arn), policy.No)
	w.note(arn, gapOf(&role))
	return role
}

// Roles implements diagnose.Account.
func (w *witness) Roles(ctx context.Context, id string) diagnose.Known[[]diagnose.Role] {
	return of(ctx, w, id, w.Account.Roles(ctx, id), policy.Yes)
}

// Provider implements diagnose.Account.
func (w *witness) Provider(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	provider := of(ctx, w, accountIn(arn), w.Account.Provider(ctx, arn), policy.No)
	w.note(arn, gap{"provider", provider.Why})
	return provider
}

// Providers implements diagnose.Account.
func (w *witness) Providers(ctx context.Context, id string) diagnose.Known[[]diagnose.Provider] {
	return of(ctx, w, id, w.Account.Providers(ctx, id), policy.Yes)
}

// note keeps what the latest answer left open.
func (w *witness) note(arn string, g gap) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if delete(w.gaps, arn); arn != "" && g.why != "" {
		w.gaps[arn] = g
	}
}
