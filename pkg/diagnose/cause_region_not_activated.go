package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var regionNotActivated = &Check{
	Code:  "region-not-activated",
	Title: "The STS endpoint of the region is not active for the account",
	Doc: `STS answers in a region only where it is activated for the account. In regions that must be opted into it may also say that no
provider was found although it is there.

What to do: activate the region in the account settings of IAM, or call the endpoint of another region.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
	Errors: []string{regionDisabled, invalidIdentityToken},
	Run:    findRegionNotActivated,
}

func findRegionNotActivated(c *Case) []Finding {
	fix := report.Fix{
		Target:  report.Elsewhere,
		Message: fmt.Sprintf("activate STS for region %s in account %s (IAM, account settings), or have the caller use the endpoint of an active region (AWS_REGION)", c.Event.Region, c.Event.AccountID),
	}
	if c.Event.ErrorCode == regionDisabled {
		return c.said(fmt.Sprintf("STS is not active in region %s for the account", c.Event.Region), fix)
	}
	if !strings.Contains(c.Event.ErrorMessage, "No OpenIDConnect provider found") || c.Provider.Exists != policy.Yes {
		return nil
	}
	f := c.said(fmt.Sprintf("STS found no provider although it is there: its endpoint in region %s may not be active for the account", c.Event.Region), fix)
	f[0].Certainty = report.Likely
	if c.createdSince() {
		f[0].Certainty = report.Possible
	}
	return f
}

// createdSince tells whether the provider is known to be younger than the
// denial.
func (c *Case) createdSince() bool {
	return c.Provider.Value.Created.After(c.Event.Time) ||
		c.lastChange(func(ch *Change) bool { return ch.Time.After(c.Event.Time) && ch.Provider != "" }) != nil
}
