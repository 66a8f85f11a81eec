package diagnose

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// oneRole is an account of which one role was looked at.
type oneRole struct {
	Account
	role Role
}

func (a oneRole) Role(context.Context, string) Known[Role]       { return Found(a.role) }
func (a oneRole) Roles(context.Context, string) Known[[]Role]    { return Found([]Role{a.role}) }
func (oneRole) Provider(context.Context, string) Known[Provider] { return Unseen[Provider]("") }
func (oneRole) Providers(context.Context, string) Known[[]Provider] {
	return Unseen[[]Provider]("")
}

func (oneRole) ResourceControlPolicies(context.Context, string) Known[[]NamedPolicy] {
	return Unseen[[]NamedPolicy]("")
}

func (oneRole) Changes(context.Context, string, string, time.Time, time.Time) Known[[]Change] {
	return Unseen[[]Change]("")
}

// trusting is a policy with these conditions.
func trusting(t *testing.T, conditions string) *policy.Document {
	t.Helper()
	d, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
		"Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
		"Condition":{` + strings.ReplaceAll(conditions, "gh:", "token.actions.githubusercontent.com:") + `}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestGuardsOfAFix holds each guard alone against policies that a careless
// change would lead to, whatever the checks propose.
func TestGuardsOfAFix(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	before := trusting(t, `"StringEquals":{"gh:aud":"sts.amazonaws.com","gh:sub":"repo:acme/api:ref:refs/heads/main"}`)
	c := gather(t.Context(), oneRole{role: Role{ARN: "arn:aws:iam::111122223333:role/deploy", TrustPolicy: before.Source}}, &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", ErrorCode: accessDenied, RoleARN: "arn:aws:iam::111122223333:role/deploy", AccountID: "111122223333",
		Provider: arn, Subject: "repo:acme/api:environment:production", Audience: "sts.amazonaws.com", HasAudience: true,
		Time: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}, Options{Mine: true})
	for name, test := range map[string]struct {
		conditions                            string
		admitsCall, savable, neighbours, kept bool
	}{
		"the value beside the old one": {
			`"StringEquals":{"gh:aud":"sts.amazonaws.com","gh:sub":["repo:acme/api:ref:refs/heads/main","repo:acme/api:environment:production"]}`,
			true, true, true, true,
		},
		"the policy as it was": {
			`"StringEquals":{"gh:aud":"sts.amazonaws.com","gh:sub":"repo:acme/api:ref:refs/heads/main"}`,
			false, true, true, true,
		},
		"the value in place of the old one": {
			`"StringEquals":{"gh:aud":"sts.amazonaws.com","gh:sub":"repo:acme/api:environment:production"}`,
			true, true, true, false,
		},
		"every repository of the owner": {
			`"StringEquals":{"gh:aud":"sts.amazonaws.com"},"StringLike":{"gh:sub":"repo:acme/*"}`,
			true, true, false, true,
		},
		"every context of the repository": {
			`"StringEquals":{"gh:aud":"sts.amazonaws.com"},"StringLike":{"gh:sub":"repo:acme/api:*"}`,
			true, true, false, true,
		},
		"no test of the audience": {
			`"StringEquals":{"gh:sub":["repo:acme/api:ref:refs/heads/main","repo:acme/api:environment:production"]}`,
			true, true, false, true,
		},
		"no test of the subject": {
			`"StringEquals":{"gh:aud":"sts.amazonaws.com"}`,
			true, false, false, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, d := newProver(c), trusting(t, test.conditions)
			for guard, held := range map[string]struct{ got, want bool }{
				"admitsCall":        {p.admitsCall(d), test.admitsCall},
				"savable":           {p.savable(d), test.savable},
				"refusesNeighbours": {p.refusesNeighbours(d, nil), test.neighbours},
				"keepsAdmitted":     {p.keepsAdmitted(d), test.kept},
				"holds":             {p.holds(d, nil), test.admitsCall && test.savable && test.neighbours && test.kept},
			} {
				if held.got != held.want {
					t.Errorf("%s is %v, want %v", guard, held.got, held.want)
				}
			}
		})
	}
}
