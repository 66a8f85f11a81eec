package diagnose_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// statement is a statement for web identities of any effect.
func statement(effect, principal, action, conditions string) string {
	return fmt.Sprintf(`{"Effect":%q,"Principal":%s,"Action":%q,"Condition":{%s}}`, effect, principal, action, conditions)
}

func federated(hosts ...string) string {
	arns := make([]string, len(hosts))
	for i, host := range hosts {
		if arns[i] = `"` + providerARN(host) + `"`; !strings.Contains(host, ".") || host == "cognito-identity.amazonaws.com" {
			arns[i] = `"` + host + `"`
		}
	}
	return `{"Federated":[` + strings.Join(arns, ",") + `]}`
}

// TestFixesOpenNothing: a fix must not let in somebody whom another part of the
// policy kept out, nor shut out somebody else.
func TestFixesOpenNothing(t *testing.T) {
	const (
		main   = "repo:acme/api:ref:refs/heads/main"
		app    = "system:serviceaccount:prod:app"
		aud    = "sts.amazonaws.com"
		assume = "sts:AssumeRoleWithWebIdentity"
		other  = "other.example.com"
	)
	type caller struct{ host, sub, aud string }
	for _, test := range []struct {
		name    string
		denial  denial
		still   []caller
		refused []caller
	}{
		{
			name: "an open subject is no protection once the owner's condition goes",
			denial: denial{host: github, sub: main, statements: allow(github,
				on("StringLike", github, "sub", "repo:*:ref:refs/heads/main")+","+on("StringEquals", github, "repository_owner", "acme"))},
			refused: []caller{{github, "repo:mallory/x:ref:refs/heads/main", aud}},
		},
		{
			name: "nor once the condition on the organization of the caller goes",
			denial: denial{host: github, sub: main, statements: allow(github,
				on("StringLike", github, "sub", "repo:*/api:*", "repo:*:ref:*")+`,"StringEquals":{"aws:PrincipalOrgID":"o-1"}`)},
			refused: []caller{{github, "repo:mallory/api:ref:refs/heads/main", aud}},
		},
		{
			name:    "an open subject does not ask for strangers where the audience is wrong",
			denial:  denial{host: github, sub: main, audiences: []string{"x"}, statements: allow(github, on("StringLike", github, "sub", "repo:*:ref:refs/heads/main")+","+on("StringEquals", github, "aud", "x"))},
			refused: []caller{{github, "repo:mallory/x:ref:refs/heads/main", aud}},
		},
		{
			name: "a statement for session tags does not become one for everybody",
			denial: denial{host: eks, sub: app, statements: statement("Allow", federated(eks), "sts:TagSession", "") + "," +
				allow(eks, on("StringEquals", eks, "sub", "system:serviceaccount:dev:app")+","+on("StringLike", eks, "aud", "x"))},
			refused: []caller{{eks, "system:serviceaccount:mallory:app", aud}},
		},
		{
			name:    "a statement for session tags alone gets one for the call beside it",
			denial:  denial{host: eks, sub: app, statements: statement("Allow", federated(eks), "sts:TagSession", "")},
			refused: []caller{{eks, "system:serviceaccount:mallory:app", aud}, {eks, app, "other"}},
		},
		{
			name:    "a statement for everybody in AWS is not opened to web identities",
			denial:  denial{host: eks, sub: app, statements: statement("Allow", `{"AWS":"*"}`, "sts:AssumeRole", "")},
			refused: []caller{{other, "anybody", aud}, {eks, "system:serviceaccount:mallory:app", aud}},
		},
		{
			name: "Cognito's users stay where its statement is nearest",
			denial: denial{host: eks, sub: app, statements: statement("Allow", federated("cognito-identity.amazonaws.com"), assume,
				`"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:pool"}`)},
			still: []caller{{"cognito-identity.amazonaws.com", "us-east-1:user", "us-east-1:pool"}},
		},
		{
			name: "users of the second provider stay where the first is gone",
			denial: denial{host: eks, sub: app, otherHosts: []string{other}, statements: statement("Allow", federated("gone.example.com", other), assume,
				on("StringEquals", other, "sub", "job:build"))},
			still:   []caller{{other, "job:build", aud}},
			refused: []caller{{other, "job:test", aud}, {eks, "job:build", aud}},
		},
		{
			name: "a provider that was only tested for its audience gets no statement of its own",
			denial: denial{host: eks, sub: app, otherHosts: []string{other}, statements: statement("Allow", federated(eks, other), assume,
				on("StringEquals", eks, "sub", app)+","+on("StringLike", other, "aud", aud))},
			refused: []caller{{other, "anybody", aud}},
		},
		{
			name: "two providers in one statement get one each where both name their callers",
			denial: denial{host: eks, sub: app, otherHosts: []string{other}, statements: statement("Allow", federated(eks, other), assume,
				on("StringEquals", eks, "sub", app)+","+on("StringLike", other, "sub", "job:build"))},
			refused: []caller{{other, "job:test", aud}, {eks, "job:build", aud}},
		},
		{
			name:    "branches that differ in case are two branches",
			denial:  denial{host: github, sub: main, statements: allow(github, on("StringEquals", github, "sub", "repo:acme/api:ref:refs/heads/Main"))},
			still:   []caller{{github, "repo:acme/api:ref:refs/heads/Main", aud}},
			refused: []caller{{github, "repo:acme/api:ref:refs/heads/MAIN", aud}},
		},
		{
			name:    "the letter case of a key does not hide that it tests the subject",
			denial:  denial{host: eks, sub: app, statements: allow(eks, on("StringEquals", eks, "Sub", "system:serviceaccount:dev:app")+","+on("StringLike", eks, "Aud", "x"))},
			refused: []caller{{eks, "system:serviceaccount:mallory:mallory", aud}, {eks, app, "other"}},
		},
		{
			name:    "an audience with a wildcard does not open a pattern",
			denial:  denial{host: eks, sub: app, aud: "*", statements: allow(eks, on("StringLike", eks, "aud", "x")+","+on("StringEquals", eks, "sub", app))},
			refused: []caller{{eks, app, "other"}},
		},
		{
			name:    "an asterisk for the audience does not become a wildcard",
			denial:  denial{host: eks, sub: app, statements: allow(eks, on("StringEquals", eks, "aud", "*")+","+on("StringLike", eks, "sub", app))},
			refused: []caller{{eks, app, "other"}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.denial.mine = true
			offered := test.denial.explain(t).FixedTrustPolicy
			if len(offered) == 0 {
				offered = policyOf(test.denial.statements) // nothing is offered: all stays as it is
			}
			d, err := policy.Parse(offered)
			if err != nil {
				t.Fatal(err)
			}
			for _, who := range test.still {
				if decideFor(d, who.host, who.sub, who.aud) != policy.Allowed {
					t.Errorf("%s of %s is shut out by\n%s", who.sub, who.host, offered)
				}
			}
			for _, who := range test.refused {
				if decideFor(d, who.host, who.sub, who.aud) == policy.Allowed {
					t.Errorf("%s of %s with %s is let in by\n%s", who.sub, who.host, who.aud, offered)
				}
			}
		})
	}
}

