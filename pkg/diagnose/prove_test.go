package diagnose_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

const (
	account    = "111122223333"
	github     = "token.actions.githubusercontent.com"
	eks        = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	roleARN    = "arn:aws:iam::" + account + ":role/deploy"
	denialTime = "2026-09-14T03:12:44Z"
)

func providerARN(host string) string { return "arn:aws:iam::" + account + ":oidc-provider/" + host }

// denial is a call of a test: its token, and the account it was made in.
type denial struct {
	host, sub, aud string
	statements     string // of the role's trust policy, JSON without the brackets
	otherRoles     []string
	otherHosts     []string // of further providers of the account
	audiences      []string // registered beside sts.amazonaws.com
	claims         map[string]any
	mine           bool
}

func (d denial) event() *cloudtrail.Event {
	at, _ := time.Parse(time.RFC3339, denialTime)
	aud := d.aud
	if aud == "" {
		aud = "sts.amazonaws.com"
	}
	return &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", Time: at, AccountID: account, Region: "eu-west-1",
		ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied", ErrorMessage: "An unknown error occurred",
		RoleARN: roleARN, SessionName: "s", Provider: providerARN(d.host), Subject: d.sub, Audience: aud, HasAudience: true,
		SourceIP: "192.0.2.1",
	}
}

// tester is what testing and rapid have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
}

