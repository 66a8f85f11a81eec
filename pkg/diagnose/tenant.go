package diagnose

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// tellsTenant wants the statements that a change brings to life to tell one
// tenant from another, at an issuer whose tokens everybody can get: patterns
// that name no owner were harmless only as long as the statement admitted
// nobody.
func (p *prover) tellsTenant(d *policy.Document, edits []policy.Edit) bool {
	if !p.c.hasOwner || p.c.IDP.Open != policy.Yes {
		return true
	}
	for _, e := range edits {
		if revives(e.Kind) && e.Statement < len(d.Statements) && !p.c.namesTenant(&d.Statements[e.Statement]) {
			return false
		}
	}
	return true
}

// revives tells whether a kind of edit can make a statement match calls of
// which it matched none before, whatever their subject.
func revives(kind policy.EditKind) bool {
	switch kind {
	case policy.AddValue, policy.ReplaceValue, policy.RemoveValue, policy.AddCondition, policy.AddStatement:
		return false
	}
	return true
}

// tenantClaims are the claims beside sub that tell tenants apart.
var tenantClaims = []string{
	"repository", "repository_id", "repository_owner_id", "enterprise_id",
	"namespace_id", "project_id", "organization_id", "organization_slug", "pipeline_id",
}

// namesTenant tells whether a condition of a statement names owners, by every
// value it has.
func (c *Case) namesTenant(s *policy.Statement) bool {
	return slices.ContainsFunc(s.Conditions, func(k policy.Condition) bool {
		reading := readKey(k.Key.Value, c.Host)
		if k.Op.Negated || k.Op.IfExists || k.Op.Set == policy.ForAllValues || reading.Kind != keyOwn {
			return false
		}
		if slices.Contains(tenantClaims, strings.ToLower(reading.Claim)) {
			return !slices.ContainsFunc(k.Values, func(v policy.Text) bool { return k.Op.Pattern() && strings.HasPrefix(v.Value, "*") })
		}
		return c.isSubject(reading.Claim) && !slices.ContainsFunc(k.Values, func(v policy.Text) bool {
			_, ok := c.IDP.OwnerOfPattern(v.Value)
			return !ok && v.Value != c.Event.Subject
		})
	})
}
