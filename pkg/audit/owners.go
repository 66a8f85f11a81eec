package audit

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// owners are the tenants that the policies of the account name literally, by
// the host of the issuer.
type owners map[string][]string

// read adds those that a role's policy names.
func (o owners) read(r *diagnose.Role) {
	if r.TrustPolicy == nil || !mayTrustOIDC(r.TrustPolicy) {
		return
	}
	doc, err := policy.Parse(r.TrustPolicy)
	if err != nil {
		return // told where the role is audited
	}
	for i := range doc.Statements {
		if s := &doc.Statements[i]; !s.Deny {
			o.readStatement(s)
		}
	}
}

func (o owners) readStatement(s *policy.Statement) {
	for _, p := range s.Principals {
		host := cloudtrail.KeyHost(p.Value)
		if p.Type != "Federated" || host == "" {
			continue
		}
		provider := idp.FindFor(host, firstSubject(s))
		for i := range s.Conditions {
			if s.Conditions[i].Op.Negated {
				continue
			}
			for _, v := range s.Conditions[i].Values {
				if owner, ok := provider.OwnerOfPattern(v.Value); ok && !slices.Contains(o[host], owner.Name) {
					o[host] = append(o[host], owner.Name)
				}
			}
		}
	}
}

// named tells whether some policy names the owner.
func (o owners) named(host, owner string) bool {
	return slices.ContainsFunc(o[host], func(name string) bool { return strings.EqualFold(name, owner) })
}
