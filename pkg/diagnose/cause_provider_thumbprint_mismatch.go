package diagnose

import (
	"cmp"
	"fmt"
	"strings"

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
		f := c.said("the certificate of the issuer does not match the thumbprint of the IAM OIDC provider", c.certificateFix())
		if c.IDP.PublicAuthority() {
			f[0].Notes = append(f[0].Notes, "AWS trusts the authority of this issuer by its own list today and does not look at the thumbprint; denials of this kind date from before July 2023 or a passing fault")
		}
		return f
	},
}

// certificateFix is to try again where AWS does not look at the thumbprint,
// and to set it where the authority is private.
func (c *Case) certificateFix() report.Fix {
	host, _, _ := strings.Cut(cmp.Or(c.Host, issuerIn(c.Event.ErrorMessage)), "/")
	switch {
	case c.IDP.PublicAuthority():
		return report.Fix{Target: report.CallerSide, Message: "run the call again; there is no thumbprint to mend for this issuer"}
	case !hostName.MatchString(host):
		return report.Fix{Target: report.Provider, Message: "set the thumbprint of the top certificate that the issuer serves on its IAM OIDC provider; rolewhy explain --token FILE tells the issuer"}
	}
	server := host
	if !strings.Contains(server, ":") {
		server += ":443"
	}
	return report.Fix{
		Target:  report.Provider,
		Message: fmt.Sprintf("set the thumbprint of the top certificate that %s serves on its IAM OIDC provider (aws iam update-open-id-connect-provider-thumbprint)", quote(host)),
		Commands: []string{
			"openssl s_client -servername " + report.ShellQuote(strings.Split(host, ":")[0]) + " -showcerts -connect " + report.ShellQuote(server) + " </dev/null",
		},
	}
}
