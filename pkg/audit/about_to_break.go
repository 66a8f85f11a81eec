package audit

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Rules about what works today and will not after a change that is announced.

var immutableSubject = &Rule{
	Kind:  AboutToBreak,
	Code:  "immutable-subject",
	Title: "The policy knows GitHub repositories by name alone",
	Doc: `Repositories of github.com that are created, renamed or transferred after 15 July 2026 have subjects with ids:
repo:OWNER@OWNER-ID/REPO@REPO-ID:…. A policy that names owner and repository without ids denies them from that moment on.

What to do: before a rename or a transfer, add the immutable form beside the other; gh api
repos/OWNER/REPO/actions/oidc/customization/sub tells the prefix.`,
	URL: "https://docs.github.com/en/actions/reference/security/oidc",
	Run: findNameBased,
}

// findNameBased looks for policies that know their repositories by name and by
// no id, for one finding a role.
func findNameBased(t *trust) []Finding {
	for _, g := range t.grants {
		if g.idp.ID != "github" && g.idp.ID != "github-enterprise" || g.works == nil {
			continue
		}
		for _, k := range g.tested {
			if k.Op.Negated || !g.aboutSubject(k) {
				continue
			}
			for _, v := range k.Values {
				if owner, ok := g.idp.OwnerOfPattern(v.Value); ok && owner.ID == "" && !g.coversIDs(v.Value, owner) {
					return []Finding{g.nameBased(v, owner)}
				}
			}
		}
	}
	return nil
}

// coversIDs tells whether another value of the statement has the ids of the
// owner.
func (g *grant) coversIDs(value string, owner idp.Owner) bool {
	for other := range g.wantedSubjects() {
		if o, ok := g.idp.OwnerOfPattern(other); ok && o.ID != "" && o.Name == owner.Name && other != value {
			return true
		}
	}
	return false
}

func (g *grant) nameBased(v policy.Text, owner idp.Owner) Finding {
	return Finding{
		Certainty: report.Possible, Provider: g.principal.Value, Where: g.place(v.Span),
		Message: fmt.Sprintf("the policy knows %s by name and not by id", idp.Quote(owner.Name)),
		Notes:   []string{"a repository that is renamed or transferred gets a subject with ids, repo:" + owner.Name + "@ID/REPO@ID:…, which this value does not match"},
	}
}

var organizationRefuses = &Rule{
	Kind:  AboutToBreak,
	Code:  "organization-refuses",
	Title: "A resource control policy refuses what the role admits",
	Doc: `A resource control policy of the organization denies callers that the trust policy admits, for example because it knows
subjects without ids alone.

What to do: bring the resource control policy up to date first.`,
	URL: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html",
	Run: findRefused,
}

// findRefused judges the witnesses of the grants by the policies of the
// organization.
func findRefused(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if g.works == nil || policy.Decide(g.doc, g.request(g.works)) != policy.Allowed {
			continue
		}
		for _, c := range t.controlPolicies() {
			if policy.DecideWith(g.doc, []*policy.Document{c.doc}, g.request(g.works)) != policy.ExplicitlyDenied {
				continue
			}
			found = append(found, Finding{
				Certainty: report.Likely, Provider: g.principal.Value, Where: g.place(g.principal.Span),
				Message: fmt.Sprintf("the resource control policy %s denies a caller that the role admits: %s", idp.Quote(c.name), idp.Quote(g.works.sub)),
			})
		}
	}
	return found
}

// control is a resource control policy that could be read.
type control struct {
	name string
	doc  *policy.Document
}

// controlPolicies are those that apply to the account, parsed once.
func (a *auditor) controlPolicies() []control {
	if a.parsed != nil {
		return a.parsed
	}
	a.parsed = []control{}
	for _, p := range a.controls.Value {
		doc, err := policy.ParseResourceControl(p.Document)
		if err != nil {
			a.gap("the resource control policy "+p.Name, "it is no valid policy: "+err.Error())
			continue
		}
		a.parsed = append(a.parsed, control{p.Name, doc})
	}
	return a.parsed
}

var thumbprintDependent = &Rule{
	Kind:  AboutToBreak,
	Code:  "thumbprint-dependent",
	Title: "The provider is trusted by the thumbprint of its certificate",
	Doc: `IAM trusts the certificates of public authorities by itself. Where the issuer has a certificate of another authority, IAM
compares thumbprints, and the day its certificate authority changes every role of the provider fails.

What to do: know the day, and add the new thumbprint before.`,
	URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html",
	Run: findPinned,
}

// findPinned tells once of each provider whose certificate IAM knows by its
// thumbprint alone.
func findPinned(t *trust) (found []Finding) {
	for _, g := range t.grants {
		pinned := g.provider.Exists == policy.Yes && len(g.provider.Value.Thumbprints) > 0 && g.idp.Open == policy.No && !g.idp.PublicAuthority()
		if !pinned || t.pinned[g.principal.Value] {
			continue
		}
		t.pinned[g.principal.Value] = true
		found = append(found, Finding{
			Certainty: report.Possible, Provider: g.principal.Value, Where: g.place(g.principal.Span),
			Message: fmt.Sprintf("%s may be trusted by the thumbprint of its certificate alone", idp.Quote(g.host)),
		})
	}
	return found
}