func policyOf(statements string) json.RawMessage {
	return json.RawMessage(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
}

func (d denial) explain(t tester) *report.Report {
	t.Helper()
	roles := []map[string]any{{"Arn": roleARN, "AssumeRolePolicyDocument": policyOf(d.statements)}}
	for i, statements := range d.otherRoles {
		roles = append(roles, map[string]any{
			"Arn": fmt.Sprintf("arn:aws:iam::%s:role/other-%d", account, i), "AssumeRolePolicyDocument": policyOf(statements),
		})
	}
	var providers []map[string]any
	for _, host := range append([]string{d.host}, d.otherHosts...) {
		providers = append(providers, map[string]any{"Arn": providerARN(host), "Url": host, "ClientIDList": append([]string{"sts.amazonaws.com"}, d.audiences...)})
	}
	file, err := json.Marshal(map[string]any{"account": map[string]any{"roles": roles, "oidcProviders": providers}})
	if err != nil {
		t.Fatal(err)
	}
	acct, err := casefile.FromCase(file)
	if err != nil {
		t.Fatal(err)
	}
	return diagnose.Explain(context.Background(), acct, d.event(), diagnose.Options{Mine: d.mine, Claims: d.claims})
}

// allow is an Allow statement for web identities of the provider; conditions
// is the inner JSON of its Condition.
func allow(host, conditions string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Principal":{"Federated":%q},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{%s}}`, providerARN(host), conditions)
}

// on is one condition.
func on(operator, host, claim string, values ...string) string {
	text, _ := json.Marshal(values)
	return fmt.Sprintf(`%q:{"%s:%s":%s}`, operator, host, claim, text)
}

func admits(t *testing.T, doc []byte, host, sub, aud string) bool {
	t.Helper()
	d, err := policy.Parse(doc)
	if err != nil {
		t.Fatalf("the fixed policy does not parse: %v", err)
	}
	return policy.Decide(d, &policy.Request{
		Action: "sts:AssumeRoleWithWebIdentity", Principal: providerARN(host),
		Condition: func(key string) policy.Values {
			switch key {
			case host + ":sub":
				return policy.Value(sub)
			case host + ":aud":
				return policy.Value(aud)
			}
			return policy.AbsentValue
		},
	}) == policy.Allowed
}

// TestFixes holds the first fix of a denial against who must get in, who must
// get in still, and who must not.
func TestFixes(t *testing.T) {
	const aud = "sts.amazonaws.com"
	for _, test := range []struct {
		name            string
		denial          denial
		admitted, still []string
		refused         []string
	}{
		{
			name: "another namespace joins, the old one stays",
			denial: denial{
				host: eks, sub: "system:serviceaccount:prod:app",
				statements: allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:dev:app")),
			},
			still:   []string{"system:serviceaccount:dev:app"},
			refused: []string{"system:serviceaccount:prod:other", "system:serviceaccount:prodx:app", "system:serviceaccount:other:app"},
		},
		{
			name: "a generated tail becomes a pattern that names the stem",
			denial: denial{
				host: eks, sub: "system:serviceaccount:crossplane-system:provider-aws-4ebd5d8c7cb7",
				statements: allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:crossplane-system:provider-aws-6b36ca882d8e")),
			},
			admitted: []string{"system:serviceaccount:crossplane-system:provider-aws-0123456789ab"},
			still:    []string{"system:serviceaccount:crossplane-system:provider-aws-6b36ca882d8e"},
			refused:  []string{"system:serviceaccount:crossplane-system:provider-awsx-0123456789ab", "system:serviceaccount:default:provider-aws-4ebd5d8c7cb7"},
		},
		{
			name: "the author's wildcard is kept in the immutable form",
			denial: denial{
				host: github, sub: "repo:acme@12/api@34:ref:refs/heads/main",
				statements: allow(github, on("StringLike", github, "sub", "repo:acme/api:*")),
			},
			admitted: []string{"repo:acme@12/api@34:pull_request"},
			still:    []string{"repo:acme/api:ref:refs/heads/main"},
			refused:  []string{"repo:acme@99/api@34:ref:refs/heads/main", "repo:acme@12/api@99:ref:refs/heads/main", "repo:acme@12/web@5:ref:refs/heads/main"},
		},
		{
			name: "an environment is added, not every context",
			denial: denial{
				host: github, sub: "repo:acme/api:environment:prod",
				statements: allow(github, on("StringLike", github, "sub", "repo:acme/api:ref:refs/heads/main")),
			},
			still:   []string{"repo:acme/api:ref:refs/heads/main"},
			refused: []string{"repo:acme/api:environment:dev", "repo:acme/api:pull_request", "repo:acme/api:ref:refs/heads/x"},
		},
		{
			name: "a wildcard under StringEquals moves to StringLike, aud stays in the statement",
			denial: denial{
				host: github, sub: "repo:acme/api:ref:refs/heads/main",
				statements: allow(github, fmt.Sprintf(`"StringEquals":{"%s:sub":"repo:acme/*","%s:aud":"sts.amazonaws.com"}`, github, github)),
			},
			admitted: []string{"repo:acme/web:pull_request"},
			refused:  []string{"repo:acmex/api:ref:refs/heads/main", "repo:evil/api:ref:refs/heads/main"},
		},
		{
			name: "a wildcard that names nobody is not opened",
			denial: denial{
				host: eks, sub: "system:serviceaccount:prod:app",
				statements: allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:*:*")),
			},
			refused: []string{"system:serviceaccount:prod:other", "system:serviceaccount:other:app"},
		},
		{
			name: "a provider that is gone is replaced, keys and all",
			denial: denial{
				host: eks, sub: "system:serviceaccount:prod:app",
				statements: allow("oidc.eks.eu-west-1.amazonaws.com/id/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
					on("StringEquals", "oidc.eks.eu-west-1.amazonaws.com/id/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "sub", "system:serviceaccount:prod:app")),
			},
			refused: []string{"system:serviceaccount:prod:other"},
		},
		{
			name: "a provider that is gone is replaced where its ARN goes on behind the token's",
			denial: denial{
				host: "idp.example.com", sub: "job:build",
				statements: allow("idp.example.com-old", on("StringLike", "idp.example.com-old", "sub", "job:*")),
			},
			admitted: []string{"job:test"},
			refused:  []string{"jobs:build"},
		},
		{
			name: "ids that the author left open stay open",
			denial: denial{
				host: github, sub: "repo:acme@12/api@34:ref:refs/heads/main", aud: "sts.amazonaws.com",
				statements: allow(github, on("StringLike", "https://"+github, "sub", "repo:acme@12/*")),
			},
			admitted: []string{"repo:acme@12/api@99:pull_request"},
			refused:  []string{"repo:acme@99/api@34:ref:refs/heads/main"},
		},
		{
			name: "a role of EC2 keeps its statement and gets another",
			denial: denial{
				host: eks, sub: "system:serviceaccount:prod:app",
				statements: `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`,
			},
			refused: []string{"system:serviceaccount:prod:other"},
		},
		{
			name: "a branch named like a pattern is taken literally",
			denial: denial{
				host: github, sub: "repo:acme/api:environment:*",
				statements: allow(github, on("StringLike", github, "sub", "repo:acme/api:ref:refs/heads/main")),
			},
			refused: []string{"repo:acme/api:environment:prod"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.denial.mine = true
			r := test.denial.explain(t)
			if len(r.FixedTrustPolicy) == 0 {
				t.Fatalf("no fix was proved; findings: %+v", r.Findings)
			}
			for _, s := range append(append([]string{test.denial.sub}, test.admitted...), test.still...) {
				if !admits(t, r.FixedTrustPolicy, test.denial.host, s, aud) {
					t.Errorf("%s is refused by\n%s", s, r.FixedTrustPolicy)
				}
			}
			for _, s := range test.refused {
				if admits(t, r.FixedTrustPolicy, test.denial.host, s, aud) {
					t.Errorf("%s is admitted by\n%s", s, r.FixedTrustPolicy)
				}
			}
		})
	}
}

// TestEveryShownFixIsProved: alternatives too admit the call and refuse an
// intruder.
func TestEveryShownFixIsProved(t *testing.T) {
	eachCase(t, "testdata/cases", true, func(name string, _ label, r *report.Report) {
		for _, f := range r.Findings {
			for _, fix := range f.Fixes {
				if fix.Policy == "" {
					continue
				}
				d, err := policy.Parse([]byte(fix.Policy))
				if err != nil {
					t.Errorf("%s: %s: %v", name, fix.Message, err)
				} else if err := d.Savable(policy.SaveOptions{}); err != nil {
					t.Errorf("%s: %s: IAM would refuse it: %v", name, fix.Message, err)
				}
				if len(fix.Edits) == 0 {
					t.Errorf("%s: %s: a policy without edits", name, fix.Message)
				}
			}
		}
	})
}

// TestUnsavableFixIsNotShown: what IAM would refuse to save is no fix, and the
// report says why there is none.
func TestUnsavableFixIsNotShown(t *testing.T) {
	many := make([]string, 0, 60)
	for i := range 60 {
		many = append(many, fmt.Sprintf("system:serviceaccount:ns-%02d:%s", i, strings.Repeat("a", 6)))
	}
	d := denial{host: eks, sub: "system:serviceaccount:prod:" + strings.Repeat("b", 60)}
	d.statements = allow(eks, on("StringEquals", eks, "sub", many[:45]...))
	if r := d.explain(t); len(r.FixedTrustPolicy) > 0 {
		t.Errorf("a policy beyond the size that IAM saves is offered")
	} else if notes := strings.Join(r.Findings[0].Notes, "\n"); !strings.Contains(notes, "IAM would not save it") {
		t.Errorf("the report does not say why there is no change: %s", notes)
	}
}

// TestSharedIssuerNeedsSubject: a policy for an issuer that everybody can get
// tokens of is saved only if it tests sub.
func TestSharedIssuerNeedsSubject(t *testing.T) {
	d := denial{host: github, sub: "repo:acme/api:ref:refs/heads/main", mine: true, statements: allow(github, on("StringEquals", github, "aud", "https://github.com/acme"))}
	r := d.explain(t)
	if len(r.FixedTrustPolicy) == 0 {
		t.Fatalf("no fix: %+v", r.Findings)
	}
	if admits(t, r.FixedTrustPolicy, github, "repo:evil/x:pull_request", "sts.amazonaws.com") {
		t.Errorf("the fix lets everybody in:\n%s", r.FixedTrustPolicy)
	}
}

// TestRevivedStatementNamesTheTenant: patterns that name no owner were harmless
// while the statement admitted nobody; a change must not bring them to life at
// an issuer that is open to all.
func TestRevivedStatementNamesTheTenant(t *testing.T) {
	ownerless := on("StringLike", github, "sub", "repo:*/api:*") + "," + on("ForAnyValue:StringLike", github, "sub", "repo:*:ref:refs/heads/main")
	d := denial{host: github, sub: "repo:acme/api:ref:refs/heads/Main", mine: true}
	d.statements = strings.Replace(allow(github, ownerless), "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", 1)
	r := d.explain(t)
	if len(r.FixedTrustPolicy) > 0 && admits(t, r.FixedTrustPolicy, github, "repo:mallory/api:ref:refs/heads/main", "sts.amazonaws.com") {
		t.Errorf("a stranger gets in by\n%s", r.FixedTrustPolicy)
	}
	d.statements = strings.Replace(allow(github, on("StringLike", github, "sub", "repo:acme/*")), "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", 1)
	if r := d.explain(t); len(r.FixedTrustPolicy) == 0 {
		t.Errorf("no change is offered although the statement names the owner: %+v", r.Findings)
	}
}

// TestBystandersStayOutside: a change for the caller's provider lets in nobody
// of another provider that the same statement trusts.
func TestBystandersStayOutside(t *testing.T) {
	const other = "oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA9876543210FEDCBA9876543210"
	d := denial{host: eks, sub: "system:serviceaccount:prod:app", otherHosts: []string{other}}
	d.statements = fmt.Sprintf(`{"Effect":"Allow","Principal":{"Federated":[%q,%q]},"Action":"sts:AssumeRole","Condition":{%s}}`,
		providerARN(eks), providerARN(other), on("StringEqualsIfExists", eks, "sub", "system:serviceaccount:prod:app"))
	r := d.explain(t)
	if len(r.FixedTrustPolicy) > 0 && admits(t, r.FixedTrustPolicy, other, "system:serviceaccount:default:intruder", "sts.amazonaws.com") {
		t.Errorf("every workload of the other cluster gets in by\n%s", r.FixedTrustPolicy)
	}
}
