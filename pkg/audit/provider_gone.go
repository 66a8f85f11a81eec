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
	Title: "The role trusts a provider that is gone",
	Doc: `The account has no IAM OIDC provider of this ARN, nor one of which the ARN may be a misspelling, so that no token comes
through it: the cluster was replaced or deleted, the provider was cleaned up. Roles of one provider that is gone are told one
after the other.

What to do: delete what nobody needs any more; or let the role trust the provider that took the other's place.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
	Run: findGone,
}

func findGone(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if g.provider.Exists != policy.No || len(g.alike()) > 0 {
			continue
		}
		f := Finding{
			Certainty: report.Certain, Provider: g.principal.Value, Where: g.place(g.principal.Span),
			Message: fmt.Sprintf("statement %d trusts %s, and the account has no such provider", g.statement.Index+1, idp.Quote(g.host)),
		}
		if fix, ok := t.without(g); ok {
			f.Fixes = []report.Fix{fix}
		} else {
			f.Notes = []string{"nobody else is trusted by this policy: without its provider the role is of no use to anybody by this way"}
		}
		found = append(found, f)
	}
	return found
}

// without is the change that takes the grant away, where something is left: a
// role that trusts nobody is to be deleted rather.
func (t *trust) without(g *grant) (report.Fix, bool) {
	edit := policy.Edit{Kind: policy.RemovePrincipal, Statement: g.statement.Index, Value: g.principal.Value}
	if len(g.statement.Principals) == 1 {
		edit = policy.Edit{Kind: policy.RemoveStatement, Statement: g.statement.Index}
	}
	doc, err := t.doc.Apply(edit)
	if err != nil || len(doc.Statements) == 0 || t.unsavable(doc) {
		return report.Fix{}, false
	}
	return report.Fix{
		Message: "stop trusting the provider that is gone", Target: report.TrustPolicy,
		Edits: []policy.Edit{edit}, Policy: string(doc.Source),
	}, true
}

// saveOptions hold a changed policy to the quota, which must have been raised
// where the policy as it is passes the usual one.
func (t *trust) saveOptions() policy.SaveOptions {
	return policy.SaveOptions{MaxSize: max(t.doc.Size(), policy.DefaultMaxSize)}
}
