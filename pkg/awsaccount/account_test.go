package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

const (
	account   = "111122223333"
	deploy    = "arn:aws:iam::" + account + ":role/ci/deploy"
	actions   = "arn:aws:iam::" + account + ":oidc-provider/token.actions.githubusercontent.com"
	foreign   = "arn:aws:iam::444455556666:role/deploy"
	elsewhere = "it belongs to account 444455556666, and the credentials at hand are of account " + account
)

var created = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

// fake is IAM and STS: roles by name, providers by ARN, and err where it is
// not nil. It notes the calls.
type fake struct {
	roles     map[string]types.Role
	providers map[string]iam.GetOpenIDConnectProviderOutput
	err       error
	stsErr    error
	calls     []string
}

func newFake() *fake {
	role := types.Role{
		Arn: aws.String(deploy), AssumeRolePolicyDocument: aws.String("%7B%22a%22%3A%20%22x+y%22%7D"),
		CreateDate: &created, MaxSessionDuration: aws.Int32(7200),
		Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("platform")}},
	}
	return &fake{
		roles: map[string]types.Role{"deploy": role},
		providers: map[string]iam.GetOpenIDConnectProviderOutput{actions: {
			Url: aws.String("token.actions.githubusercontent.com"), ClientIDList: []string{"sts.amazonaws.com"},
			ThumbprintList: []string{"ab"}, CreateDate: &created,
		}},
	}
}

func (f *fake) account() *Account { return &Account{iam: f, sts: f} }

func (f *fake) GetRole(_ context.Context, in *iam.GetRoleInput, _ ...func(*iam.Options)) (*iam.GetRoleOutput, error) {
	f.calls = append(f.calls, "GetRole "+*in.RoleName)
	r, ok := f.roles[*in.RoleName]
	if f.err == nil && !ok {
		return nil, &types.NoSuchEntityException{}
	}
	return &iam.GetRoleOutput{Role: &r}, f.err
}

// ListRoles gives one role a page.
func (f *fake) ListRoles(_ context.Context, in *iam.ListRolesInput, _ ...func(*iam.Options)) (*iam.ListRolesOutput, error) {
	f.calls = append(f.calls, "ListRoles "+aws.ToString(in.Marker))
	if in.Marker == nil {
		return &iam.ListRolesOutput{Roles: []types.Role{f.roles["deploy"]}, IsTruncated: true, Marker: aws.String("2")}, f.err
	}
	return &iam.ListRolesOutput{Roles: []types.Role{{Arn: aws.String(deploy + "2")}}}, f.err
}

func (f *fake) GetOpenIDConnectProvider(_ context.Context, in *iam.GetOpenIDConnectProviderInput, _ ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error) {
	f.calls = append(f.calls, "GetOpenIDConnectProvider")
	p, ok := f.providers[*in.OpenIDConnectProviderArn]
	if f.err == nil && !ok {
		return nil, &types.NoSuchEntityException{}
	}
	return &p, f.err
}

func (f *fake) ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error) {
	f.calls = append(f.calls, "ListOpenIDConnectProviders")
	return &iam.ListOpenIDConnectProvidersOutput{OpenIDConnectProviderList: []types.OpenIDConnectProviderListEntry{
		{Arn: aws.String(actions)}, {Arn: aws.String("arn:aws:iam::" + account + ":oidc-provider/localhost/")},
	}}, f.err
}

func (f *fake) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	f.calls = append(f.calls, "GetCallerIdentity")
	return &sts.GetCallerIdentityOutput{Account: aws.String(account)}, f.stsErr
}

