package casefile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// others is the ARN of something in an account, by its number.
func others(account int, resource string) string {
	return fmt.Sprintf("arn:aws:iam::%012d:%s", account, resource)
}

// fileOf is the text of a file with a role in each of some accounts and a
// provider in each of others.
func fileOf(roles, providers []int) string {
	var r, p []string
	for _, n := range roles {
		r = append(r, `{"Arn":"`+others(n, "role/deploy")+`"}`)
	}
	for _, n := range providers {
		p = append(p, `{"Arn":"`+others(n, "oidc-provider/gitlab.com")+`","ClientIDList":[]}`)
	}
	return `{"roles":[` + strings.Join(r, ",") + `],"oidcProviders":[` + strings.Join(p, ",") + `],"resourceControlPolicies":[]}`
}

// TestAFileTellsOfItsAccountsAlone: of what another account lacks it knows
// nothing. An account has roles, and may be without providers.
func TestAFileTellsOfItsAccountsAlone(t *testing.T) {
	for _, tt := range []struct {
		name             string
		roles, providers []int
		asked            int
		role, provider   policy.Result // of one that the file lacks
		why              string
	}{
		{name: "its account", roles: []int{1}, providers: []int{1}, asked: 1, role: policy.No, provider: policy.No},
		{name: "another", roles: []int{1}, providers: []int{1}, asked: 2, why: "the account file holds account 000000000001, not 000000000002"},
		{name: "another of two", roles: []int{2, 1}, asked: 3, why: "the account file holds accounts 000000000001, 000000000002, not 000000000003"},
		{name: "another of many", roles: []int{5, 4, 2, 1, 6}, asked: 3, why: "the account file holds accounts 000000000001, 000000000002, 000000000004 and 2 more, not 000000000003"},
		{name: "providers alone, of another", providers: []int{1}, asked: 2, why: "the account file holds account 000000000001, not 000000000002"},
		{name: "one without providers", roles: []int{1, 2}, providers: []int{1}, asked: 2, role: policy.No, provider: policy.No},
		{name: "one with providers alone", roles: []int{1}, providers: []int{1, 2}, asked: 2, provider: policy.No, why: "the account file holds account 000000000001, not 000000000002"},
		{name: "no account is named", asked: 2, role: policy.No, provider: policy.No},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := parse(t, fileOf(tt.roles, tt.providers))
			id := fmt.Sprintf("%012d", tt.asked)
			role, provider := f.Role(t.Context(), others(tt.asked, "role/x")), f.Provider(t.Context(), others(tt.asked, "oidc-provider/x"))
			if role.Exists != tt.role || provider.Exists != tt.provider || role.Why != tt.why {
				t.Errorf("role %+v, provider %+v", role, provider)
			}
			roles, providers, controls := f.Roles(t.Context(), id), f.Providers(t.Context(), id), f.ResourceControlPolicies(t.Context(), id)
			for list, got := range map[string][2]string{
				"roles":     {roles.Exists.String(), roles.Why},
				"providers": {providers.Exists.String(), providers.Why},
				"policies":  {controls.Exists.String(), controls.Why},
			} {
				known := policy.Unknown // an empty list is known where one that lacks a provider is
				if tt.provider == policy.No {
					known = policy.Yes
				}
				if want := [2]string{known.String(), provider.Why}; got != want {
					t.Errorf("%s: %q, want %q", list, got, want)
				}
			}
			if holds := slices.Contains(append(tt.roles, tt.providers...), tt.asked); f.Holds(t.Context(), id) != holds {
				t.Errorf("Holds = %v", !holds)
			}
		})
	}
}
