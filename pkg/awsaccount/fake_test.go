package awsaccount

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

const (
	account = "111122223333"
	other   = "444455556666"
	deploy  = "arn:aws:iam::" + account + ":role/ci/deploy"
	actions = "arn:aws:iam::" + account + ":oidc-provider/token.actions.githubusercontent.com"
	foreign = "arn:aws:iam::" + other + ":role/deploy"

	notMine = "it belongs to account " + other + ", and the credentials at hand are of account " + account
)

var created = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

// fake is IAM and STS: roles by name, providers by ARN, and err where it is
// not nil. It notes the calls, and takes its time for each.
type fake struct {
	roles     map[string]types.Role
	providers map[string]iam.GetOpenIDConnectProviderOutput
	alias     string
	err       error
	stsErr    error
	takes     time.Duration
	hollow    bool // GetRole answers without the role

	mu    sync.Mutex
	calls []string
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
		alias: "acme-prod",
	}
}

// account is the one of the fake, with the fake trail or organization that a
// test needs.
func (f *fake) account(o Options) *Account {
	a := newAccount(o)
	a.sts, a.home = f, &services{iam: f}
	a.named = func(context.Context) string { return "" }
	return a
}

func (f *fake) called(format string, args ...any) {
	f.mu.Lock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
	f.mu.Unlock()
	time.Sleep(f.takes)
}

// take returns the calls since the last time.
func (f *fake) take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := slices.Sorted(slices.Values(f.calls))
	f.calls = nil
	return calls
}

func (f *fake) GetRole(_ context.Context, in *iam.GetRoleInput, _ ...func(*iam.Options)) (*iam.GetRoleOutput, error) {
	f.called("GetRole %s", *in.RoleName)
	r, ok := f.roles[*in.RoleName]
	if f.err == nil && !ok {
		return nil, &types.NoSuchEntityException{}
	}
	if f.hollow {
		return &iam.GetRoleOutput{}, nil
	}
	return &iam.GetRoleOutput{Role: &r}, f.err
}

// ListRoles gives one role a page.
func (f *fake) ListRoles(_ context.Context, in *iam.ListRolesInput, _ ...func(*iam.Options)) (*iam.ListRolesOutput, error) {
	f.called("ListRoles %s", aws.ToString(in.Marker))
	if in.Marker == nil {
		return &iam.ListRolesOutput{Roles: []types.Role{f.roles["deploy"]}, IsTruncated: true, Marker: aws.String("2")}, f.err
	}
	return &iam.ListRolesOutput{Roles: []types.Role{{Arn: aws.String(deploy + "2")}}}, f.err
}

func (f *fake) GetOpenIDConnectProvider(_ context.Context, in *iam.GetOpenIDConnectProviderInput, _ ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error) {
	f.called("GetOpenIDConnectProvider")
	p, ok := f.providers[*in.OpenIDConnectProviderArn]
	if f.err == nil && !ok {
		return nil, &types.NoSuchEntityException{}
	}
	return &p, f.err
}

func (f *fake) ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error) {
	f.called("ListOpenIDConnectProviders")
	return &iam.ListOpenIDConnectProvidersOutput{OpenIDConnectProviderList: []types.OpenIDConnectProviderListEntry{
		{Arn: aws.String(actions)}, {Arn: aws.String("arn:aws:iam::" + account + ":oidc-provider/localhost/")},
	}}, f.err
}

func (f *fake) ListAccountAliases(context.Context, *iam.ListAccountAliasesInput, ...func(*iam.Options)) (*iam.ListAccountAliasesOutput, error) {
	f.called("ListAccountAliases")
	out := &iam.ListAccountAliasesOutput{}
	if f.alias != "" {
		out.AccountAliases = []string{f.alias}
	}
	return out, f.err
}

func (f *fake) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	f.called("GetCallerIdentity")
	return &sts.GetCallerIdentityOutput{Account: aws.String(account)}, f.stsErr
}

func apiError(code string) error {
	return fmt.Errorf("operation error: %w", &smithy.GenericAPIError{Code: code, Message: "m"})
}
