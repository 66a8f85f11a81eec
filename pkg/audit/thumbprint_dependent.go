package audit

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

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
