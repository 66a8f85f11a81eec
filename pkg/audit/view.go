package audit

import (
	"context"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// view is the account of an audit as the diagnosis of one of its roles asks for
// it: what was read for the audit is not read again, and what tells of calls
// in the past does not matter.
type view struct {
	a    *auditor
	role *diagnose.Role
}

// Role implements diagnose.Account.
func (v view) Role(context.Context, string) diagnose.Known[diagnose.Role] {
	return diagnose.Found(*v.role)
}

// Roles implements diagnose.Account.
func (view) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Unseen[[]diagnose.Role]("the caller is one's own")
}

// Provider implements diagnose.Account.
func (v view) Provider(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	return v.a.provider(ctx, arn)
}

// Providers implements diagnose.Account.
func (v view) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return v.a.providers
}

// ResourceControlPolicies implements diagnose.Account.
func (v view) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return v.a.controls
}

// Changes implements diagnose.Account.
func (view) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Found([]diagnose.Change(nil))
}
