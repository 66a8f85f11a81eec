package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestRole(t *testing.T) {
	there := diagnose.Found(diagnose.Role{
		ARN: deploy, TrustPolicy: []byte(`{"a": "x+y"}`), Created: created, MaxSession: 7200, Tags: map[string]string{"owner": "platform"},
	})
	missing := diagnose.Missing[diagnose.Role]()
	for _, tt := range []struct {
		name, arn string
		want      diagnose.Known[diagnose.Role]
		calls     []string
	}{
		{"found", deploy, there, []string{"GetCallerIdentity", "GetRole deploy"}},
		{"no such name", deploy + "er", missing, []string{"GetCallerIdentity", "GetRole deployer"}},
		{"other path", "arn:aws:iam::" + account + ":role/deploy", missing, []string{"GetCallerIdentity", "GetRole deploy"}},
		{"other case", "arn:aws:iam::" + account + ":role/CI/deploy", missing, []string{"GetCallerIdentity", "GetRole deploy"}},
		{"name of a role here in another account", foreign, diagnose.Unseen[diagnose.Role](notMine), []string{"GetCallerIdentity"}},
		{"no ARN", "deploy", missing, nil},
		{"empty", "", missing, nil},
		{"a user", "arn:aws:iam::" + account + ":user/deploy", missing, nil},
		{"too many colons", "arn:aws:iam::::" + account + ":role/deploy", missing, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			if diff := cmp.Diff(tt.want, f.account(Options{}).Role(t.Context(), tt.arn)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.calls, f.take()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProvider(t *testing.T) {
	there := diagnose.Found(diagnose.Provider{
		ARN: actions, URL: "token.actions.githubusercontent.com", ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{"ab"}, Created: created,
	})
	missing := diagnose.Missing[diagnose.Provider]()
	for _, tt := range []struct {
		name, arn string
		want      diagnose.Known[diagnose.Provider]
	}{
		{"found", actions, there},
		{"missing", actions + "/acme", missing},
		{"other account", strings.Replace(actions, account, other, 1), diagnose.Unseen[diagnose.Provider](notMine)},
		{"a built-in one", "accounts.google.com", missing},
		{"a role", deploy, missing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, newFake().account(Options{}).Provider(t.Context(), tt.arn)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRolesFollowsThePages(t *testing.T) {
	f := newFake()
	got := f.account(Options{}).Roles(t.Context(), account)
	if got.Exists != policy.Yes || len(got.Value) != 2 || got.Value[0].ARN != deploy || got.Value[1].ARN != deploy+"2" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"GetCallerIdentity", "ListRoles ", "ListRoles 2"}, f.take()); diff != "" {
		t.Error(diff)
	}
}

func TestProvidersReadsTheURLOffTheARN(t *testing.T) {
	want := diagnose.Found([]diagnose.Provider{
		{ARN: actions, URL: "token.actions.githubusercontent.com"},
		{ARN: "arn:aws:iam::" + account + ":oidc-provider/localhost/", URL: "localhost/"},
	})
	if diff := cmp.Diff(want, newFake().account(Options{}).Providers(t.Context(), account)); diff != "" {
		t.Error(diff)
	}
}

func TestAlias(t *testing.T) {
	f := newFake()
	if got := f.account(Options{}).Alias(t.Context(), account); got != "acme-prod" {
		t.Errorf("alias %q", got)
	}
	if got := f.account(Options{}).Alias(t.Context(), other); got != "" {
		t.Errorf("alias of another account %q", got)
	}
	f.alias = ""
	if got := f.account(Options{}).Alias(t.Context(), account); got != "" {
		t.Errorf("alias %q of an account without one", got)
	}
	f.alias, f.err = "acme-prod", apiError("AccessDenied")
	if got := f.account(Options{}).Alias(t.Context(), account); got != "" {
		t.Errorf("alias %q although it was refused", got)
	}
}

func TestOfAnotherAccountNothingIsSeen(t *testing.T) {
	f := newFake()
	a := f.account(Options{})
	if got := a.Roles(t.Context(), other); got.Exists != policy.Unknown || got.Why != notMine {
		t.Errorf("roles %+v", got)
	}
	if got := a.Providers(t.Context(), other); got.Exists != policy.Unknown || got.Why != notMine {
		t.Errorf("providers %+v", got)
	}
	if got := a.Changes(t.Context(), foreign, "", created, created); got.Exists != policy.Unknown || got.Why != notMine {
		t.Errorf("changes %+v", got)
	}
	if diff := cmp.Diff([]string{"GetCallerIdentity"}, f.take()); diff != "" {
		t.Errorf("the account was not asked for once: %s", diff)
	}
}

// A refusal is never absence, and names the permission.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want string // with the permission for %s
	}{
		{"denied", apiError("AccessDenied"), "AWS refused it: grant %s"},
		{"denied with a suffix", apiError("AccessDeniedException"), "AWS refused it: grant %s"},
		{"throttled", apiError("Throttling"), "AWS throttled it (Throttling): needs %s"},
		{"throttled otherwise", apiError("RequestLimitExceeded"), "AWS throttled it (RequestLimitExceeded): needs %s"},
		{"late", fmt.Errorf("operation error: %w", context.DeadlineExceeded), "AWS did not answer in time: needs %s"},
		{"expired credentials", apiError("ExpiredToken"), "AWS answered ExpiredToken: needs %s"},
		{"broken", apiError("ServiceFailure"), "AWS answered ServiceFailure: needs %s"},
		{"no network", errors.New("dial tcp: no route to host"), "AWS could not be reached: needs %s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			f.err, f.stsErr = tt.err, tt.err
			a := f.account(Options{})
			check := func(need string, exists policy.Result, why string) {
				t.Helper()
				if want := fmt.Sprintf(tt.want, need); exists != policy.Unknown || why != want {
					t.Errorf("exists %d, %q; want %q", exists, why, want)
				}
			}
			role := a.Role(t.Context(), deploy)
			check("iam:GetRole on "+deploy, role.Exists, role.Why)
			roles := a.Roles(t.Context(), account)
			check("iam:ListRoles on *", roles.Exists, roles.Why)
			provider := a.Provider(t.Context(), actions)
			check("iam:GetOpenIDConnectProvider on "+actions, provider.Exists, provider.Why)
			providers := a.Providers(t.Context(), account)
			check("iam:ListOpenIDConnectProviders on *", providers.Exists, providers.Why)
		})
	}
}

// The ARN is the caller's: nothing has a name that IAM calls invalid.
func TestInvalidNamesAreMissing(t *testing.T) {
	f := newFake()
	f.err = apiError("ValidationError")
	a := f.account(Options{})
	if got := a.Role(t.Context(), deploy+"*"); got.Exists != policy.No {
		t.Errorf("role %+v", got)
	}
	if got := a.Provider(t.Context(), actions+"*"); got.Exists != policy.No {
		t.Errorf("provider %+v", got)
	}
}
