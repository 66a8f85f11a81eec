package scan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Account is one that has the role of an incident.
type Account struct {
	ID    string `json:"id"`              // 12 digits, or what the record has in place of them
	Alias string `json:"alias,omitempty"` // empty where it has none or was not looked at
}

// String is the alias and the number.
func (a Account) String() string { return strings.TrimPrefix(a.Alias+" "+a.ID, " ") }

// aliased is an account, or several, that tells aliases.
type aliased interface {
	Alias(ctx context.Context, account string) string
}

// Account is that of AccountOf. It is zero where there is no report.
func (i *Incident) Account() Account {
	if i.Report == nil {
		return Account{}
	}
	return AccountOf(&i.Report.Event)
}

// AccountOf is the account of the role that was called, or the one whose record
// it is where the role names none. It is zero where neither is known.
func AccountOf(e *report.Event) Account {
	if id := accountIn(e.Role); id != "" && id != e.Account {
		return Account{ID: id}
	}
	return Account{e.Account, e.AccountAlias}
}

// accountIn is the account of an ARN, "" where it names none in 12 digits.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func accountIn(arn string) string {
	const field, digits = 4, 12
	fields := strings.SplitN(arn, ":", field+2)
	if len(fields) < field+2 || len(fields[field]) != digits || strings.Trim(fields[field], "0123456789") != "" {
		return ""
	}
	return fields[field]
}

// name has the incidents tell the aliases of their accounts, where the account
// knows them.
func (r *run) name(ctx context.Context, incidents []Incident) {
	known, ok := r.Account.(aliased)
	if !ok {
		return
	}
	for n := range incidents {
		e := &incidents[n].Report.Event
		e.AccountAlias = known.Alias(ctx, e.Account)
		if earlier := incidents[n].Earlier; earlier != nil {
			earlier.Event.AccountAlias = e.AccountAlias
		}
	}
}

// accountsOf are the accounts of incidents, each once, by their numbers.
func accountsOf(incidents []Incident) []Account {
	all := []Account{}
	for n := range incidents {
		if a := incidents[n].Account(); a.ID != "" {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b Account) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(b.Alias, a.Alias)) })
	return slices.CompactFunc(all, func(a, b Account) bool { return a.ID == b.ID })
}
