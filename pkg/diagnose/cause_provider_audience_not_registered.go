package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var providerAudienceNotRegistered = &Check{
	Code:  "provider-audience-not-registered",
	Title: "The token's audience is not among the provider's client ids",
	Doc: `STS wants the token's aud (or azp, where the token has it) among the client ids of the IAM OIDC provider, before it looks at
any trust policy. White space counts, and so does every letter: sts.amazonaws.com is right in China too, a regional STS host is
right nowhere, kOps uses amazonaws.com.

What to do: register the audience that the token carries, or have the client ask for one that is registered.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html",
	Errors: []string{invalidIdentityToken},
	Run:    findProviderAudience,
}

func findProviderAudience(c *Case) []Finding {
	if !strings.Contains(strings.ToLower(c.Event.ErrorMessage), "incorrect token audience") {
		return nil
	}
	ids := c.Provider.Value.ClientIDs
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Expected: nearest(ids, c.Event.Audience), Actual: c.Event.Audience,
		Message: fmt.Sprintf("the token's audience %s is not among the client ids of the provider %s", quote(c.Event.Audience), quote(c.Host)),
	}}
	switch {
	case !c.Event.HasAudience:
		out.Expected = ""
		out.Message = "the token's audience is not among the client ids of the provider"
	case c.Provider.Exists == policy.Yes && slices.Contains(ids, c.Event.Audience):
		out.Certainty = report.Likely
		out.Notes = append(out.Notes, "it is registered now: it may have been added after the call")
	case c.Provider.Exists == policy.Yes:
		out.Notes = append(out.Notes, "registered: "+list(ids))
	}
	if hint := c.audienceHint(out.Expected); hint != "" {
		out.Notes = append(out.Notes, hint)
	}
	out.Fixes = c.audienceFixes(ids)
	return []Finding{out}
}

func (c *Case) audienceFixes(ids []string) []report.Fix {
	var fixes []report.Fix
	if c.Event.HasAudience && c.Event.Provider != "" {
		fixes = append(fixes, report.Fix{
			Target:  report.Provider,
			Message: fmt.Sprintf("add the client id %s to the provider %s", quote(c.Event.Audience), quote(c.Host)),
			Commands: awsCommand("iam add-client-id-to-open-id-connect-provider",
				option{"open-id-connect-provider-arn", c.Event.Provider}, option{"client-id", c.Event.Audience}),
		})
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return c.audienceHint(id) != "" })
	if len(ids) > 0 {
		fixes = append(fixes, report.Fix{
			Target: report.CallerSide, Message: "have the client ask for a token with a registered audience: " + list(ids),
		})
	}
	return fixes
}