// decideFor is decide for built-in providers too.
func decideFor(d *policy.Document, host, sub, aud string) policy.Verdict {
	if host != "cognito-identity.amazonaws.com" {
		return decide(d, host, sub, aud)
	}
	return policy.Decide(d, &policy.Request{Action: "sts:AssumeRoleWithWebIdentity", Principal: host, Condition: func(key string) policy.Values {
		switch key {
		case host + ":aud":
			return policy.Value(aud)
		case host + ":sub":
			return policy.Value(sub)
		}
		return policy.AbsentValue
	}})
}

// TestDenyIsLeftAlone: no fix touches or circumvents a Deny, whatever else is
// wrong.
func TestDenyIsLeftAlone(t *testing.T) {
	const main = "repo:acme/api:ref:refs/heads/main"
	right, wrong := allow(github, on("StringEquals", github, "sub", main)), allow(github, on("StringEquals", github, "sub", "repo:acme/web:pull_request"))
	deny := func(conditions string) string {
		return statement("Deny", federated(github), "sts:AssumeRoleWithWebIdentity", conditions)
	}
	for _, test := range []struct {
		name, statements string
		code             report.Code
		certainty        report.Certainty
		fixed            bool
	}{
		{"one that matches", right + "," + deny(on("StringLike", github, "sub", "repo:acme/*")), "explicit-deny", report.Certain, false},
		{"one that matches beside a fault", wrong + "," + deny(on("StringLike", github, "sub", "repo:acme/*")), "explicit-deny", report.Certain, false},
		{"one that matches a missing key", right + "," + deny(on("StringNotEquals", github, "iss", "x")), "explicit-deny", report.Certain, false},
		{"one that hangs on a hidden claim", right + "," + deny(on("StringEquals", github, "actor", "mona")), "explicit-deny", report.Possible, false},
		{"one that does not match", wrong + "," + deny(on("StringLike", github, "sub", "repo:mallory/*")), "subject-mismatch", report.Certain, true},
		{"one that tests for the presence of a key", right + "," + deny(`"Null":{"`+github+`:sub":"false"}`), "explicit-deny", report.Certain, false},
		{"one without any Allow", deny(""), "explicit-deny", report.Certain, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := denial{host: github, sub: main, mine: true, statements: test.statements}.explain(t)
			if len(r.Findings) == 0 || r.Findings[0].Code != test.code || r.Findings[0].Certainty != test.certainty {
				t.Fatalf("findings are %+v, want %s, %s", codes(r), test.code, test.certainty)
			}
			if (len(r.FixedTrustPolicy) > 0) != test.fixed {
				t.Errorf("the policy that is offered: %s", r.FixedTrustPolicy)
			}
		})
	}
}

