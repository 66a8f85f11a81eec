package diagnose

import (
	"fmt"
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
		issuer := "https://" + strings.TrimSuffix(c.Host, "/")
		return c.said("STS could not fetch the keys of the issuer", report.Fix{
			Target:   report.Elsewhere,
			Message:  fmt.Sprintf("read the documents of the issuer %s from the internet: they must answer, and every key needs a kid; where they are fine, try again, as outages pass", quote(issuer)),
			Commands: []string{"curl -sS " + report.ShellQuote(issuer+"/.well-known/openid-configuration")},
		})
	},
}
