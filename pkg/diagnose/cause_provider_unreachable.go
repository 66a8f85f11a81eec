package diagnose

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

var providerUnreachable = &Check{
	Code:  "provider-unreachable",
	Title: "STS could not fetch the keys of the issuer",
	Doc: `STS reads /.well-known/openid-configuration of the issuer and the keys that it names, from the internet. A private endpoint, a
firewall, a keys document without kid or with too many keys, or an outage on either side make it fail. AWS says that this error is
not recorded in CloudTrail.

What to do: read both documents from outside of your network; where they are fine, try again.`,
	URL:    "https://repost.aws/knowledge-center/iam-sts-invalididentitytoken",
	Errors: []string{invalidIdentityToken, idpCommunication},
	Run: func(c *Case) []Finding {
		if c.Event.ErrorCode != idpCommunication && !mentionsAny(c.Event.ErrorMessage, "verification key") {
			return nil
		}
		return c.said("STS could not fetch the keys of the issuer", c.documentsFix())
	},
}

// documentsFix is to try again, since outages pass, and to look at the
// documents of the issuer where that does not help.
func (c *Case) documentsFix() report.Fix {
	f := report.Fix{
		Target:  report.CallerSide,
		Message: "run the call again with a back-off, since outages pass; if it goes on failing, see that the issuer's documents answer from the internet and that every key has a kid",
	}
	issuer := "https://" + strings.TrimSuffix(c.Host, "/")
	if host, _, _ := strings.Cut(c.Host, "/"); hostName.MatchString(host) {
		f.Commands = []string{"curl -sS " + report.ShellQuote(issuer+"/.well-known/openid-configuration")}
	}
	return f
}
