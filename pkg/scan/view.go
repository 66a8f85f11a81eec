package scan

import (
	"cmp"
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
	if role.Value.Created.After(v.at) {
		role.Value.Created = time.Time{} // of a role that was made anew since
	}
	then, _ := v.history.versions(arn, v.at)
	return with(role, arn, then)
}

// Roles are those of the account without the ones that the records say were
// not there.
func (v *view) Roles(ctx context.Context, account string) diagnose.Known[[]diagnose.Role] {
	roles := v.Account.Roles(ctx, account)
	if !v.at.IsZero() {
		roles.Value = slices.DeleteFunc(slices.Clone(roles.Value), func(r diagnose.Role) bool {
			then, _ := v.history.versions(r.ARN, v.at)
			return then.known && then.policy == nil
		})
	}
	return roles
}

// endOfTime is later than any record.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// with is a role with a version of its trust policy, where one is known.
func with(role diagnose.Known[diagnose.Role], arn string, v version) diagnose.Known[diagnose.Role] {
	switch {
	case !v.known:
		if role.Exists == policy.Unknown {
			role.Why = cmp.Or(v.why, role.Why)
		}
		return role
	case v.policy == nil:
		return diagnose.Missing[diagnose.Role]()
	}
	role.Exists, role.Why = policy.Yes, ""
	role.Value.ARN, role.Value.TrustPolicy = arn, v.policy
	return role
}

// Changes are those that the account and the records tell of. Of a time before,
// they are those until then, which end with the version that was in force.
func (v *view) Changes(ctx context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	past := !v.at.IsZero()
	if past && v.at.Before(to) {
		to = v.at
	}
	changes := v.Account.Changes(ctx, role, provider, from, to)
	all := slices.Clone(changes.Value)
	for _, c := range v.history.of(role, provider, from, to) {
		if !slices.ContainsFunc(all, func(o diagnose.Change) bool { return c.EventID != "" && o.EventID == c.EventID }) {
			all = append(all, c)
		}
	}
	all = diagnose.Chronological(all)
	if past {
		return diagnose.Found(all)
	}
	if changes.Value = all; changes.Exists != policy.Yes {
		changes.Why = untold(changes.Why, len(all))
	}
	return changes
}

// untold says why there may be more changes than those that were seen. The logs
// that are read are hardly ever all there are.
func untold(why string, seen int) string {
	logs := "the logs that were read have none"
	if seen > 0 {
		logs = "the logs that were read have no others"
	}
	if why != "" {
		logs += ", and " + why
	}
	return logs
}

// nothing stands for an account of which nothing was given.
type nothing struct{ diagnose.NoAccount }

var noAccount = nothing{diagnose.NoAccount{Why: "the records alone were given, no account"}}

// Changes leaves it to the records to tell of any.
func (nothing) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Unseen[[]diagnose.Change]("")
}
