package awsaccount

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

const needLookup = "cloudtrail:LookupEvents on *"

// history is what the event history of an account tells of changes.
type history struct {
	changes []cloudtrail.Change // oldest first
	since   time.Time           // none is left out from here on; zero: none of those that CloudTrail keeps
}

// Changes implements diagnose.Account. The event history of an account is read
// for all its roles and providers at once. Where it could be read in part
// alone, Exists is Unknown although Value has changes.
func (a *Account) Changes(ctx context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	h := awaitSlow(ctx, a, a.history(role, provider), needLookup)
	changes := diagnose.Known[[]diagnose.Change]{Value: []diagnose.Change{}, Exists: h.Exists, Why: h.Why}
	for i := range h.Value.changes {
		c := &h.Value.changes[i]
		if c.Concerns(role, provider) && !c.Time.Before(from) && !c.Time.After(to) {
			changes.Value = append(changes.Value, told(c))
		}
	}
	if h.Exists == policy.Yes && from.Before(h.Value.since) {
		changes.Exists = policy.Unknown
		changes.Why = fmt.Sprintf("there are so many changes in the account that those before %s were not read", h.Value.since.UTC().Format(time.RFC3339))
	}
	return changes
}

func told(c *cloudtrail.Change) diagnose.Change {
	return diagnose.Change{
		Time: c.Time, Name: c.Name, EventID: c.EventID, By: c.By, Via: c.Via,
		Role: c.Role, Provider: c.Provider, Policy: c.Policy,
	}
}

// history of the account that the role and the provider (ARNs) are in.
func (a *Account) history(role, provider string) *reading[history] {
	account := cmp.Or(accountOf(role), accountOf(provider))
	if account == "" {
		return known(found(history{})) // nothing that could have been changed
	}
	return a.histories.get(account, in(a, account, func(ctx context.Context, at *services) seen[history] {
		return newSweep(at.trail, time.Now()).read(ctx)
	}))
}