// TestDenyOfSessionTags: a Deny of an action that the token needs beside is
// found as well.
func TestDenyOfSessionTags(t *testing.T) {
	const main = "repo:acme/api:ref:refs/heads/main"
	d := denial{
		host: github, sub: main, mine: true,
		claims: map[string]any{"https://aws.amazon.com/tags/principal_tags/team": "core"},
		statements: statement("Allow", federated(github), "sts:*", on("StringEquals", github, "sub", main)) + "," +
			statement("Deny", federated(github), "sts:TagSession", ""),
	}
	r := d.explain(t)
	if got := codes(r); len(got) != 1 || got[0] != "explicit-deny" {
		t.Errorf("causes are %v", got)
	}
	d.claims = map[string]any{}
	if r := d.explain(t); len(r.Findings) > 0 && r.Findings[0].Code == "explicit-deny" {
		t.Errorf("a token without tags is said to be denied for them: %+v", r.Findings[0])
	}
}

// TestStrangersInDisguise: what a stranger can choose does not make a friend.
func TestStrangersInDisguise(t *testing.T) {
	const ghes = "github.acme.example/_services/token"
	trustsAcme := allow(github, on("StringLike", github, "sub", "repo:acme/web:*")+","+on("StringEquals", github, "aud", "sts.amazonaws.com"))
	for _, test := range []struct {
		name   string
		denial denial
	}{
		{"a customised subject with the usual audience", denial{host: github, sub: "actor:mallory", statements: trustsAcme}},
		{"the name of an owner at one's own server", denial{host: github, sub: "repo:acme/web:ref:refs/heads/main", statements: allow(ghes, on("StringLike", ghes, "sub", "repo:acme/web:*"))}},
		{"an id that stands under another key", denial{host: github, sub: "repo:mallory@12/x@3:pull_request", statements: trustsAcme + "," + allow(github, on("StringEquals", github, "actor_id", "12"))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := test.denial.explain(t); r.Caller == report.Known {
				t.Errorf("the caller is called known: %s", r.CallerReason)
			}
		})
	}
}
