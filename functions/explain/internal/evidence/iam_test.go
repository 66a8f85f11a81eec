package evidence_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/awstest"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

const (
	deploy  = "arn:aws:iam::" + home + ":role/ci/deploy"
	actions = "arn:aws:iam::" + home + ":oidc-provider/token.actions.githubusercontent.com"
	foreign = "arn:aws:iam::" + other + ":role/deploy"
)

// seeded is an account with a role, a provider and an alias.
func seeded(t *testing.T) aws.Config {
	t.Helper()
	cfg := fresh(t, home)
	client := iam.NewFromConfig(cfg)
	createRole(t, cfg, "/ci/", "deploy")
	_, err := client.TagRole(t.Context(), &iam.TagRoleInput{RoleName: aws.String("deploy"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("payments")}}})
	must(t, err)
	_, err = client.CreateOpenIDConnectProvider(t.Context(), &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://token.actions.githubusercontent.com"), ClientIDList: []string{"sts.amazonaws.com"},
	})
	must(t, err)
	_, err = client.CreateAccountAlias(t.Context(), &iam.CreateAccountAliasInput{AccountAlias: aws.String("acme-prod")})
	must(t, err)
	cloud.Use(home)
	return cfg
}

func TestRoleAndProvider(t *testing.T) {
	a := awsaccount.New(seeded(t), awsaccount.Options{})
	want := diagnose.Found(diagnose.Role{
		ARN: deploy, TrustPolicy: []byte(trust), Created: awstest.Created, MaxSession: 3600, Tags: map[string]string{"team": "payments"},
	})
	if diff := cmp.Diff(want, a.Role(t.Context(), deploy)); diff != "" {
		t.Errorf("role (-want +got):\n%s", diff)
	}
	p := a.Provider(t.Context(), actions)
	if p.Exists != policy.Yes || p.Value.URL != "token.actions.githubusercontent.com" || !slices.Equal(p.Value.ClientIDs, []string{"sts.amazonaws.com"}) {
		t.Errorf("provider %+v", p)
	}
	if got := a.Alias(t.Context(), home); got != "acme-prod" {
		t.Errorf("alias %q", got)
	}
}

// A new failure costs four calls where neither role nor provider is there, and
// that for the account once; a repeat, and any number at the same time, none.
func TestRequiredEvidenceIsCheap(t *testing.T) {
	a := awsaccount.New(seeded(t), awsaccount.Options{})
	ask := func() {
		a.Role(t.Context(), deploy+"er")
		a.Roles(t.Context(), home)
		a.Provider(t.Context(), actions+"/acme")
		a.Providers(t.Context(), home)
	}
	want := []string{"iam:GetOpenIDConnectProvider", "iam:GetRole", "iam:ListOpenIDConnectProviders", "iam:ListRoles", "sts:GetCallerIdentity"}
	var all sync.WaitGroup
	for range 20 {
		all.Go(ask)
	}
	all.Wait()
	ask()
	if diff := cmp.Diff(want, calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestCredentialsThatNameTheirAccount(t *testing.T) {
	cfg := seeded(t)
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test", AccountID: home}, nil
	})
	if got := awsaccount.New(cfg, awsaccount.Options{}).Role(t.Context(), deploy); got.Exists != policy.Yes {
		t.Errorf("role %+v", got)
	}
	if diff := cmp.Diff([]string{"iam:GetRole"}, calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestRefusalsAreCounted(t *testing.T) {
	cfg := seeded(t)
	cloud.Fail("GetRole", standin.Deny(http.StatusForbidden, "AccessDenied", "no"))
	counted := &tally{}
	a := awsaccount.New(cfg, awsaccount.Options{Account: home, Counter: counted})
	if got, want := a.Role(t.Context(), deploy).Why, "AWS refused it: grant iam:GetRole on "+deploy; got != want {
		t.Errorf("why %q, want %q", got, want)
	}
	a.Provider(t.Context(), actions)
	if counted.all != 2 || !slices.Equal(counted.refused, []string{"iam:GetRole"}) {
		t.Errorf("%d calls, refused %q", counted.all, counted.refused)
	}
}

func TestMemberAccount(t *testing.T) {
	cfg := fresh(t, other)
	createRole(t, cfg, "/", "deploy")
	cloud.Use(home)
	a := awsaccount.New(cfg, awsaccount.Options{MemberRole: "rolewhy-member", ExternalID: "x"})
	if got := a.Role(t.Context(), foreign); got.Exists != policy.Yes || got.Value.ARN != foreign {
		t.Errorf("role %+v", got)
	}
	if got := a.Roles(t.Context(), other); len(got.Value) != 1 {
		t.Errorf("roles there %+v", got)
	}
	if got := a.Role(t.Context(), strings.Replace(foreign, other, home, 1)); got.Exists != policy.No {
		t.Errorf("role of that name here %+v", got)
	}
	want := []string{"iam:GetRole", "iam:GetRole", "iam:ListRoles", "sts:AssumeRole", "sts:GetCallerIdentity"}
	if diff := cmp.Diff(want, calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestMemberRoleThatRefuses(t *testing.T) {
	cfg := fresh(t, home)
	cloud.Fail("AssumeRole", standin.Deny(http.StatusForbidden, "AccessDenied", "not authorized"))
	a := awsaccount.New(cfg, awsaccount.Options{Account: home, MemberRole: "rolewhy-member"})
	const want = "AWS refused it: grant sts:AssumeRole on arn:aws:iam::" + other + ":role/rolewhy-member"
	if got := a.Role(t.Context(), foreign).Why; got != want {
		t.Errorf("why %q, want %q", got, want)
	}
	if got := a.Changes(t.Context(), foreign, "", awstest.Created, awstest.Created).Why; got != want {
		t.Errorf("why %q, want %q", got, want)
	}
	if diff := cmp.Diff([]string{"sts:AssumeRole"}, calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
