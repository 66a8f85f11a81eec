package diagnose_test

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/report"
)

func TestCaller(t *testing.T) {
	const main = "repo:acme/api:ref:refs/heads/main"
	trustsAcme := allow(github, on("StringLike", github, "sub", "repo:acme/web:*"))
	trustsOther := allow(github, on("StringLike", github, "sub", "repo:other/web:*"))
	for _, test := range []struct {
		name   string
		denial denial
		want   report.Caller
	}{
		{"an issuer of one's own", denial{host: eks, sub: "system:serviceaccount:a:b", statements: allow(eks, on("StringEquals", eks, "sub", "x"))}, report.Known},
		{"the role trusts the owner", denial{host: github, sub: main, statements: trustsAcme}, report.Known},
		{"the role trusts the owner in other capitals", denial{host: github, sub: "repo:ACME/api:pull_request", statements: trustsAcme}, report.Known},
		{"another role trusts the owner", denial{host: github, sub: main, statements: trustsOther, otherRoles: []string{trustsAcme}}, report.Known},
		{"nobody trusts the owner", denial{host: github, sub: "repo:miner/x:ref:refs/heads/main", statements: trustsAcme}, report.Stranger},
		{"a name that begins like a trusted one", denial{host: github, sub: "repo:acme-labs/x:ref:refs/heads/main", statements: trustsAcme}, report.Stranger},
		{"a name that ends like a trusted one", denial{host: github, sub: "repo:notacme/x:ref:refs/heads/main", statements: trustsAcme}, report.Stranger},
		{"a pattern over owners trusts nobody in particular", denial{host: github, sub: "repo:acme-labs/x:pull_request", statements: allow(github, on("StringLike", github, "sub", "repo:acme*/api:ref:*", "repo:other/y:*"))}, report.Stranger},
		{"the same id under another name", denial{host: github, sub: "repo:acme-new@12/api@34:pull_request", statements: allow(github, on("StringLike", github, "sub", "repo:acme@12/api@34:ref:*"))}, report.Known},
		{"the same name with another id", denial{host: github, sub: "repo:acme@99/api@98:pull_request", statements: allow(github, on("StringLike", github, "sub", "repo:acme@12/api@34:*"))}, report.Stranger},
		{"the owner's id under its own key", denial{host: github, sub: "repo:acme-new@12/api@34:pull_request", statements: allow(github, on("StringEquals", github, "repository_owner_id", "12"))}, report.Known},
		{"the same repository under another owner", denial{host: github, sub: "repo:acme-new/web:pull_request", statements: trustsAcme}, report.Undetermined},
		{"no policy names an owner", denial{host: github, sub: main, statements: `{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`}, report.Undetermined},
		{"a stranger that is said to be one's own", denial{host: github, sub: "repo:miner/x:pull_request", statements: trustsAcme, mine: true}, report.Known},
		{"a Deny trusts nobody", denial{host: github, sub: "repo:miner/x:pull_request", statements: trustsAcme + `,{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{` + on("StringLike", github, "sub", "repo:miner/*") + `}}`}, report.Stranger},
		{"another organization of Terraform", denial{host: "app.terraform.io", sub: "organization:evil:project:p:workspace:w:run_phase:plan", statements: allow("app.terraform.io", on("StringLike", "app.terraform.io", "sub", "organization:acme:project:*:workspace:*:run_phase:*"))}, report.Stranger},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := test.denial.explain(t)
			if r.Caller != test.want {
				t.Errorf("the caller is called %s (%s), want %s", r.Caller, r.CallerReason, test.want)
			}
			if r.Caller == report.Stranger {
				wantNoFix(t, r)
			}
		})
	}
}

// wantNoFix: nothing that a stranger's report says lets the stranger in.
func wantNoFix(t *testing.T, r *report.Report) {
	t.Helper()
	if len(r.FixedTrustPolicy) > 0 {
		t.Errorf("a stranger is offered a policy:\n%s", r.FixedTrustPolicy)
	}
	for _, f := range r.Findings {
		if len(f.Fixes) > 0 {
			t.Errorf("a stranger is offered a fix: %s", f.Fixes[0].Message)
		}
	}
}
