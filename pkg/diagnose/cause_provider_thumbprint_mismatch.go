package diagnose

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var providerThumbprintMismatch = &Check{
	Code:  "provider-thumbprint-mismatch",
	Title: "The certificate of the provider does not match its thumbprint",
	Doc: `STS could not verify the certificate of the issuer. AWS trusts the certificates of public authorities by its own list and
compares the thumbprint only where the authority is not in it, so today this concerns issuers with a private authority. Threads
from 2020 to 2023 about GitHub and EKS are history.

What to do: for a private authority, set the thumbprint of the top certificate that the issuer serves. Otherwise see that the issuer
serves its whole chain.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html",
	Errors: []string{invalidIdentityToken},
	Run: func(c *Case) []Finding {
		if !mentionsAny(c.Event.ErrorMessage, "thumbprint", "certificate") {
			return nil
		}
		host, _, _ := strings.Cut(cmp.Or(c.Host, issuerIn(c.Event.ErrorMessage)), "/")
		f := c.said("the certificate of the issuer does not match the thumbprint of the IAM OIDC provider", report.Fix{
			Target:  report.Provider,
			Message: fmt.Sprintf("see which certificates %s serves; where its authority is private, set the thumbprint of the top one on the provider", quote(host)),
			Commands: []string{
				"openssl s_client -servername " + report.ShellQuote(host) + " -showcerts -connect " + report.ShellQuote(host+":443") + " </dev/null",
			},
		})
		if c.IDP.Open == policy.Yes || c.IDP.ID == "eks" {
			f[0].Notes = append(f[0].Notes, "AWS trusts the public authorities by its own list today and does not look at the thumbprint of this issuer; denials of this kind date from before July 2023 or a passing fault")
		}
		return f
	},
}
