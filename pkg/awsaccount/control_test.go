package awsaccount

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// fakeOrganization is one whose management account is account: other is in
// ou-1, which is in r-1. Policies have their id as their content.
type fakeOrganization struct {
	attached map[string][]string // ids of policies by target
	errs     map[string]error    // by action
	pages    int                 // empty pages before each list
	takes    time.Duration       // for each call
	calls    []string
}

func (f *fakeOrganization) call(action, on string) error {
	time.Sleep(f.takes)
	f.calls = append(f.calls, action+" "+on)
	return errors.Join(f.errs[action])
}

func (f *fakeOrganization) DescribeOrganization(context.Context, *api.DescribeOrganizationInput, ...func(*api.Options)) (*api.DescribeOrganizationOutput, error) {
	return &api.DescribeOrganizationOutput{Organization: &types.Organization{MasterAccountId: aws.String(account)}}, f.call("DescribeOrganization", "")
}

func (f *fakeOrganization) ListParents(_ context.Context, in *api.ListParentsInput, _ ...func(*api.Options)) (*api.ListParentsOutput, error) {
	if len(aws.ToString(in.NextToken)) < f.pages {
		return &api.ListParentsOutput{NextToken: aws.String(aws.ToString(in.NextToken) + "x")}, nil
	}
	parent := map[string]string{other: "ou-1", "ou-1": "r-1"}[*in.ChildId]
	return &api.ListParentsOutput{Parents: []types.Parent{{Id: &parent}}}, f.call("ListParents", *in.ChildId)
}

func (f *fakeOrganization) ListPoliciesForTarget(_ context.Context, in *api.ListPoliciesForTargetInput, _ ...func(*api.Options)) (*api.ListPoliciesForTargetOutput, error) {
	if len(aws.ToString(in.NextToken)) < f.pages {
		return &api.ListPoliciesForTargetOutput{NextToken: aws.String(aws.ToString(in.NextToken) + "x")}, nil
	}
	out := &api.ListPoliciesForTargetOutput{Policies: []types.PolicySummary{{Id: aws.String("p-RCPFullAWSAccess"), AwsManaged: true}}}
	for _, id := range f.attached[*in.TargetId] {
		out.Policies = append(out.Policies, types.PolicySummary{Id: &id, Name: aws.String("name of " + id)})
	}
	if in.Filter != types.PolicyTypeResourceControlPolicy {
		return nil, errors.New("another type of policy was asked for")
	}
	return out, f.call("ListPoliciesForTarget", *in.TargetId)
}

func (f *fakeOrganization) DescribePolicy(_ context.Context, in *api.DescribePolicyInput, _ ...func(*api.Options)) (*api.DescribePolicyOutput, error) {
	return &api.DescribePolicyOutput{Policy: &types.Policy{Content: in.PolicyId}}, f.call("DescribePolicy", *in.PolicyId)
}

func (f *fakeOrganization) of(t *testing.T, target string) diagnose.Known[[]diagnose.NamedPolicy] {
	t.Helper()
	a := newFake().account(Options{Account: account})
	a.org = f
	return a.ResourceControlPolicies(t.Context(), target)
}

func named(ids ...string) []diagnose.NamedPolicy {
	all := []diagnose.NamedPolicy{}
	for _, id := range ids {
		all = append(all, diagnose.NamedPolicy{ID: id, Name: "name of " + id, Document: []byte(id)})
	}
	return all
}

func TestResourceControlPolicies(t *testing.T) {
	attached := map[string][]string{other: {"p-own"}, "ou-1": {"p-unit", "p-twice"}, "r-1": {"p-root", "p-twice"}, account: {"p-idle"}}
	for _, tt := range []struct {
		name, target string
		pages        int
		want         []diagnose.NamedPolicy
		calls        int
	}{
		{"from the account up to the root", other, 0, named("p-own", "p-unit", "p-twice", "p-root"), 1 + 3 + 2 + 4},
		{"behind empty pages", other, 2, named("p-own", "p-unit", "p-twice", "p-root"), 1 + 3 + 2 + 4},
		{"not in the management account", account, 0, named(), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fakeOrganization{attached: attached, pages: tt.pages}
			if diff := cmp.Diff(diagnose.Found(tt.want), f.of(t, tt.target)); diff != "" {
				t.Errorf("policies (-want +got):\n%s", diff)
			}
			if len(f.calls) != tt.calls {
				t.Errorf("%d calls, want %d: %q", len(f.calls), tt.calls, f.calls)
			}
		})
	}
}

