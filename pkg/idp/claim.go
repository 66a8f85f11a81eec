package idp

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Means reports whether a claim is sub or aud, as what says, under that name or
// another. STS compares the names of keys without their case.
func (p *Provider) Means(claim, what string) bool {
	return strings.EqualFold(claim, what) || p.otherNames[strings.ToLower(claim)] == what
}

// ClaimFor is the claim that a condition is to test for sub or aud: where the
// provider has it under two names, aud gives way to the other, which STS
// documents, and sub stays where it is offered.
func (p *Provider) ClaimFor(what string) string {
	if !slices.Contains(p.Without, what) {
		return what
	}
	for claim, same := range p.otherNames {
		if same == what {
			return claim
		}
	}
	return what
}

// PublicAuthority reports whether the issuer's certificate is of an authority
// that IAM trusts by itself, so that thumbprints are not looked at:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
func (p *Provider) PublicAuthority() bool { return p.Open == policy.Yes || p.publicCA }

// UsualAudience is the audience of all its tokens as far as nobody asks for
// another one, "" where that varies.
func (p *Provider) UsualAudience() string {
	if len(p.Audiences) != 1 || strings.Contains(p.Audiences[0], "<") {
		return ""
	}
	return p.Audiences[0]
}

// RoleAt says where its callers name the role, "" where that is not known.
func (p *Provider) RoleAt() string { return p.roleAt }
