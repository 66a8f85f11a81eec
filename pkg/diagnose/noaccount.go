package diagnose

import (
	"context"
	"time"
)

// NoAccount is an account of which nothing was given, and why.
type NoAccount struct{ Why string }

// Role implements Account, as the others do.
func (n NoAccount) Role(context.Context, string) Known[Role] { return Unseen[Role](n.Why) }

func (n NoAccount) Roles(context.Context, string) Known[[]Role] { return Unseen[[]Role](n.Why) }

func (n NoAccount) Provider(context.Context, string) Known[Provider] {
	return Unseen[Provider](n.Why)
}

func (n NoAccount) Providers(context.Context, string) Known[[]Provider] {
	return Unseen[[]Provider](n.Why)
}

func (n NoAccount) ResourceControlPolicies(context.Context, string) Known[[]NamedPolicy] {
	return Unseen[[]NamedPolicy](n.Why)
}

func (n NoAccount) Changes(context.Context, string, string, time.Time, time.Time) Known[[]Change] {
	return Unseen[[]Change](n.Why)
}
