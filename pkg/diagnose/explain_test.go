package diagnose_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

func codes(r *report.Report) []report.Code {
	var all []report.Code
	for _, f := range r.Findings {
		all = append(all, f.Code)
	}
	return all
}

// TestCauses holds the causes of denials against what stands in the policy.
func TestCauses(t *testing.T) {
	const main = "repo:acme/api:ref:refs/heads/main"
	rightSub := on("StringEquals", github, "sub", main)
	both := func(conditions ...string) string { return allow(github, strings.Join(conditions, ",")) }
	for _, test := range []struct {
		name      string
		denial    denial
		want      []report.Code
		certainty report.Certainty
	}{
		{"two parts that fail are two causes", denial{statements: both(on("StringEquals", github, "aud", "x"), on("StringLike", github, "sub", "repo:acme/web:*"))}, []report.Code{"subject-mismatch", "audience-mismatch"}, report.Certain},
		{"a hidden claim alone is the cause by elimination", denial{statements: both(rightSub, on("StringEqualsIgnoreCase", github, "actor", "mona"))}, []report.Code{"condition-not-met"}, report.Likely},
		{"of two hidden claims either may be", denial{statements: both(rightSub, on("StringLike", github, "actor", "mona"), on("StringEqualsIgnoreCase", github, "workflow", "deploy"))}, []report.Code{"condition-not-met", "condition-not-met"}, report.Possible},
		{"a hidden claim is not blamed beside a fault that is seen", denial{statements: both(on("StringEquals", github, "sub", "repo:acme/web:x"), on("StringLike", github, "actor", "mona"))}, []report.Code{"subject-mismatch"}, report.Certain},
		{"a token at hand shows the claim", denial{claims: map[string]any{"actor": "lisa"}, statements: both(rightSub, on("StringLike", github, "actor", "mona"))}, []report.Code{"condition-not-met"}, report.Certain},
		{"a claim that STS does not offer", denial{statements: both(rightSub, on("StringLike", github, "iss", "https://"+github))}, []report.Code{"condition-key-unavailable"}, report.Certain},
		{"a missing key does not fail under IfExists", denial{statements: both(on("StringEqualsIfExists", github, "iss", "x"), on("StringLike", github, "sub", "repo:acme/web:*"))}, []report.Code{"subject-mismatch"}, report.Certain},
		{"a missing key does not fail under ForAllValues", denial{statements: both(on("ForAllValues:StringEquals", github, "iss", "x"), on("StringLike", github, "sub", "repo:acme/web:*"))}, []report.Code{"subject-mismatch"}, report.Certain},
		{"a claim that the subject gives away", denial{statements: both(rightSub, on("StringLike", github, "ref", "refs/heads/release"))}, []report.Code{"condition-not-met"}, report.Certain},
		{"the nearest statement was meant", denial{statements: allow("gitlab.com", on("StringEquals", "gitlab.com", "sub", "x")) + "," + both(on("StringEquals", github, "sub", "repo:acme/web:x"))}, []report.Code{"subject-mismatch"}, report.Certain},
		{"a wildcard is named, not the mismatch it makes", denial{statements: both(on("StringEquals", github, "sub", "repo:acme/*"))}, []report.Code{"wildcard-in-exact-operator"}, report.Certain},
		{"a principal beside AWS * is at most likely", denial{statements: strings.Replace(both(on("StringEquals", github, "sub", "repo:acme/web:x")), `{"Federated":"`+providerARN(github)+`"}`, `{"AWS":"*"}`, 1)}, []report.Code{"subject-mismatch"}, report.Likely},
		{"a deny names its statement", denial{statements: both(rightSub) + `,{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRoleWithWebIdentity"}`}, []report.Code{"explicit-deny"}, report.Certain},
		{"a key that no web identity has", denial{statements: both(rightSub, `"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"o-1"}`)}, []report.Code{"condition-not-met"}, report.Certain},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.denial.host, test.denial.sub, test.denial.mine = github, main, true
			r := test.denial.explain(t)
			got := codes(r)
			slices.Sort(got)
			want := slices.Sorted(slices.Values(test.want))
			if !slices.Equal(got, want) {
				t.Fatalf("causes are %v, want %v", got, want)
			}
			if r.Findings[0].Certainty != test.certainty {
				t.Errorf("the first is %s, want %s", r.Findings[0].Certainty, test.certainty)
			}
		})
	}
}

