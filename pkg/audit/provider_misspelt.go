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
				Cause:   "principal-mismatch",
				Message: fmt.Sprintf("statement %d trusts %s, which the account does not have; it has %s", g.statement.Index+1, idp.Quote(g.principal.Value), idp.Quote(a.arn)),
				Notes:   a.differences,
				Fixes:   g.instead(a.arn),
			}
			if other, ok := g.of(a.arn); ok && len(f.Fixes) == 0 && other.open() && other.renamedAdmits(g) {
				f.Notes = append(f.Notes, "do not name that one as it is: strangers at "+other.idp.Name+" satisfy the conditions; name the owner in a condition on "+
					other.host+":"+other.idp.ClaimFor("sub")+" as well")
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

// instead is the change after which a token of another provider is admitted in
// the place of the one that the statement names, as for a call that was denied.
// Of an ARN that differs in account or partition it is the same: STS takes the
// providers of the role's own account alone.
func (g *grant) instead(arn string) []report.Fix {
	other, ok := g.of(arn)
	if !ok {
		return nil
	}
	r := diagnose.Explain(context.Background(), g.accountView(), other.event(other.near), g.options(other.near))
	if fix := together(r); fix.Policy != "" && other.revives(fix.Policy) {
		return []report.Fix{fix}
	}
	return other.renamed(g)
}

// of is the grant as it would be of another provider, with a token of that one;
// ok is false where there is none.
func (g *grant) of(arn string) (other *grant, ok bool) {
	other = g.in(g.doc)
	other.principal.Value, other.host = arn, cloudtrail.KeyHost(arn)
	other.provider = g.auditor.provider(context.Background(), arn)
	other.idp = providerOf(other.host, firstSubject(g.statement))
	for sub := range g.subjects() {
		other.near = other.token(sub, other.audiences()[0], nil)
		return other, true
	}
	return nil, false
}

// renamed writes the other provider's ARN for that of the grant, and its host in
// the keys, where the statement works after that.
func (g *grant) renamed(before *grant) []report.Fix {
	edits := g.renaming(before)
	doc, err := g.doc.Apply(edits...)
	if err != nil || !g.revives(string(doc.Source)) {
		return nil
	}
	f := g.fix(fmt.Sprintf("name %s as the principal of statement %d, and its host in the keys", idp.Quote(g.principal.Value), g.statement.Index+1), edits...)
	f.Policy = string(doc.Source)
	return []report.Fix{f}
}

// renamedAdmits tells whether a stranger is admitted after that.
func (g *grant) renamedAdmits(before *grant) bool {
	doc, err := g.doc.Apply(g.renaming(before)...)
	return err == nil && g.in(doc).admittedStranger() != nil
}

// renaming are the edits of it.
func (g *grant) renaming(before *grant) []policy.Edit {
	edits := []policy.Edit{{Kind: policy.ReplacePrincipal, Statement: g.statement.Index, Value: before.principal.Value, New: g.principal.Value}}
	for i := range g.statement.Conditions {
		k := &g.statement.Conditions[i]
		if claim := before.claim(k.Key.Value); claim != "" && before.host != g.host {
			edits = append(edits, policy.Edit{Kind: policy.RenameKey, Statement: g.statement.Index, Operator: k.Operator.Value, Key: k.Key.Value, New: g.host + ":" + claim})
		}
	}
	return edits
}
