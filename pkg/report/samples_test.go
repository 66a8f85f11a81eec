package report

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// githubPolicy is what a GitHub role usually looks like.
const githubPolicy = `{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {
                "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
            },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": "repo:acme/api:ref:refs/heads/main"
                }
            }
        }
    ]
}
`

func githubEvent() Event {
	const sub = "repo:acme/api:environment:production"
	return Event{
		ID:           "e8b7a0f1-7dca-72ed-fe77-5de94880fbc0",
		Time:         time.Date(2026, 3, 2, 9, 12, 44, 0, time.UTC),
		Account:      "111122223333",
		Region:       "eu-west-1",
		Role:         "arn:aws:iam::111122223333:role/ci/deploy",
		SessionName:  "GitHubActions",
		Provider:     "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		ProviderName: "GitHub Actions",
		Issuer:       "https://token.actions.githubusercontent.com",
		Subject:      sub,
		Audience:     "sts.amazonaws.com",
		Derived:      []Pair{{"repository", "acme/api"}, {"environment", "production"}},
		ErrorCode:    "AccessDenied",
		ErrorMessage: "An unknown error occurred",
		SourceIP:     "203.0.113.111",
		UserAgent:    "aws-sdk-nodejs/2.1313.0 linux/v16.16.0 configure-aws-credentials-for-github-actions promise",
	}
}

// place finds a value in a policy.
func place(document, literal, path string) *Where {
	at := strings.Index(document, literal)
	before := document[:at]
	return &Where{
		Statement: 1, Path: path,
		Line:   strings.Count(before, "\n") + 1,
		Column: at - strings.LastIndex(before, "\n"),
		Length: len(literal),
	}
}

// fixed replaces a literal of a policy.
func fixed(document, literal, by string) string {
	return strings.Replace(document, literal, by, 1)
}

const subPath = `Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"]`

func subjectMismatch() *Report {
	const literal = `"repo:acme/api:ref:refs/heads/main"`
	const list = `[` + literal + `, "repo:acme/api:environment:production"]`
	after := fixed(githubPolicy, literal, list)
	return &Report{
		Schema: Schema, Event: githubEvent(), Verdict: Explained, Caller: Known,
		TrustPolicy: githubPolicy, FixedTrustPolicy: json.RawMessage(after), FixedText: after,
		Fingerprint: "a1b2c3d4e5f60718",
		Gaps:        []Gap{{"resource control policies", "organizations:ListPolicies was refused"}},
		Changes: []Change{{
			Time: time.Date(2026, 3, 2, 8, 59, 3, 0, time.UTC), Name: "UpdateAssumeRolePolicy",
			By: "arn:aws:iam::111122223333:user/jane", Via: "Terraform/1.9", Effect: "dropped the environment production",
		}},
		Findings: []Finding{{
			Code: "subject-mismatch", Certainty: Certain,
			Message:  "the sub condition asks for branch main, but the job runs in environment production",
			Where:    place(githubPolicy, literal, subPath),
			Expected: "repo:acme/api:ref:refs/heads/main", Actual: "repo:acme/api:environment:production",
			Notes: []string{"GitHub puts the environment in place of the branch as soon as the job names one; the branch is then no longer in the sub"},
			Docs:  "https://docs.github.com/en/actions/reference/security/oidc",
			Fixes: []Fix{
				{
					Message: "add repo:acme/api:environment:production beside the branch in StringEquals token.actions.githubusercontent.com:sub of statement 1",
					Target:  TrustPolicy, Policy: after, Admits: "any job of acme/api that runs in environment production, from any branch which that environment lets in",
					Edits: []policy.Edit{{
						Kind: policy.AddValue, Operator: "StringEquals", Key: "token.actions.githubusercontent.com:sub",
						Value: "repo:acme/api:ref:refs/heads/main", New: "repo:acme/api:environment:production",
					}},
				},
				{Message: "remove `environment: production` from the job", Target: CallerSide},
			},
		}},
	}
}

