package audit

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// owners are the tenants that the policies of the account name literally, by
// the host of the issuer.
type owners map[string][]idp.Owner

// read adds those that a policy names.
func (o owners) read(doc *policy.Document) {
	for i := range doc.Statements {
		o.readStatement(&doc.Statements[i])
	}
}

func (o owners) readStatement(s *policy.Statement) {
	for _, p := range s.Principals {
		host := cloudtrail.KeyHost(p.Value)
		if p.Type != "Federated" || host == "" {
			continue
		}
		provider := providerOf(host, firstSubject(s))
		for i := range s.Conditions {
			if s.Conditions[i].Op.Negated != s.Deny {
				continue // it keeps out whom it names; a Deny of all others than those it names lets them in
			}
			for _, v := range s.Conditions[i].Values {
				if owner, ok := provider.OwnerOfPattern(v.Value); ok {
					o.add(host, owner)
				}
			}
		}
	}
}

// add keeps the name of an owner, once, with the id that some value has.
func (o owners) add(host string, owner idp.Owner) {
	i := slices.IndexFunc(o[host], func(other idp.Owner) bool { return strings.EqualFold(other.Name, owner.Name) })
	if i < 0 {
		o[host] = append(o[host], idp.Owner{Name: owner.Name, ID: owner.ID})
	} else if o[host][i].ID == "" {
		o[host][i].ID = owner.ID
	}
}

// named tells whether some policy names the owner.
func (o owners) named(host, owner string) bool {
	return slices.ContainsFunc(o[host], func(other idp.Owner) bool { return strings.EqualFold(other.Name, owner) })
}

// beginning lists those whose names begin with a text.
func (o owners) beginning(host, text string) (list []idp.Owner) {
	for _, other := range o[host] {
		if len(other.Name) > len(text) && strings.EqualFold(other.Name[:len(text)], text) {
			list = append(list, other)
		}
	}
	return list
}

// only is the one owner that the policies of the account name at an issuer; ok
// is false where there is none or more.
func (o owners) only(host string) (owner idp.Owner, ok bool) {
	if len(o[host]) != 1 {
		return idp.Owner{}, false
	}
	return o[host][0], true
}
