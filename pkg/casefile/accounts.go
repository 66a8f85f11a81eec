package casefile

import "slices"

// Accounts lists the IDs of the accounts whose roles or providers the file
// holds, in order.
func (a *File) Accounts() []string {
	var ids []string
	for _, r := range a.roles.items {
		if isARN(r.ARN, "role/") {
			ids = append(ids, accountOf(r.ARN))
		}
	}
	for _, p := range a.providers.items {
		if isARN(p.ARN, "oidc-provider/") {
			ids = append(ids, accountOf(p.ARN))
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}