func TestRole(t *testing.T) {
	found := diagnose.Found(diagnose.Role{
		ARN: deploy, TrustPolicy: []byte(`{"a": "x+y"}`), Created: created, MaxSession: 7200, Tags: map[string]string{"owner": "platform"},
	})
	missing := diagnose.Missing[diagnose.Role]()
	for _, tt := range []struct {
		name, arn string
		want      diagnose.Known[diagnose.Role]
		calls     []string
	}{
		{"found", deploy, found, []string{"GetRole deploy"}},
		{"no such name", deploy + "er", missing, []string{"GetRole deployer", "GetCallerIdentity"}},
		{"other path", "arn:aws:iam::" + account + ":role/deploy", missing, []string{"GetRole deploy", "GetCallerIdentity"}},
		{"other case", "arn:aws:iam::" + account + ":role/CI/deploy", missing, []string{"GetRole deploy", "GetCallerIdentity"}},
		{"name of a role here in another account", foreign, diagnose.Unseen[diagnose.Role](elsewhere), []string{"GetRole deploy", "GetCallerIdentity"}},
		{"other account", foreign + "er", diagnose.Unseen[diagnose.Role](elsewhere), []string{"GetRole deployer", "GetCallerIdentity"}},
		{"no ARN", "deploy", missing, nil},
		{"empty", "", missing, nil},
		{"a user", "arn:aws:iam::" + account + ":user/deploy", missing, nil},
		{"too many colons", "arn:aws:iam::::" + account + ":role/deploy", missing, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			if diff := cmp.Diff(tt.want, f.account().Role(t.Context(), tt.arn)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.calls, f.calls); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProvider(t *testing.T) {
	found := diagnose.Found(diagnose.Provider{
		ARN: actions, URL: "token.actions.githubusercontent.com", ClientIDs: []string{"sts.amazonaws.com"}, Thumbprints: []string{"ab"}, Created: created,
	})
	missing := diagnose.Missing[diagnose.Provider]()
	for _, tt := range []struct {
		name, arn string
		want      diagnose.Known[diagnose.Provider]
	}{
		{"found", actions, found},
		{"missing", actions + "/acme", missing},
		{"other account", strings.Replace(actions, account, "444455556666", 1), diagnose.Unseen[diagnose.Provider](elsewhere)},
		{"a built-in one", "accounts.google.com", missing},
		{"a role", deploy, missing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, newFake().account().Provider(t.Context(), tt.arn)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRolesFollowsThePages(t *testing.T) {
	f := newFake()
	got := f.account().Roles(t.Context(), account)
	if got.Exists != policy.Yes || len(got.Value) != 2 || got.Value[0].ARN != deploy || got.Value[1].ARN != deploy+"2" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"GetCallerIdentity", "ListRoles ", "ListRoles 2"}, f.calls); diff != "" {
		t.Error(diff)
	}
}

func TestProvidersReadsTheURLOffTheARN(t *testing.T) {
	want := diagnose.Found([]diagnose.Provider{
		{ARN: actions, URL: "token.actions.githubusercontent.com"},
		{ARN: "arn:aws:iam::" + account + ":oidc-provider/localhost/", URL: "localhost/"},
	})
	if diff := cmp.Diff(want, newFake().account().Providers(t.Context(), account)); diff != "" {
		t.Error(diff)
	}
}

func TestListsOfAnotherAccountAreUnseen(t *testing.T) {
	f := newFake()
	a := f.account()
	if got := a.Roles(t.Context(), "444455556666"); got.Exists != policy.Unknown || got.Why != elsewhere {
		t.Errorf("roles %+v", got)
	}
	if got := a.Providers(t.Context(), "444455556666"); got.Exists != policy.Unknown || got.Why != elsewhere {
		t.Errorf("providers %+v", got)
	}
	if diff := cmp.Diff([]string{"GetCallerIdentity"}, f.calls); diff != "" {
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
			a := f.account()
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

func TestWhatThisVersionDoesNotReadIsSaid(t *testing.T) {
	a := newFake().account()
	if got := a.ResourceControlPolicies(t.Context(), account); got.Exists != policy.Unknown || got.Why == "" {
		t.Errorf("resource control policies %+v", got)
	}
	if got := a.Changes(t.Context(), deploy, actions, created, created); got.Exists != policy.Unknown || got.Why == "" {
		t.Errorf("changes %+v", got)
	}
}

// The ARN is the caller's: nothing has a name that IAM calls invalid.
func TestInvalidNamesAreMissing(t *testing.T) {
	f := newFake()
	f.err = apiError("ValidationError")
	if got := f.account().Role(t.Context(), deploy+"*"); got.Exists != policy.No {
		t.Errorf("role %+v", got)
	}
	if got := f.account().Provider(t.Context(), actions+"*"); got.Exists != policy.No {
		t.Errorf("provider %+v", got)
	}
}

// A role that cannot be told from a foreign one is looked for as one's own.
func TestIdentityIsAskedForAgainAfterAFailure(t *testing.T) {
	f := newFake()
	f.stsErr = apiError("Throttling")
	a := f.account()
	if got := a.Role(t.Context(), foreign); got.Exists != policy.No {
		t.Errorf("without an identity: %+v", got)
	}
	f.stsErr = nil
	if got := a.Role(t.Context(), foreign); got.Why != elsewhere {
		t.Errorf("with an identity: %+v", got)
	}
}

func apiError(code string) error {
	return fmt.Errorf("operation error IAM: %w", &smithy.GenericAPIError{Code: code, Message: "m"})
}
