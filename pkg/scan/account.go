package scan

import (
	"context"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// view is an account with what the records tell of its past.
type view struct {
	diagnose.Account
	history *history
	at      time.Time // as of then; zero: as it stands
}

// Role is the role with the trust policy that was in force, or that is. Where
// the account does not tell of the role as it stands, the latest change does.
func (v *view) Role(ctx context.Context, arn string) diagnose.Known[diagnose.Role] {
	role := v.Account.Role(ctx, arn)
	if v.at.IsZero() {
		if role.Exists == policy.No || role.Exists == policy.Yes && role.Value.TrustPolicy != nil {
			return role
		}
		latest, _ := v.history.versions(arn, endOfTime)
		return with(role, arn, latest)
	}
	then, _ := v.history.versions(arn, v.at)
	return with(role, arn, then)
}

// endOfTime is later than any record.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// with is a role with a version of its trust policy, where one is known.
func with(role diagnose.Known[diagnose.Role], arn string, v version) diagnose.Known[diagnose.Role] {
	switch {
	case !v.known:
		return role
	case v.policy == nil:
		return diagnose.Missing[diagnose.Role]()
	}
	role.Exists, role.Why = policy.Yes, ""
	role.Value.ARN, role.Value.TrustPolicy = arn, v.policy
	return role
}

// Changes are those that the account and the records tell of, until the time
// of the view.
func (v *view) Changes(ctx context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	if !v.at.IsZero() && v.at.Before(to) {
		to = v.at
	}
	changes := v.Account.Changes(ctx, role, provider, from, to)
	all := slices.Clone(changes.Value)
	for _, c := range v.history.of(role, provider, from, to) {
		if !slices.ContainsFunc(all, func(o diagnose.Change) bool { return c.EventID != "" && o.EventID == c.EventID }) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b diagnose.Change) int { return a.Time.Compare(b.Time) })
	changes.Value = all
	return changes
}

// nothing stands for an account of which nothing was given.
type nothing struct{}

const notGiven = "the records alone were given, no account"

// Role implements diagnose.Account, as the others do.
func (nothing) Role(context.Context, string) diagnose.Known[diagnose.Role] {
	return diagnose.Unseen[diagnose.Role](notGiven)
}

func (nothing) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Unseen[[]diagnose.Role](notGiven)
}

func (nothing) Provider(context.Context, string) diagnose.Known[diagnose.Provider] {
	return diagnose.Unseen[diagnose.Provider](notGiven)
}

func (nothing) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return diagnose.Unseen[[]diagnose.Provider](notGiven)
}

func (nothing) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Unseen[[]diagnose.NamedPolicy](notGiven)
}

func (nothing) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Unseen[[]diagnose.Change](notGiven)
}
