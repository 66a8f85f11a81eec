package audit

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var providerGone = &Rule{
	Kind:  LeftOver,
	Code:  "provider-gone",
	Title: "The role trusts a provider that does not exist",
	Doc: `The account has no IAM OIDC provider of this ARN, so that no token comes through it: the cluster was replaced or deleted,
or the ARN never was right. Roles of one provider that is gone are told one after the other.

What to do: delete what nobody needs any more; or let the role trust the provider that took the other's place.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
	Run: findGone,
}

func findGone(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if g.provider.Exists != policy.No {
			continue
		}
		f := Finding{
			Certainty: report.Certain, Provider: g.principal.Value,
			Message: fmt.Sprintf("statement %d trusts %s, and the account has no such provider", g.statement.Index+1, idp.Quote(g.host)),
			Where:   g.place(g.principal.Span),
			Notes:   g.successors(),
		}
		if fix, ok := t.without(g); ok {
			f.Fixes = []report.Fix{fix}
		}
		found = append(found, f)
	}
	return found
}

// successors are the providers of the account that may have been meant.
func (g *grant) successors() (notes []string) {
	for _, p := range g.providers.Value {
		for _, h := range idp.HostHints(g.principal.Value, p.ARN) {
			if h.Kind != idp.KindProductHost && h.Kind != idp.KindHost {
				notes = append(notes, fmt.Sprintf("the account has %s: %s", idp.Quote(p.ARN), h.Text))
			}
		}
	}
	return notes[:min(len(notes), 3)]
}

// without is the change that takes the grant away, where something is left: a
// role that trusts nobody is to be deleted rather.
func (t *trust) without(g *grant) (report.Fix, bool) {
	edit := policy.Edit{Kind: policy.RemovePrincipal, Statement: g.statement.Index, Value: g.principal.Value}
	if len(g.statement.Principals) == 1 {
		edit = policy.Edit{Kind: policy.RemoveStatement, Statement: g.statement.Index}
	}
	doc, err := t.doc.Apply(edit)
	if err != nil || len(doc.Statements) == 0 || doc.Savable(policy.SaveOptions{MaxSize: max(t.doc.Size(), policy.DefaultMaxSize)}) != nil {
		return report.Fix{}, false
	}
	return report.Fix{
		Message: "stop trusting the provider that is gone", Target: report.TrustPolicy,
		Edits: []policy.Edit{edit}, Policy: string(doc.Source),
	}, true
}
