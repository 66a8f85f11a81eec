package audit

import (
	"context"
	"fmt"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var providerMisspelt = &Rule{
	Kind:  CannotWork,
	Code:  "provider-misspelt",
	Title: "The role trusts a provider that does not exist, beside one that is nearly the same",
	Doc: `The account has no IAM OIDC provider of this ARN, but one that differs from it in the account, the partition, the
region, a slash or the order of words, so that the policy surely means that one.

What to do: name the provider as the account has it, and change the condition keys with it: they begin with the same host.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity",
	Run: findMisspelt,
}

func findMisspelt(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if g.provider.Exists != policy.No {
			continue
		}
		for _, a := range g.alike() {
			f := Finding{
				Certainty: report.Certain, Provider: g.principal.Value, Where: g.place(g.principal.Span),
				Message: fmt.Sprintf("statement %d trusts %s, which the account does not have, but %s", g.statement.Index+1, idp.Quote(g.principal.Value), idp.Quote(a.arn)),
				Notes:   a.differences,
				Fixes:   g.instead(a.arn),
			}
			found = append(found, f)
			break // the first is the one of which all can be told; the others are like it
		}
	}
	return found
}

// alike is a provider of the account that a principal may mean.
type alike struct {
	arn         string
	differences []string
}

// unlike are kinds of difference between ARNs that make them two providers.
var unlike = []string{idp.KindProductHost, idp.KindHost, idp.KindCluster, idp.KindEnterpriseHost, idp.KindBuiltIn}

// alike lists the providers of the account that the principal may be a
// misspelling of.
func (g *grant) alike() (list []alike) {
	for _, p := range g.providers.Value {
		hints := idp.HostHints(g.principal.Value, p.ARN)
		if len(hints) == 0 || slices.ContainsFunc(hints, func(h idp.Hint) bool { return slices.Contains(unlike, h.Kind) }) {
			continue
		}
		a := alike{arn: p.ARN}
		for _, h := range hints {
			a.differences = append(a.differences, h.Text)
		}
		list = append(list, a)
	}
	return list
}

// instead are the changes after which a token of another provider is admitted
// in the place of the one that the statement names, as for a call that was
// denied.
func (g *grant) instead(arn string) []report.Fix {
	other := *g
	other.principal.Value, other.host = arn, cloudtrail.KeyHost(arn)
	if g.near == nil {
		return nil
	}
	t := other.token(g.near.sub, g.near.aud, nil)
	r := diagnose.Explain(context.Background(), g.accountView(), other.event(t), g.options(t))
	if r.FixedText == "" || len(r.Findings) == 0 || len(r.Findings[0].Fixes) == 0 {
		return nil
	}
	fix := report.Fix{Message: r.Findings[0].Fixes[0].Message, Target: report.TrustPolicy, Policy: r.FixedText}
	for _, f := range r.Findings {
		if len(f.Fixes) > 0 {
			fix.Edits = append(fix.Edits, f.Fixes[0].Edits...)
		}
	}
	return []report.Fix{fix}
}
