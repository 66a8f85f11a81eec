package evidence_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

const control = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithWebIdentity","Resource":"*"}]}`

// organization is managed from home and has one member, in a unit within a
// unit, with a resource control policy at each level.
func organization(t *testing.T, cfg aws.Config) (member string) {
	t.Helper()
	client, ctx := organizations.NewFromConfig(cfg), t.Context()
	_, err := client.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll})
	must(t, err)
	roots, err := client.ListRoots(ctx, &organizations.ListRootsInput{})
	must(t, err)
	root := *roots.Roots[0].Id
	outer, err := client.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: &root, Name: aws.String("workloads")})
	must(t, err)
	inner, err := client.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: outer.OrganizationalUnit.Id, Name: aws.String("prod")})
	must(t, err)
	account, err := client.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("payments"), Email: aws.String("p@example.com")})
	must(t, err)
	member = *account.CreateAccountStatus.AccountId
	_, err = client.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &member, SourceParentId: &root, DestinationParentId: inner.OrganizationalUnit.Id})
	must(t, err)
	for name, target := range map[string]string{"at the root": root, "at the unit": *outer.OrganizationalUnit.Id, "at the account": member} {
		made, err := client.CreatePolicy(ctx, &organizations.CreatePolicyInput{
			Name: &name, Content: aws.String(control), Description: aws.String("d"), Type: types.PolicyTypeResourceControlPolicy,
		})
		must(t, err)
		_, err = client.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: made.Policy.PolicySummary.Id, TargetId: &target})
		must(t, err)
	}
	cloud.Use(home)
	return member
}

func TestResourceControlPoliciesUpToTheRoot(t *testing.T) {
	cfg := fresh(t, home)
	member := organization(t, cfg)
	got := awsaccount.New(cfg, awsaccount.Options{Account: home}).ResourceControlPolicies(t.Context(), member)
	var want []diagnose.NamedPolicy
	for _, name := range []string{"at the account", "at the unit", "at the root"} {
		want = append(want, diagnose.NamedPolicy{Name: name, Document: []byte(control)})
	}
	if diff := cmp.Diff(diagnose.Found(want), got, cmpopts.IgnoreFields(diagnose.NamedPolicy{}, "ID")); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
}

func TestNoResourceControlPolicies(t *testing.T) {
	cfg := fresh(t, home)
	none := diagnose.Found([]diagnose.NamedPolicy{})
	if diff := cmp.Diff(none, awsaccount.New(cfg, awsaccount.Options{Account: home}).ResourceControlPolicies(t.Context(), home)); diff != "" {
		t.Errorf("outside an organization (-want +got):\n%s", diff)
	}
	organization(t, cfg)
	if diff := cmp.Diff(none, awsaccount.New(cfg, awsaccount.Options{Account: home}).ResourceControlPolicies(t.Context(), home)); diff != "" {
		t.Errorf("in the management account (-want +got):\n%s", diff)
	}
}

// A member account may not read the policies that bind it.
func TestMemberMayNotReadPolicies(t *testing.T) {
	cfg := fresh(t, home)
	member := organization(t, cfg)
	cloud.Fail("ListPoliciesForTarget", standin.Refuse(http.StatusBadRequest, `{"__type":"AccessDeniedException","Message":"You don't have permissions to access this resource."}`))
	got := awsaccount.New(cfg, awsaccount.Options{Account: home}).ResourceControlPolicies(t.Context(), member)
	if got.Exists != policy.Unknown {
		t.Errorf("policies %+v", got)
	}
	contains(t, got.Why, "AWS refused it: grant organizations:ListPoliciesForTarget in the management account")
}
