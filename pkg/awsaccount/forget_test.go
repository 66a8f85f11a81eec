package awsaccount

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// After an edit its role or provider is read again, and nothing else.
func TestForget(t *testing.T) {
	all := []string{"GetOpenIDConnectProvider", "GetRole deploy", "ListOpenIDConnectProviders", "ListRoles ", "ListRoles 2"}
	for _, tt := range []struct {
		name   string
		change cloudtrail.Change
		again  []string
	}{
		{"role", cloudtrail.Change{Account: account, Role: "deploy"}, []string{"GetRole deploy", "ListRoles ", "ListRoles 2"}},
		{"role in other letters", cloudtrail.Change{Account: account, Role: "Deploy"}, []string{"GetRole deploy", "ListRoles ", "ListRoles 2"}},
		{"another role", cloudtrail.Change{Account: account, Role: "ci"}, []string{"ListRoles ", "ListRoles 2"}},
		{"role of another account", cloudtrail.Change{Account: other, Role: "deploy"}, nil},
		{"provider", cloudtrail.Change{Account: account, Provider: actions}, []string{"GetOpenIDConnectProvider", "ListOpenIDConnectProviders"}},
		{
			"new provider",
			cloudtrail.Change{Account: account, Provider: "https://token.actions.githubusercontent.com"},
			[]string{"GetOpenIDConnectProvider", "ListOpenIDConnectProviders"},
		},
		{"provider of another account", cloudtrail.Change{Account: other, Provider: "https://token.actions.githubusercontent.com"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			a := f.account(Options{Account: account})
			look := func() []string {
				a.Role(t.Context(), deploy)
				a.Roles(t.Context(), account)
				a.Provider(t.Context(), actions)
				a.Providers(t.Context(), account)
				return f.take()
			}
			if diff := cmp.Diff(all, look()); diff != "" {
				t.Error(diff)
			}
			a.Forget(tt.change)
			if diff := cmp.Diff(tt.again, look()); diff != "" {
				t.Errorf("read again (-want +got):\n%s", diff)
			}
		})
	}
}

// What was being read when the edit became known may be of before it.
func TestForgetWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = time.Second
		a := f.account(Options{Account: account})
		go a.Role(t.Context(), deploy)
		synctest.Wait()
		a.Forget(cloudtrail.Change{Account: account, Role: "deploy"})
		a.Role(t.Context(), deploy)
		if got := f.take(); len(got) != 2 {
			t.Errorf("calls %v", got)
		}
	})
}

func TestRenew(t *testing.T) {
	f, trail, org := newFake(), &fakeTrail{}, &fakeOrganization{}
	a := f.account(Options{})
	a.home.trail, a.org = trail, org
	look := func() []string {
		a.Begin(&cloudtrail.Event{RoleARN: deploy, Provider: actions, AccountID: account})
		a.Role(t.Context(), deploy)
		a.Provider(t.Context(), actions)
		a.Roles(t.Context(), account)
		a.Providers(t.Context(), account)
		a.Alias(t.Context(), account)
		a.Changes(t.Context(), deploy, actions, created, created)
		a.ResourceControlPolicies(t.Context(), account)
		return f.take()
	}
	first, asked, climbed := look(), len(trail.asked), len(org.calls)
	a.Renew()
	again := look()
	kept := []string{"GetCallerIdentity", "ListAccountAliases"}
	if diff := cmp.Diff(slices.DeleteFunc(first, func(call string) bool { return slices.Contains(kept, call) }), again); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
	if len(trail.asked) != 2*asked || len(org.calls) != 2*climbed {
		t.Errorf("%d lookups and %d calls to the organization, at first %d and %d", len(trail.asked), len(org.calls), asked, climbed)
	}
}