func wildcard() *Report {
	const was, literal = `"repo:acme/api:ref:refs/heads/main"`, `"repo:acme/api:*"`
	document := fixed(githubPolicy, was, literal)
	after := strings.Replace(document, `                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:sub": "repo:acme/api:*"
                }`, `                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"
                },
                "StringLike": {
                    "token.actions.githubusercontent.com:sub": "repo:acme/api:*"
                }`, 1)
	r := subjectMismatch()
	r.TrustPolicy, r.FixedText, r.FixedTrustPolicy = document, after, json.RawMessage(after)
	r.Changes, r.Gaps = nil, nil
	r.Findings = []Finding{{
		Code: "wildcard-in-exact-operator", Certainty: Certain,
		Message:  "StringEquals takes the * of the sub condition literally",
		Where:    place(document, literal, subPath),
		Expected: "repo:acme/api:*", Actual: r.Event.Subject,
		Notes: []string{"only StringLike and ArnLike read * and ? as wildcards"},
		Fixes: []Fix{{
			Message: "move token.actions.githubusercontent.com:sub of statement 1 from StringEquals to StringLike", Target: TrustPolicy,
			Policy: after, Loosens: true, Admits: "every branch, tag, environment and pull request of acme/api",
		}},
	}}
	return r
}

func providerNotFound() *Report {
	const arn = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
	return &Report{
		Schema: Schema, Verdict: Explained, Caller: Known, Fingerprint: "0011223344556677",
		Event: Event{
			Time: time.Date(2026, 3, 2, 9, 12, 44, 0, time.UTC), Role: "arn:aws:iam::111122223333:role/external-dns",
			Provider: arn, ProviderName: "Amazon EKS", Subject: "system:serviceaccount:external-dns:external-dns", Audience: "sts.amazonaws.com",
			Derived:   []Pair{{"namespace", "external-dns"}, {"service-account", "external-dns"}},
			ErrorCode: "InvalidIdentityToken", ErrorMessage: "No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE",
		},
		Findings: []Finding{{
			Code: "provider-not-found", Certainty: Certain,
			Message: "account 111122223333 has no IAM OIDC provider for the issuer of cluster EXAMPLED539D4633E53DE1B71EXAMPLE",
			Notes:   []string{"the account has one for another cluster, EXAMPLE0000000000000000000000000, in the same region"},
			Fixes: []Fix{{
				Message: "create the IAM OIDC provider of the cluster", Target: Provider,
				Commands: []string{"aws iam create-open-id-connect-provider --url https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE --client-id-list sts.amazonaws.com"},
			}},
		}},
	}
}

func stranger() *Report {
	r := subjectMismatch()
	r.Event.Subject = "repo:acme-evil/api:ref:refs/heads/main"
	r.Event.Derived = []Pair{{"repository", "acme-evil/api"}}
	r.Caller, r.CallerReason = Stranger, "no trust policy of the account trusts owner acme-evil"
	r.FixedText, r.FixedTrustPolicy, r.Changes = "", nil, nil
	f := &r.Findings[0]
	f.Message = "the sub condition asks for owner acme, the token is of owner acme-evil"
	f.Actual, f.Notes, f.Fixes = r.Event.Subject, nil, nil
	return r
}

func unexplained() *Report {
	r := subjectMismatch()
	r.Verdict, r.Caller = Unexplained, Undetermined
	r.TrustPolicy, r.FixedText, r.FixedTrustPolicy, r.Changes = "", "", nil, nil
	r.Findings = []Finding{{
		Code: "condition-not-met", Certainty: Possible,
		Message: "the condition on token.actions.githubusercontent.com:job_workflow_ref may not be met: CloudTrail does not record that claim",
	}}
	r.Gaps = []Gap{
		{"the claim job_workflow_ref", "CloudTrail records sub and aud alone; give the token with --token"},
		{"the trust policy of role deploy", "no account was given; give one with --account"},
		{"the IAM OIDC provider", "no account was given; give one with --account"},
	}
	return r
}

