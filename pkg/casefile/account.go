package casefile

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

var _ diagnose.Account = (*File)(nil)

// list is a list the file may lack.
type list[T any] struct {
	lacking string // why it was not looked at, where it was not
	present bool
	items   []T
}

// account is what the file tells of accounts.
type account struct {
	roles     list[diagnose.Role]
	providers list[provider]
	policies  list[diagnose.NamedPolicy]
	changes   list[cloudtrail.Change]
	anyRole   *diagnose.Role // stands for whichever role is asked for; nil where roles have names
	held      held
}

// provider is an IAM OIDC provider of which the file may have the ARN alone,
// as list-open-id-connect-providers prints it.
type provider struct {
	diagnose.Provider
	nameOnly bool
}

// known answers with the entry that fits.
func known[T any](l list[T], fits func(T) bool) diagnose.Known[T] {
	if i := slices.IndexFunc(l.items, fits); i >= 0 {
		return diagnose.Found(l.items[i])
	}
	if !l.present {
		return diagnose.Unseen[T](l.lacking)
	}
	return diagnose.Missing[T]()
}

// all answers with the entries that fit.
func all[T any](l list[T], fits func(T) bool) diagnose.Known[[]T] {
	if !l.present {
		return diagnose.Unseen[[]T](l.lacking)
	}
	found := []T{}
	for _, item := range l.items {
		if fits(item) {
			found = append(found, item)
		}
	}
	return diagnose.Found(found)
}

// Role looks up a role by ARN. Where the file holds roles of other accounts
// only, nothing is known of it.
func (a *account) Role(_ context.Context, arn string) diagnose.Known[diagnose.Role] {
	if a.anyRole != nil {
		return diagnose.Found(diagnose.Role{ARN: arn, TrustPolicy: a.anyRole.TrustPolicy})
	}
	role := known(a.roles, func(r diagnose.Role) bool { return r.ARN == arn })
	return within(role, policy.No, a.held.roles, accountIn(arn, "role/"))
}

// Roles lists the roles of an account that the file holds.
func (a *account) Roles(_ context.Context, id string) diagnose.Known[[]diagnose.Role] {
	roles := all(a.roles, func(r diagnose.Role) bool { return accountOf(r.ARN) == id })
	return within(roles, policy.Yes, a.held.any, id)
}

// Provider looks up an IAM OIDC provider by ARN. One whose audiences the file
// does not tell is Unseen, as is one of an account that the file does not hold.
func (a *account) Provider(_ context.Context, arn string) diagnose.Known[diagnose.Provider] {
	p := known(a.providers, func(p provider) bool { return p.ARN == arn })
	if p.Value.nameOnly {
		return diagnose.Unseen[diagnose.Provider]("the account file names the provider without its ClientIDList")
	}
	found := diagnose.Known[diagnose.Provider]{Value: p.Value.Provider, Exists: p.Exists, Why: p.Why}
	return within(found, policy.No, a.held.any, accountIn(arn, "oidc-provider/"))
}

// Providers lists the IAM OIDC providers of an account that the file holds.
func (a *account) Providers(_ context.Context, id string) diagnose.Known[[]diagnose.Provider] {
	found := all(a.providers, func(p provider) bool { return accountOf(p.ARN) == id })
	listed := diagnose.Known[[]diagnose.Provider]{Exists: found.Exists, Why: found.Why}
	for _, p := range found.Value {
		listed.Value = append(listed.Value, p.Provider)
	}
	return within(listed, policy.Yes, a.held.any, id)
}

// ResourceControlPolicies lists all those the file has, for an account that it
// holds.
func (a *account) ResourceControlPolicies(_ context.Context, id string) diagnose.Known[[]diagnose.NamedPolicy] {
	policies := all(a.policies, func(diagnose.NamedPolicy) bool { return true })
	return within(policies, policy.Yes, a.held.any, id)
}

// Changes lists the changes among the file's events, oldest first.
func (a *account) Changes(_ context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	found := all(a.changes, func(c cloudtrail.Change) bool {
		return c.Concerns(role, provider) && !c.Time.Before(from) && !c.Time.After(to)
	})
	changes := diagnose.Known[[]diagnose.Change]{Exists: found.Exists, Why: found.Why}
	for _, c := range found.Value {
		changes.Value = append(changes.Value, diagnose.Change{
			Time: c.Time, Name: c.Name, EventID: c.EventID, By: c.By, Via: c.Via,
			Role: c.Role, Provider: c.Provider, Policy: c.Policy,
		})
	}
	return changes
}

// newAccount is an account of which nothing was looked at.
func newAccount() account {
	return account{
		roles:     list[diagnose.Role]{lacking: "the account file has no roles"},
		providers: list[provider]{lacking: "the account file has no oidcProviders"},
		policies:  list[diagnose.NamedPolicy]{lacking: "the account file has no resourceControlPolicies"},
		changes:   list[cloudtrail.Change]{lacking: "the account file has no events"},
	}
}

// read reads the lists of an account.
func (a *account) read(at node) error {
	top, err := at.object()
	if err != nil {
		return err
	}
	return cmp.Or(
		a.roles.read(top["roles"], readRole),
		a.providers.read(top["oidcProviders"], readProvider),
		a.policies.read(top["resourceControlPolicies"], readPolicy),
		a.readChanges(top["events"]),
	)
}

// read reads a list of objects.
func (l *list[T]) read(at node, read func(node, map[string]node) (T, error)) error {
	l.present = at.present()
	elements, err := at.list()
	if err != nil {
		return err
	}
	for _, e := range elements {
		members, err := e.object()
		if err != nil {
			return err
		}
		item, err := read(e, members)
		if err != nil {
			return err
		}
		l.items = append(l.items, item)
	}
	return nil
}

// readChanges reads the changes among CloudTrail records in any wrapping.
func (a *account) readChanges(at node) error {
	l := &a.changes
	l.present = at.present()
	if _, err := at.list(); err != nil || !l.present {
		return err
	}
	count := 0
	for ev, err := range cloudtrail.NewReader(bytes.NewReader(at.raw), at.path).Events() {
		if count++; err != nil {
			return recordError(at, err)
		}
		c, ok, err := ev.Change()
		if err != nil {
			return at.errorf("record %d: %v", count, err)
		}
		if ok {
			l.items = append(l.items, c)
		}
	}
	slices.SortStableFunc(l.items, func(a, b cloudtrail.Change) int { return a.Time.Compare(b.Time) })
	return nil
}

// recordError tells of a record by its index instead of its place.
func recordError(at node, err error) error {
	var bad *cloudtrail.Error
	if errors.As(err, &bad) {
		return at.errorf("record %d: %v", bad.Record, bad.Err)
	}
	return err
}

func readPolicy(at node, m map[string]node) (diagnose.NamedPolicy, error) {
	id, err1 := m["Id"].text()
	name, err2 := m["Name"].text()
	document, err3 := m["PolicyDocument"].document()
	if err3 == nil && document == nil {
		err3 = at.errorf("a PolicyDocument is expected")
	}
	return diagnose.NamedPolicy{ID: id, Name: name, Document: document}, cmp.Or(err1, err2, err3)
}
