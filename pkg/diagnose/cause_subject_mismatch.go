package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var subjectMismatch = &Check{
	Code:  "subject-mismatch",
	Title: "The condition on sub does not match the token's subject",
	Doc: `The trust policy names the callers it admits by the claim sub, and the token carries another one.
This is by far the most frequent cause. A letter, a capital, a namespace or a missing part is enough: IAM compares text.

What to look at: the form of the subject. A GitHub job with an environment has ` + "`:environment:NAME`" + ` in the place of the branch,
a pull request has ` + "`:pull_request`" + ` and no branch, a repository made or renamed since July 2026 carries numeric ids behind ` + "`@`" + `.
A Kubernetes subject is ` + "`system:serviceaccount:NAMESPACE:NAME`" + `, and the name is the one the chart really made.

What to do: add the value that the token carries, as narrow as the call allows, beside the ones that are right for others.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
	Errors: []string{accessDenied},
	Run:    findSubjectMismatch,
}

func findSubjectMismatch(c *Case) []Finding {
	switch {
	case c.Event.Subject == "" && c.Event.Provider == "":
		return c.unknownCaller()
	case c.Event.Subject == "":
		return nil
	case c.Policy == nil && c.Role.Exists != policy.No:
		return c.suspectSubject()
	}
	var found []Finding
	for _, f := range c.Failures {
		if f.Key.Kind == keyOwn && c.isSubject(f.Key.Claim) && f.Condition.Op.Base != "Null" && f.Got.State == policy.Present {
			found = append(found, c.subjectFinding(f))
		}
	}
	return found
}

func (c *Case) subjectFinding(f Failure) Finding {
	sub := c.Event.Subject
	value := nearestValue(f.Condition, sub)
	out := Finding{Finding: report.Finding{
		Certainty: c.certainty(f), Where: c.at(f), Expected: value, Actual: sub,
		Pattern: !f.Condition.Op.Exact(),
	}}
	if f.Condition.Op.Negated {
		out.Message = fmt.Sprintf("the token's subject %s is one that %s shuts out", quote(sub), f.Condition.Operator.Value)
		return out
	}
	hints := c.IDP.Compare(value, sub, !f.Condition.Op.Exact())
	out.Message = fmt.Sprintf("the token's subject does not match the condition on sub of statement %d", f.Statement.Index+1)
	if n := len(f.Condition.Values); n > 1 {
		out.Message += fmt.Sprintf(": none of its %d values does, and the nearest is %s", n, quote(value))
	}
	if len(hints) > 0 {
		out.Message = out.Message + ": " + hints[0].Text
		for _, h := range hints[1:min(len(hints), 3)] {
			out.Notes = append(out.Notes, h.Text)
		}
	}
	if strings.ContainsAny(value, "*?") && f.Condition.Op.Exact() {
		out.Notes = append(out.Notes, fmt.Sprintf("%s takes * and ? as plain characters", f.Condition.Operator.Value))
	}
	out.propose = func() []Proposal { return c.subjectProposals(f, f.Condition.Operator.Value, f.Condition.Key.Value) }
	if len(hints) > 0 && sensible(hints) {
		if instead := c.IDP.CallerFix(hints[0], value, sub); instead != "" {
			out.Fixes = []report.Fix{{Target: report.CallerSide, Message: "leave the policy as it is, and " + instead}}
		}
	}
	return out
}

// sensible tells whether to change the caller can be the cure: where one thing
// alone differs, and the policy does not look as if it were the wrong one.
func sensible(hints []idp.Hint) bool {
	switch hints[0].Kind {
	case idp.KindNameTwice, idp.KindOtherComponent, idp.KindServiceAccount:
		return false
	case idp.KindNamespace:
		return len(hints) == 1
	}
	return true
}

// unknownCaller is for a call of which neither subject nor provider is known:
// what it takes to say more.
func (c *Case) unknownCaller() []Finding {
	if c.Role.Exists == policy.No {
		return nil
	}
	return []Finding{{Finding: report.Finding{
		Certainty: report.Possible,
		Message:   "who called is not known; most denials of this kind come from a condition on sub that differs from the token's subject",
		Notes:     []string{"the claims that decide are iss, sub and aud"},
		Fixes: []report.Fix{{
			Target:  report.Elsewhere,
			Message: "give rolewhy the token (--token FILE, a JWT or its claims as JSON) or the CloudTrail record of the call",
		}},
	}}}
}

// suspectSubject says what the record proves and suggests where the policy
// was not seen: nine denials in ten are about sub.
func (c *Case) suspectSubject() []Finding {
	out := report.Finding{
		Certainty: report.Possible, Actual: c.Event.Subject,
		Message: "the trust policy was not seen; most denials of this kind come from a condition on sub that differs from the token's subject",
		Notes: []string{
			"what the record proves: STS accepted the token, so that provider, audience, signature and expiry were in order; what refused the call is the trust policy, a role that does not exist, or a policy of the organization",
			fmt.Sprintf("the policy must admit, in one statement: principal %s, %s = %s, %s = %s", quote(c.Event.Provider),
				c.subjectKey(), quote(c.Event.Subject), c.audienceKey(), quote(c.Event.Audience)),
		},
		Fixes: []report.Fix{c.showPolicy()},
	}
	if why := c.trap(); why != "" {
		out.Notes = append(out.Notes, why)
	}
	return []Finding{{Finding: out}}
}

// showPolicy tells how rolewhy gets to see the trust policy.
func (c *Case) showPolicy() report.Fix {
	if c.Options.Scan {
		return report.Fix{
			Target:   report.Elsewhere,
			Message:  "show rolewhy the trust policies of the account: save what the command prints, and give it by rolewhy scan ... --account FILE",
			Commands: awsCommand("iam get-account-authorization-details", option{"filter", "Role"}),
		}
	}
	name := roleName(c.Event.RoleARN)
	return report.Fix{
		Target:   report.Elsewhere,
		Message:  fmt.Sprintf("show rolewhy the trust policy of role %s: save what the command prints, and give it by rolewhy explain --account FILE", quoteName(name)),
		Commands: awsCommand("iam get-role", option{"role-name", name}),
	}
}

// trap names what about the form of this subject makes policies miss it.
func (c *Case) trap() string {
	_, immutable := c.Subject.Part("repository-id")
	environment, named := c.Subject.Part("environment")
	context, _ := c.Subject.Part("context")
	_, generated := c.generated()
	switch {
	case immutable:
		return "the subject carries the numeric ids of owner and repository: a policy with the names alone does not match it"
	case named && c.Subject.Value("repository") != "":
		return fmt.Sprintf("the job names the environment %s, which takes the place of the branch in the subject", quote(environment.Value))
	case context.Value == "pull_request":
		return "the run is for a pull request: its subject names no branch"
	case generated:
		return "a part of the subject is generated anew: an exact value matches only until the next time"
	}
	return ""
}

// certainty is how sure a finding about a failed condition is.
func (c *Case) certainty(f Failure) report.Certainty { return certaintyOf(f.Statement) }

// certaintyOf is how sure a finding about a statement is: certain, as it
// follows from the policy and the record, unless the statement rests on a
// reading that the documentation leaves open.
func certaintyOf(s *policy.StatementTrace) report.Certainty {
	for _, p := range s.Statement.Principals {
		if p.Type == "AWS" && p.Value == "*" {
			return report.Likely // whether it covers web identities is not documented
		}
	}
	return report.Certain
}