// twoCauses needs two edits, and its policy is one long line.
func twoCauses() *Report {
	var line strings.Builder
	for _, field := range strings.Fields(githubPolicy) {
		line.WriteString(field)
	}
	document := fixed(line.String(), `"sts:AssumeRoleWithWebIdentity"`, `"sts:AssumeRole"`)
	first := fixed(document, `"sts:AssumeRole"`, `"sts:AssumeRoleWithWebIdentity"`)
	second := fixed(document, "ref:refs/heads/main", "environment:production")
	r := subjectMismatch()
	r.TrustPolicy, r.FixedText = document, ""
	r.FixedTrustPolicy = json.RawMessage(fixed(first, "ref:refs/heads/main", "environment:production"))
	sub := r.Findings[0]
	sub.Where = place(document, `"repo:acme/api:ref:refs/heads/main"`, subPath)
	sub.Fixes = []Fix{{Message: "replace the branch by the environment", Target: TrustPolicy, Policy: second}}
	r.Findings = []Finding{{
		Code: "action-not-allowed", Certainty: Certain,
		Message: "statement 1 allows sts:AssumeRole, not sts:AssumeRoleWithWebIdentity",
		Where:   place(document, `"sts:AssumeRole"`, "Statement[0].Action"),
		Fixes:   []Fix{{Message: "replace sts:AssumeRole by sts:AssumeRoleWithWebIdentity in statement 1", Target: TrustPolicy, Policy: first}},
	}, sub}
	return r
}

// recordAlone is all that a bare record gives.
func recordAlone() *Report {
	return &Report{
		Schema: Schema, Verdict: Unexplained, Caller: Undetermined, Fingerprint: "ffffffffffffffff",
		Event: Event{Time: time.Date(2026, 3, 2, 9, 12, 44, 0, time.UTC), ErrorCode: "AccessDenied"},
		Gaps:  []Gap{{"everything but the record", "no account was given"}},
	}
}

// nasty has what attacks terminals, Markdown, HTML and shells.
const nasty = "\x1b[2J\x1b]0;owned\x07\u202egnp\u2066\u200b\u00a0 ``` </details><script>alert(1)</script> | @admins #1 https://evil.example www.evil.example [x](y) ![i](j) $(touch /tmp/owned) `id` 'q' \"d\" \r\n\x85\u2028 \U000e0041 "

// hostile has such text wherever text can be, and very long.
func hostile() *Report { return hostileWith(nasty+strings.Repeat("A", 100_000), githubPolicy) }

func hostileWith(s, document string) *Report {
	e := Event{
		ID: s, Time: time.Date(2026, 3, 2, 9, 12, 44, 0, time.UTC), Account: s, AccountAlias: s, Region: s, Role: "arn:aws:iam::" + s + ":role/" + s,
		SessionName: s, Provider: s, ProviderName: s, Issuer: s, Subject: s, Audience: s, Derived: []Pair{{"repository", s}, {s, s}}, Tags: []Pair{{s, s}}, SourceIdentity: s,
		ErrorCode: s, ErrorMessage: s, SourceIP: s, UserAgent: s,
	}
	fix := Fix{Message: s, Target: TrustPolicy, Policy: document + s, Commands: []string{s}, Admits: s, Notes: []string{s}, Loosens: true}
	return &Report{
		Schema: Schema, Event: e, Verdict: Explained, Caller: Undetermined, CallerReason: s,
		TrustPolicy: s + document, TrustPolicyNote: s, FixedText: document, Fingerprint: s,
		Findings: []Finding{{
			Code: Code(s), Certainty: Certain, Message: s, Expected: s + "x", Actual: "y" + s, Pattern: true,
			Where: &Where{Statement: 1, Path: s, Line: 1, Column: 3, Length: 20}, Notes: []string{s}, Docs: s, Fixes: []Fix{fix, fix},
		}},
		Changes: []Change{{Name: s, By: s, Via: s, EventID: s, Effect: s}},
		Gaps:    []Gap{{s, s}},
	}
}