func TestResourceControlPoliciesRefused(t *testing.T) {
	const (
		where   = " in the management account of the organization, or in one that it delegates policies to"
		outside = "account " + other + " is not in the organization of the credentials at hand"
	)
	denied, busy := apiError("AccessDeniedException"), apiError("TooManyRequestsException")
	for _, tt := range []struct {
		name, action string
		err          error
		target       string
		want         diagnose.Known[[]diagnose.NamedPolicy]
	}{
		{"the organization", "DescribeOrganization", denied, other, diagnose.Unseen[[]diagnose.NamedPolicy]("AWS refused it: grant organizations:DescribeOrganization" + where)},
		{"the lists", "ListPoliciesForTarget", denied, other, diagnose.Unseen[[]diagnose.NamedPolicy]("AWS refused it: grant organizations:ListPoliciesForTarget" + where)},
		{"the lists are throttled", "ListPoliciesForTarget", busy, other, diagnose.Unseen[[]diagnose.NamedPolicy]("AWS throttled it (TooManyRequestsException): needs organizations:ListPoliciesForTarget")},
		{"the policies", "DescribePolicy", denied, other, diagnose.Unseen[[]diagnose.NamedPolicy]("AWS refused it: grant organizations:DescribePolicy" + where)},
		{"no organization", "DescribeOrganization", apiError("AWSOrganizationsNotInUseException"), account, diagnose.Found(named())},
		{"no organization here", "DescribeOrganization", apiError("AWSOrganizationsNotInUseException"), other, diagnose.Unseen[[]diagnose.NamedPolicy](outside)},
		{"another organization", "ListPoliciesForTarget", apiError("TargetNotFoundException"), other, diagnose.Unseen[[]diagnose.NamedPolicy](outside)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &fakeOrganization{attached: map[string][]string{other: {"p-own"}}, errs: map[string]error{tt.action: tt.err}}
			got := f.of(t, tt.target)
			if got.Exists == policy.Unknown {
				got.Value = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// hollowOrganization answers without the members that answers have.
type hollowOrganization struct {
	fakeOrganization
	without string // the action
}

func (f *hollowOrganization) DescribeOrganization(ctx context.Context, in *api.DescribeOrganizationInput, _ ...func(*api.Options)) (*api.DescribeOrganizationOutput, error) {
	if f.without == "DescribeOrganization" {
		return &api.DescribeOrganizationOutput{}, nil
	}
	return f.fakeOrganization.DescribeOrganization(ctx, in)
}

func (f *hollowOrganization) DescribePolicy(ctx context.Context, in *api.DescribePolicyInput, _ ...func(*api.Options)) (*api.DescribePolicyOutput, error) {
	if f.without == "DescribePolicy" {
		return &api.DescribePolicyOutput{}, nil
	}
	return f.fakeOrganization.DescribePolicy(ctx, in)
}

func TestHollowAnswers(t *testing.T) {
	for _, action := range []string{"DescribeOrganization", "DescribePolicy"} {
		a := newFake().account(Options{Account: account})
		a.org = &hollowOrganization{fakeOrganization{attached: map[string][]string{other: {"p-own"}}}, action}
		got := a.ResourceControlPolicies(t.Context(), other)
		if got.Exists != policy.Unknown || got.Why != "AWS answered without it: needs organizations:"+action {
			t.Errorf("%s: %+v", action, got)
		}
	}
	f := newFake()
	f.hollow = true
	if got := f.account(Options{Account: account}).Role(t.Context(), deploy); got.Exists != policy.Unknown || got.Why != "AWS answered without it: needs iam:GetRole on "+deploy {
		t.Errorf("%+v", got)
	}
}

// What was read before a refusal may be what denies the call.
func TestResourceControlPoliciesInPart(t *testing.T) {
	f := &fakeOrganization{attached: map[string][]string{other: {"p-own"}}, errs: map[string]error{"ListParents": apiError("AccessDenied")}}
	got := f.of(t, other)
	if got.Exists != policy.Unknown || got.Why == "" {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff(named("p-own"), got.Value); diff != "" {
		t.Error(diff)
	}
}