// TestClaimsHaveDates: a claim that STS offers since 2026 was no key before.
func TestClaimsHaveDates(t *testing.T) {
	d := denial{host: github, sub: "repo:acme/api:pull_request", mine: true, claims: map[string]any{"actor": "mona"}}
	d.statements = allow(github, on("StringEquals", github, "actor", "mona")+","+on("StringLike", github, "sub", "repo:acme/api:*"))
	ev := d.event()
	file, _ := json.Marshal(map[string]any{"account": map[string]any{
		"roles":                   []any{map[string]any{"Arn": roleARN, "AssumeRolePolicyDocument": policyOf(d.statements)}},
		"oidcProviders":           []any{map[string]any{"Arn": providerARN(github), "Url": github, "ClientIDList": []string{"sts.amazonaws.com"}}},
		"resourceControlPolicies": []any{}, "events": []any{},
	}})
	acct, err := casefile.FromCase(file)
	if err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]report.Code{2025: "condition-key-unavailable", 2026: ""} {
		ev.Time = time.Date(year, 9, 1, 0, 0, 0, 0, time.UTC)
		r := diagnose.Explain(context.Background(), acct, ev, diagnose.Options{Mine: true, Claims: d.claims})
		if got := codes(r); (want == "") != (len(got) == 0) || want != "" && got[0] != want {
			t.Errorf("in %d the causes are %v, want %q", year, got, want)
		}
	}
}

// TestNotADenial: successes and other events are no denial, and nothing is
// asked of the account.
func TestNotADenial(t *testing.T) {
	for name, ev := range map[string]*cloudtrail.Event{
		"success":     {Name: "AssumeRoleWithWebIdentity"},
		"other event": {Name: "AssumeRole", ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied"},
	} {
		r := diagnose.Explain(context.Background(), nil, ev, diagnose.Options{})
		if r.Verdict != report.NotADenial || len(r.Findings) > 0 {
			t.Errorf("%s: verdict %s with %d findings", name, r.Verdict, len(r.Findings))
		}
	}
}

// TestNothingButTheRecord: without an account nothing is certain, every blind
// spot is named, and the next step is given.
func TestNothingButTheRecord(t *testing.T) {
	ev, _ := sample(t, "testdata/cases/ci-026.json")
	r := diagnose.Explain(context.Background(), blind{}, ev, diagnose.Options{})
	if r.Verdict != report.Unexplained || r.Caller != report.Undetermined {
		t.Errorf("verdict %s, caller %s", r.Verdict, r.Caller)
	}
	if len(r.Findings) != 1 || r.Findings[0].Certainty != report.Possible || len(r.Findings[0].Fixes) == 0 {
		t.Fatalf("want one suspicion with a next step, got %+v", r.Findings)
	}
	if !strings.Contains(strings.Join(r.Findings[0].Notes, "\n"), "numeric ids") {
		t.Errorf("the ids in the subject are not pointed out: %q", r.Findings[0].Notes)
	}
	if len(r.Gaps) < 3 {
		t.Errorf("gaps: %+v", r.Gaps)
	}
}

// blind is an account of which nothing can be seen.
type blind struct{}

const refused = "refused"

func (blind) Role(context.Context, string) diagnose.Known[diagnose.Role] {
	return diagnose.Unseen[diagnose.Role](refused)
}

func (blind) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Unseen[[]diagnose.Role](refused)
}

func (blind) Provider(context.Context, string) diagnose.Known[diagnose.Provider] {
	return diagnose.Unseen[diagnose.Provider](refused)
}

func (blind) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return diagnose.Unseen[[]diagnose.Provider](refused)
}

func (blind) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Unseen[[]diagnose.NamedPolicy](refused)
}

func (blind) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Unseen[[]diagnose.Change](refused)
}

// TestFingerprint: the same failure has the same fingerprint whatever branch it
// ran for and whatever the account shows; another role, owner or error has
// another.
func TestFingerprint(t *testing.T) {
	base := denial{host: github, sub: "repo:acme/api:ref:refs/heads/main", statements: allow(github, on("StringEquals", github, "sub", "x"))}
	print := func(d denial, change func(*cloudtrail.Event)) string {
		ev := d.event()
		change(ev)
		return diagnose.Explain(context.Background(), blind{}, ev, diagnose.Options{}).Fingerprint
	}
	same := func(*cloudtrail.Event) {}
	want := print(base, same)
	if got := base.explain(t).Fingerprint; got != want {
		t.Errorf("what the account shows changes the fingerprint: %s, %s", got, want)
	}
	for name, change := range map[string]func(*cloudtrail.Event){
		"branch":  func(ev *cloudtrail.Event) { ev.Subject = "repo:acme/api:ref:refs/heads/feature" },
		"time":    func(ev *cloudtrail.Event) { ev.Time = ev.Time.Add(time.Hour) },
		"session": func(ev *cloudtrail.Event) { ev.SessionName = "other" },
	} {
		if got := print(base, change); got != want {
			t.Errorf("another %s changes the fingerprint", name)
		}
	}
	for name, change := range map[string]func(*cloudtrail.Event){
		"role":       func(ev *cloudtrail.Event) { ev.RoleARN += "2" },
		"repository": func(ev *cloudtrail.Event) { ev.Subject = "repo:acme/web:ref:refs/heads/main" },
		"error":      func(ev *cloudtrail.Event) { ev.ErrorCode = "ExpiredToken" },
		"provider":   func(ev *cloudtrail.Event) { ev.Provider = providerARN("gitlab.com") },
	} {
		if got := print(base, change); got == want {
			t.Errorf("another %s has the same fingerprint", name)
		}
	}
}

