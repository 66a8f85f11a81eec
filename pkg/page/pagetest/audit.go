package pagetest

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// kinds are those of the findings that reports of the sample events have in
// common with an audit, by their codes.
var kinds = map[report.Code]audit.Kind{
	"condition-key-malformed": audit.CannotWork, "condition-key-unavailable": audit.CannotWork,
	"condition-key-other-provider": audit.CannotWork, "wildcard-in-exact-operator": audit.CannotWork,
	"provider-not-found": audit.LeftOver, "principal-mismatch": audit.LeftOver,
	"provider-thumbprint-mismatch": audit.AboutToBreak,
}

// Audit is a result with the findings of the reports that do not depend on one
// call, and one of a role that strangers can enter.
func Audit(reports []*report.Report) *audit.Result {
	r := &audit.Result{
		Schema: audit.Schema, Account: "111122223333", Roles: 214, Providers: 6, Findings: []audit.Finding{tooOpen()},
		Gaps: []report.Gap{{What: "resource control policies of the organization", Why: "organizations:ListPolicies was refused"}},
	}
	for _, rep := range reports {
		for _, f := range rep.Findings {
			if kind, ok := kinds[f.Code]; ok {
				r.Findings = append(r.Findings, audit.Finding{
					Kind: kind, Code: f.Code, Certainty: f.Certainty, Role: rep.Event.Role, Provider: rep.Event.Provider,
					Message: f.Message, Where: f.Where, Policy: rep.TrustPolicy, Notes: f.Notes, Fixes: f.Fixes, Docs: f.Docs,
				})
			}
		}
	}
	return r
}

const openPolicy = `{
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
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"
        },
        "StringLike": {
          "token.actions.githubusercontent.com:sub": "repo:larkfield*"
        }
      }
    }
  ]
}
`

// tooOpen is a finding with an identity that can enter.
func tooOpen() audit.Finding {
	const pattern = `"repo:larkfield*"`
	return audit.Finding{
		Kind: audit.TooOpen, Code: "subject-prefix-open", Certainty: report.Certain,
		Role: "arn:aws:iam::111122223333:role/release", Provider: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		Message: `the pattern "repo:larkfield*" of sub in statement 1 also takes owners whose names only begin with larkfield`,
		Where: &report.Where{
			Statement: 1, Path: `Statement[0].Condition.StringLike["token.actions.githubusercontent.com:sub"]`,
			Line: 15, Column: 54, Length: len(pattern),
		},
		Policy: openPolicy,
		Notes:  []string{"anybody can make an organization of such a name, and every workflow in it gets a token of this provider"},
		Admitted: &audit.Identity{
			Provider: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
			Subject:  "repo:larkfield-x/any:ref:refs/heads/main", Audience: "sts.amazonaws.com",
			Who: "a workflow in the repository any of the organization larkfield-x, which anybody can make",
		},
		Fixes: []report.Fix{{
			Message: `end the owner's name in the values of sub (StringLike) in statement 1: "repo:larkfield/*"`,
			Target:  report.TrustPolicy, Policy: strings.Replace(openPolicy, "repo:larkfield*", "repo:larkfield/*", 1),
		}},
		Docs: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
	}
}
