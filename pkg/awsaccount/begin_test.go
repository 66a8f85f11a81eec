package awsaccount

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// What is begun is read at the same time, and not again when it is asked for.
func TestBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, trail, org := newFake(), &fakeTrail{}, &fakeOrganization{}
		f.takes = time.Second
		a := f.account(Options{Account: account})
		a.home.trail, a.org = trail, org
		began := time.Now()
		a.Begin(&cloudtrail.Event{RoleARN: deploy, Provider: actions, AccountID: account})
		synctest.Wait()
		if diff := cmp.Diff([]string{"GetOpenIDConnectProvider", "GetRole deploy", "ListAccountAliases"}, f.take()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
		if len(trail.asked) == 0 || len(org.calls) == 0 {
			t.Errorf("%d lookups, %d calls to the organization", len(trail.asked), len(org.calls))
		}
		role, provider, alias := a.Role(t.Context(), deploy), a.Provider(t.Context(), actions), a.Alias(t.Context(), account)
		controls, changes := a.ResourceControlPolicies(t.Context(), account), a.Changes(t.Context(), deploy, actions, began, began)
		for _, exists := range []policy.Result{role.Exists, provider.Exists, controls.Exists, changes.Exists} {
			if exists != policy.Yes {
				t.Errorf("something is not there: %v %v %v %v", role.Exists, provider.Exists, controls.Exists, changes.Exists)
			}
		}
		if alias != "acme-prod" || len(f.take()) > 0 || time.Since(began) != time.Second {
			t.Errorf("alias %q after %v", alias, time.Since(began))
		}
	})
}

// News is news however much else there is none of.
func TestSettledLooksAtEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 10 * time.Second
		org := &fakeOrganization{errs: map[string]error{"DescribeOrganization": apiError("AccessDenied")}, takes: 10 * time.Second}
		a := f.account(Options{Account: account, SlowBudget: time.Second})
		a.org = org
		a.Alias(t.Context(), account)
		a.ResourceControlPolicies(t.Context(), other)
		if !a.Settled(t.Context()) {
			t.Error("the alias is no news")
		}
	})
}

// Policies that were read before a refusal may be what denies the call.
func TestPartOfTheAnswerIsNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newFake().account(Options{Account: account, SlowBudget: time.Second})
		a.org = &fakeOrganization{
			attached: map[string][]string{other: {"p-own"}}, takes: 2 * time.Second,
			errs: map[string]error{"ListParents": apiError("AccessDenied")},
		}
		a.ResourceControlPolicies(t.Context(), other)
		if !a.Settled(t.Context()) {
			t.Error("no news")
		}
	})
}
