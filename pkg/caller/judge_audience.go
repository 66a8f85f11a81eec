package caller

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/idp"
)

// judgeAudience looks at what STS will take for the audience.
func judgeAudience(e *Evidence, _ time.Time) (remarks []Remark) {
	audience, ok := Audience(e.Token.Claims)
	all := Audiences(e.Token.Claims)
	provider := idp.FindFor(Host(e.Token.Claims), e.Token.Text("sub"))
	switch {
	case !ok || audience == "":
		return one(Fault, "the token has no audience (aud): STS answers that a required claim is missing", strings.TrimSpace("ask for a token with an audience: "+usual(provider)))
	case len(all) > 1 && e.Token.Text("azp") == "":
		remarks = one(Doubt, fmt.Sprintf("the token has %d audiences (%s), and what STS makes of several is not documented", len(all), list(all)), "ask for a token with one audience")
	case e.Token.Text("azp") != "" && !slices.Contains(all, audience):
		remarks = one(Note, fmt.Sprintf("STS takes azp, %s, for aud; the token's own aud, %s, is tested as oaud", quote(audience), list(all)), "")
	}
	if fixed := usualAudience(provider); fixed != "" && e.Audience != audience && !slices.Contains(provider.Audiences, audience) {
		if hint := provider.AudienceHint(fixed, audience, partition(e.Role)); hint != "" {
			remarks = append(remarks, one(Doubt, hint+", where roles usually want "+quote(fixed), provider.AudienceFix(fixed))...)
		}
	}
	return remarks
}

func usual(p *idp.Provider) string {
	if fixed := usualAudience(p); fixed != "" {
		return fixed + " is usual"
	}
	return "one that the IAM OIDC provider lists among its client ids"
}

// usualAudience is the one that is usual for AWS, "" where it varies.
func usualAudience(p *idp.Provider) string {
	if len(p.Audiences) == 0 || strings.Contains(p.Audiences[0], "<") {
		return ""
	}
	return p.Audiences[0]
}

// Host is the issuer as IAM has it: without https://.
func Host(claims map[string]any) string {
	iss, _ := claims["iss"].(string)
	return strings.TrimPrefix(iss, "https://")
}
