package idp

import (
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// AudienceHint says in one fragment how the audience that a policy or an IAM
// provider wants differs from the one that came, "" where there is nothing to
// say beyond their being different. partition is that of the role: aws,
// aws-cn, aws-us-gov.
func (p *Provider) AudienceHint(want, got, partition string) string {
	if want == got {
		return ""
	}
	for _, hint := range [...]string{disguisedAudience(want, got), stsAudience(want, got, partition), p.ownAudience(want, got)} {
		if hint != "" {
			return hint
		}
	}
	return ""
}

// disguisedAudience names white space, capitals, slashes and look-alikes.
func disguisedAudience(want, got string) string {
	switch {
	case plainText(want) == plainText(got):
		if text, _ := strayCharacter(want); text != "" {
			return "the wanted audience has " + text + ": " + Quote(want)
		}
		text, _ := strayCharacter(got)
		return "the audience of the token has " + text + ": " + Quote(got)
	case strings.EqualFold(want, got):
		return "the audiences " + Quote(want) + " and " + Quote(got) + " differ in capital letters alone"
	case want == got+"/", got == want+"/":
		return "the audiences " + Quote(want) + " and " + Quote(got) + " differ by the slash at the end"
	case bareHost(want) == bareHost(got):
		return "of the audiences " + Quote(want) + " and " + Quote(got) + " one has https:// in front"
	case mistyped(want, got):
		return "the audiences " + Quote(want) + " and " + Quote(got) + " differ in one place"
	}
	return ""
}

func bareHost(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, "https://"), "/") }

// stsAudience names the mistakes around sts.amazonaws.com.
func stsAudience(want, got, partition string) string {
	switch {
	case want == "sts.amazonaws.com.cn" && got == "sts.amazonaws.com" && partition == "aws-cn":
		return "the audience is " + Quote("sts.amazonaws.com") + " in China too, without .cn"
	case want == "sts.amazonaws.com.cn" && got == "sts.amazonaws.com":
		return "the audience " + Quote(want) + " is that of another partition"
	case want == "sts.amazonaws.com" && got == "sts.amazonaws.com.cn":
		return "the token was asked for with the audience " + Quote(got)
	case got == "sts.amazonaws.com" && isRegionalSTS(want):
		return Quote(want) + " is an endpoint of STS, not the audience, which is " + Quote(got) + " in every region"
	case want == "sts.amazonaws.com" && isRegionalSTS(got):
		return "the token was asked for with an endpoint of STS, " + Quote(got) + ", for its audience"
	case strings.HasPrefix(want, "sts.amazon.") && got == "sts.amazonaws.com":
		return Quote(want) + " is misspelt; the token has " + Quote(got)
	}
	return ""
}

func isRegionalSTS(s string) bool {
	host := bareHost(s)
	return policy.Like("sts.*.amazonaws.com", host) || policy.Like("sts.*.amazonaws.com.cn", host) || policy.Like("sts.*.api.aws", host)
}

// ownAudience names what the provider puts into aud by itself.
func (p *Provider) ownAudience(want, got string) string {
	switch p.ID {
	case "github", "github-enterprise-issuer", "ghe.com", "ghes":
		return githubAudience(want, got)
	case "circleci", "circleci-root-issuer":
		if want == "sts.amazonaws.com" && isUUID(got) {
			return "CircleCI puts the id of the organization, " + Quote(got) + ", into the audience"
		}
	case "google", "entra", "keycloak":
		return "the audience that STS tests is the client of the token (azp), " + Quote(got) + ", where the token names one"
	case "cognito":
		return "the call came from the identity pool " + Quote(got) + ", the policy wants " + Quote(want)
	case "eks", "kubernetes", "kops", "openshift", "aks", "gke":
		return clusterAudience(got)
	case "terraform", "terraform-enterprise", "terrakube":
		if got == "aws.workload.identity" {
			return "the audience of workload identity is " + Quote(got) + " unless the workspace names another"
		}
	case "gitlab", "gitlab-self-managed":
		return "the audience is what the job writes under id_tokens, here " + Quote(got)
	}
	return ""
}

func githubAudience(want, got string) string {
	const byDefault = "https://github.com/"
	switch {
	case strings.HasPrefix(got, byDefault):
		return "the job asked for no audience, which gives the address of the owner, " + Quote(got)
	case strings.HasPrefix(want, byDefault) && got == "sts.amazonaws.com":
		return "the action configure-aws-credentials asks for " + Quote(got) + "; the address of the owner comes only where no audience is asked for"
	case got != "sts.amazonaws.com":
		return "the job asks for the audience " + Quote(got) + " (audience: of the step that logs in)"
	}
	return ""
}

func clusterAudience(got string) string {
	switch got {
	case "amazonaws.com":
		return "kOps asks for the audience " + Quote(got)
	case "openshift":
		return "OpenShift's operators ask for the audience " + Quote(got)
	case "sts.amazonaws.com":
		return ""
	}
	if strings.HasPrefix(got, "https://") {
		return "the token has the audience of the cluster's own API, " + Quote(got)
	}
	return ""
}
