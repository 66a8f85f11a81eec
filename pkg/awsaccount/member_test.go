package awsaccount

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// organized is an account whose member role leads into the account of away.
func organized(home, away *fake, assumed *[]string, err error) *Account {
	a := home.account(Options{MemberRole: "/audit/rolewhy"})
	a.assume = func(_ context.Context, role string) (*services, error) {
		*assumed = append(*assumed, role)
		return &services{iam: away}, err
	}
	return a
}

func TestOtherAccountsAreReadThroughTheMemberRole(t *testing.T) {
	home, away := newFake(), newFake()
	away.roles = map[string]types.Role{"deploy": {Arn: aws.String(foreign)}}
	var assumed []string
	a := organized(home, away, &assumed, nil)
	if got := a.Role(t.Context(), foreign); got.Exists != policy.Yes || got.Value.ARN != foreign {
		t.Errorf("role %+v", got)
	}
	if got := a.Providers(t.Context(), other); got.Exists != policy.Yes {
		t.Errorf("providers %+v", got)
	}
	if got := a.Role(t.Context(), deploy); got.Exists != policy.Yes {
		t.Errorf("role of the own account %+v", got)
	}
	if diff := cmp.Diff([]string{"arn:aws:iam::" + other + ":role/audit/rolewhy"}, assumed); diff != "" {
		t.Errorf("assumed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GetRole deploy", "ListOpenIDConnectProviders"}, away.take()); diff != "" {
		t.Errorf("calls there (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GetCallerIdentity", "GetRole deploy"}, home.take()); diff != "" {
		t.Errorf("calls at home (-want +got):\n%s", diff)
	}
}

// A role that cannot be assumed is tried once a minute, whatever is asked for.
func TestMemberRoleRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var assumed []string
		a := organized(newFake(), newFake(), &assumed, apiError("AccessDenied"))
		const want = "AWS refused it: grant sts:AssumeRole on arn:aws:iam::" + other + ":role/audit/rolewhy"
		for _, name := range []string{"a", "b", "c"} {
			if got := a.Role(t.Context(), foreign+name); got.Exists != policy.Unknown || got.Why != want {
				t.Errorf("role %+v", got)
			}
		}
		if len(assumed) != 1 {
			t.Errorf("tried %d times", len(assumed))
		}
		time.Sleep(time.Minute)
		a.Role(t.Context(), foreign)
		if len(assumed) != 2 {
			t.Errorf("tried %d times after a minute", len(assumed))
		}
	})
}

// The account is part of a record, which others have a hand in.
func TestNoRoleIsAssumedInWhatIsNoAccount(t *testing.T) {
	var assumed []string
	a := organized(newFake(), newFake(), &assumed, nil)
	for _, arn := range []string{"arn:aws:iam::../../evil:role/x", "arn:aws:iam::12345678901:role/x", "arn:aws:iam::12345678901x:role/x"} {
		if got := a.Role(t.Context(), arn); got.Exists != policy.Unknown {
			t.Errorf("%s: %+v", arn, got)
		}
	}
	if len(assumed) > 0 {
		t.Errorf("assumed %v", assumed)
	}
}

func TestIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.stsErr = apiError("Throttling")
		a := f.account(Options{})
		if got := a.Role(t.Context(), foreign); got.Exists != policy.No {
			t.Errorf("without an identity all accounts are one's own: %+v", got)
		}
		f.stsErr = nil
		time.Sleep(time.Minute)
		if got := a.Role(t.Context(), foreign); got.Why != notMine {
			t.Errorf("with an identity: %+v", got)
		}
		f.take()
		time.Sleep(1000 * time.Hour)
		a.Role(t.Context(), foreign)
		if calls := f.take(); len(calls) > 0 {
			t.Errorf("asked again: %v", calls)
		}
	})
}

func TestIdentityAtHandIsNotAskedFor(t *testing.T) {
	for name, set := range map[string]func(*Account){
		"by option":      func(a *Account) { a.options.Account = account },
		"by credentials": func(a *Account) { a.named = func(context.Context) string { return account } },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake()
			a := f.account(Options{})
			set(a)
			if got := a.Role(t.Context(), foreign); got.Why != notMine {
				t.Errorf("role %+v", got)
			}
			if calls := f.take(); len(calls) > 0 {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

func TestRegions(t *testing.T) {
	for region, want := range map[string][2]string{
		"eu-west-1": {"aws", "us-east-1"}, "us-gov-east-1": {"aws-us-gov", "us-gov-west-1"},
		"cn-northwest-1": {"aws-cn", "cn-north-1"}, "eusc-de-east-1": {"aws-eusc", "eusc-de-east-1"},
	} {
		if got := [2]string{partition(region), IAMRegion(region)}; got != want {
			t.Errorf("%s: %v, want %v", region, got, want)
		}
	}
}

// Every account can be asked where it is not known whose the credentials are.
func TestHolds(t *testing.T) {
	for _, tt := range []struct {
		name              string
		options           Options
		own, other, empty bool
	}{
		{name: "one account", options: Options{Account: account}, own: true},
		{name: "a member role", options: Options{Account: account, MemberRole: "audit"}, own: true, other: true},
		{name: "not known", own: true, other: true, empty: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			f.stsErr = apiError("AccessDenied")
			a := f.account(tt.options)
			if own, other, empty := a.Holds(t.Context(), account), a.Holds(t.Context(), other), a.Holds(t.Context(), ""); own != tt.own || other != tt.other || empty != tt.empty {
				t.Errorf("own %v, another %v, none %v", own, other, empty)
			}
		})
	}
}