// FuzzExplain: whatever the record and the policy hold, a report comes back,
// and a policy that it offers admits the call.
func FuzzExplain(f *testing.F) {
	f.Add("repo:acme/api:ref:refs/heads/main", "repo:acme/*", "StringEquals", "sub", "AccessDenied")
	f.Add("system:serviceaccount:a:b", "system:serviceaccount:*:b", "StringLike", "aud", "AccessDenied")
	f.Add("\x1b[31m\u202e`$(x)`", "${aws:username}", "ForAnyValue:StringNotLikeIfExists", ":sub", "InvalidIdentityToken")
	f.Fuzz(func(t *testing.T, sub, value, operator, claim, code string) {
		statements := allow(github, on(operator, github, claim, value))
		if _, err := policy.Parse(policyOf(statements)); err != nil {
			return
		}
		d := denial{host: github, sub: sub, mine: true, statements: statements}
		file, err := json.Marshal(map[string]any{"account": map[string]any{"roles": []any{map[string]any{"Arn": roleARN, "AssumeRolePolicyDocument": policyOf(statements)}}}})
		if err != nil {
			return
		}
		acct, err := casefile.FromCase(file)
		if err != nil {
			return
		}
		ev := d.event()
		ev.ErrorCode = code
		r := diagnose.Explain(context.Background(), acct, ev, diagnose.Options{Mine: true})
		if len(r.FixedTrustPolicy) > 0 {
			if _, err := policy.Parse(r.FixedTrustPolicy); err != nil {
				t.Errorf("the policy that is offered does not parse: %v\n%s", err, r.FixedTrustPolicy)
			}
		}
	})
}

// TestPolicyChangedAfterTheDenial: what the policy of today lacks is called
// certain only where the one in force at the denial lacked it as well.
func TestPolicyChangedAfterTheDenial(t *testing.T) {
	const main = "repo:acme/api:ref:refs/heads/main"
	right := on("StringLike", github, "sub", main)
	wrongSub := allow(github, on("StringLike", github, "sub", "repo:acme/web:*"))
	wrongAud := allow(github, right+","+on("StringEquals", github, "aud", "x"))
	for _, test := range []struct {
		name      string
		now, then string // then is "" where it is not known
		code      report.Code
		certainty report.Certainty
	}{
		{"it denied for the same reason", wrongSub, wrongSub, "subject-mismatch", report.Certain},
		{"it denied for another reason", wrongAud, wrongSub, "audience-mismatch", report.Likely},
		{"what it said is not known", wrongSub, "", "subject-mismatch", report.Likely},
		{"it allows the call now", allow(github, right), wrongSub, "policy-changed-since", report.Certain},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := denial{host: github, sub: main, mine: true}
			at := d.event().Time
			changes := []any{change(at.Add(time.Hour), test.now)}
			if test.then != "" {
				changes = append(changes, change(at.Add(-time.Hour), test.then))
			}
			r := explainChanged(t, d, test.now, changes)
			if r.Findings[0].Code != test.code || r.Findings[0].Certainty != test.certainty {
				t.Errorf("first is %s, %s; want %s, %s", r.Findings[0].Code, r.Findings[0].Certainty, test.code, test.certainty)
			}
			if r.TrustPolicyNote == "" {
				t.Error("the report does not say which policy it shows")
			}
		})
	}
}

// change is a record of UpdateAssumeRolePolicy.
func change(at time.Time, statements string) any {
	return map[string]any{
		"eventTime": at.Format(time.RFC3339), "eventSource": "iam.amazonaws.com", "eventName": "UpdateAssumeRolePolicy",
		"recipientAccountId": account, "userIdentity": map[string]any{"type": "IAMUser", "arn": "arn:aws:iam::" + account + ":user/mona"},
		"requestParameters": map[string]any{"roleName": "deploy", "policyDocument": string(policyOf(statements))},
	}
}

func explainChanged(t *testing.T, d denial, now string, changes []any) *report.Report {
	t.Helper()
	file, err := json.Marshal(map[string]any{"account": map[string]any{
		"roles":  []any{map[string]any{"Arn": roleARN, "AssumeRolePolicyDocument": policyOf(now)}},
		"events": changes,
	}})
	if err != nil {
		t.Fatal(err)
	}
	acct, err := casefile.FromCase(file)
	if err != nil {
		t.Fatal(err)
	}
	return diagnose.Explain(context.Background(), acct, d.event(), diagnose.Options{Mine: true})
}
