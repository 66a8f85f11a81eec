package casefile

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// held are the accounts that a file holds something of, in order.
type held struct {
	roles []string // those of its roles; where it has none, of its providers
	any   []string // those of its roles and providers
}

// Accounts lists the IDs of the accounts whose roles or providers the file
// holds, in order.
func (a *File) Accounts() []string { return slices.Clone(a.held.any) }

// Holds is whether the file has a role or a provider of an account. Of another
// account it tells nothing.
func (a *File) Holds(_ context.Context, id string) bool { return slices.Contains(a.held.any, id) }

// AnyRole is whether the file is a trust policy alone, which is taken for that
// of whichever role is asked for.
func (a *File) AnyRole() bool { return a.anyRole != nil }

// hold notes which accounts the file holds, once it is read.
func (a *account) hold() {
	for i := range a.roles.items {
		a.held.roles = append(a.held.roles, accountIn(a.roles.items[i].ARN, "role/"))
	}
	a.held.any = slices.Clone(a.held.roles)
	for i := range a.providers.items {
		a.held.any = append(a.held.any, accountIn(a.providers.items[i].ARN, "oidc-provider/"))
	}
	a.held.roles, a.held.any = ids(a.held.roles), ids(a.held.any)
	if len(a.held.roles) == 0 {
		a.held.roles = a.held.any
	}
}

// ids puts IDs of accounts in order, each once and none empty.
func ids(all []string) []string {
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(id string) bool { return id == "" })
}

// within takes an answer back that follows from lists of other accounts than
// the one that was asked for. A file that names no account is taken to be of
// the one that is.
func within[T any](k diagnose.Known[T], answer policy.Result, held []string, id string) diagnose.Known[T] {
	if k.Exists != answer || id == "" || len(held) == 0 || slices.Contains(held, id) {
		return k
	}
	return diagnose.Unseen[T]("the account file holds " + inWords(held) + ", not " + id)
}

// inWords names some accounts, in order.
func inWords(held []string) string {
	const most = 3
	switch named := held[:min(len(held), most)]; {
	case len(held) == 1:
		return "account " + held[0]
	case len(held) > most:
		return fmt.Sprintf("accounts %s and %d more", strings.Join(named, ", "), len(held)-most)
	default:
		return "accounts " + strings.Join(named, ", ")
	}
}

// accountIn is the account in an ARN of a kind, "" for what is none.
func accountIn(arn, kind string) string {
	if !isARN(arn, kind) {
		return ""
	}
	return accountOf(arn)
}
