package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// explained has the denial of the nearest witness diagnosed, for what
// stands in its way. The causes that are certain become findings.
func (g *grant) explained() (found []Finding) {
	r := diagnose.Explain(context.Background(), g.accountView(), g.event(g.near), g.options(g.near))
	for i := range r.Findings {
		cause := &r.Findings[i]
		if cause.Certainty != report.Certain || cause.Where == nil {
			continue
		}
		if !g.isReason(cause) {
			continue
		}
		found = append(found, Finding{
			Certainty: cause.Certainty, Cause: cause.Code, Message: g.message(cause),
			Where: cause.Where, Notes: inAudit(cause.Notes), Fixes: g.provedFixes(cause, r), Docs: cause.Docs,
		})
	}
	return found
}

// isReason tells whether a cause is the reason why nobody is admitted, and not
// why the nearest witness alone is not.
func (g *grant) isReason(cause *report.Finding) bool {
	if g.denied {
		return cause.Code == "explicit-deny"
	}
	if cause.Where.Statement != g.statement.Index+1 {
		return false
	}
	s, _ := g.put(g.near)
	for i := range s.Conditions {
		k := &s.Conditions[i]
		if k.Key.Span.Start <= cause.Where.Span.Start && cause.Where.Span.End <= k.ValuesAt.End {
			return k.Result == policy.No && g.fatal(k)
		}
	}
	return true
}

// message says what a cause is where nobody has called yet.
func (g *grant) message(cause *report.Finding) string {
	n := g.statement.Index + 1
	switch cause.Code {
	case "action-not-allowed":
		return fmt.Sprintf("statement %d grants %s to the tokens of %s, which need sts:AssumeRoleWithWebIdentity", n, quoted(policyTexts(g.statement.Actions)), g.idp.Name)
	case "explicit-deny":
		return fmt.Sprintf("statement %d denies everybody whom statement %d admits", cause.Where.Statement, n)
	case "audience-mismatch":
		return fmt.Sprintf("statement %d wants the audience %s, and the tokens that STS lets through have %s", n, quoted(g.wantedAudiences()), quoted(g.audiences()))
	}
	return phrases.Replace(cause.Message)
}

// wantedAudiences are the values that the conditions on aud ask for.
func (g *grant) wantedAudiences() (list []string) {
	for _, k := range g.tested {
		if g.aboutAudience(k) && !k.Op.Negated {
			list = append(list, policyTexts(k.Values)...)
		}
	}
	return list
}

// phrases are what the causes of a denied call say of it, and what an audit says.
var phrases = strings.NewReplacer(
	"is not in the request", "is in no request",
	"the request does not have", "no request has",
	"than the token's, ", "than the one that the statement trusts, ",
	"the call came from", "the statement trusts",
	"only the trust policy decides on this call", "only the trust policy decides who assumes the role",
	"every call that meets", "every token that meets",
)

func inAudit(notes []string) []string {
	list := make([]string, len(notes))
	for i, note := range notes {
		list[i] = phrases.Replace(note)
	}
	return list
}

// provedFixes are the changes of the policy that the cause proposes, each proved
// for the audit. Where none by itself makes the statement work, it is all of the
// diagnosis together.
func (g *grant) provedFixes(cause *report.Finding, r *report.Report) (fixes []report.Fix) {
	for _, f := range cause.Fixes {
		if f.Target == report.TrustPolicy && !g.inventsSubject(f) && g.revives(f.Policy) {
			f.Message, f.Admits, f.Notes = phrases.Replace(f.Message), phrases.Replace(f.Admits), inAudit(f.Notes)
			fixes = append(fixes, f)
		}
	}
	if all := together(r); len(fixes) == 0 && !g.inventsSubject(all) && g.revives(all.Policy) {
		fixes = append(fixes, all)
	}
	if cause.Code == "audience-mismatch" {
		fixes = append(fixes, g.registered()...)
	}
	return fixes
}

// together is the change that cures all causes of a report at once.
func together(r *report.Report) report.Fix {
	all := report.Fix{Target: report.TrustPolicy, Policy: r.FixedText}
	var words []string
	for i := range r.Findings {
		if fixes := r.Findings[i].Fixes; len(fixes) > 0 && fixes[0].Target == report.TrustPolicy {
			words = append(words, phrases.Replace(fixes[0].Message))
			all.Edits = append(all.Edits, fixes[0].Edits...)
			all.Loosens = all.Loosens || fixes[0].Loosens
		}
	}
	all.Message = strings.Join(words, "; ")
	return all
}

// inventsSubject tells whether a change would admit the very witness, whose
// subject is an example and nobody's.
func (g *grant) inventsSubject(f report.Fix) bool {
	if slices.Contains(slices.Collect(g.wantedSubjects()), g.near.sub) {
		return false
	}
	return slices.ContainsFunc(f.Edits, func(e policy.Edit) bool { return strings.Contains(e.New, g.near.sub) })
}

// revives tells whether the statement admits somebody in a version of the
// policy, and no stranger, and IAM saves it.
func (g *grant) revives(text string) bool {
	doc, err := policy.Parse([]byte(text))
	if err != nil || g.statement.Index >= len(doc.Statements) || g.unsavable(doc) {
		return false
	}
	after := g.in(doc)
	after.search()
	return after.works != nil && (!g.open() || after.admittedStranger() == nil)
}

// registered adds the audience that the policy wants to the IAM OIDC provider.
func (g *grant) registered() (fixes []report.Fix) {
	arn := g.principal.Value
	for _, aud := range g.wantedAudiences() {
		if cloudtrail.KeyHost(arn) == "" || strings.ContainsAny(aud, "*?${") || g.provider.Exists != policy.Yes {
			continue
		}
		fixes = append(fixes, report.Fix{
			Message: fmt.Sprintf("or leave the policy as it is, and add %s to the audiences of the IAM OIDC provider, where tokens have it", idp.Quote(aud)),
			Target:  report.Provider,
			Commands: []string{fmt.Sprintf("aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn %s --client-id %s",
				report.ShellQuote(arn), report.ShellQuote(aud))},
		})
	}
	return fixes
}

// accountView is the account as the diagnosis of the role sees it.
func (g *grant) accountView() diagnose.Account { return view{g.auditor, g.role} }
