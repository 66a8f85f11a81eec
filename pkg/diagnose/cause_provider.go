package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var providerNotFound = &Check{
	Code:  "provider-not-found",
	Title: "The account has no IAM OIDC provider for the issuer",
	Doc: `STS looks for an IAM OIDC provider whose URL is the issuer of the token, in the account of the role, as text: another host
that leads to the same server, a missing path or slash, is another provider. New clusters have new issuers.

The same words come where the STS endpoint of a region is not active for the account although the provider is there.

What to do: create the provider, with the audience of the token as client id.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
	Errors: []string{invalidIdentityToken, accessDenied},
	Run:    findProviderNotFound,
}

func findProviderNotFound(c *Case) []Finding {
	said := strings.Contains(c.Event.ErrorMessage, "No OpenIDConnect provider found")
	missing := c.Provider.Exists == policy.No
	if !said && (!missing || c.Event.ErrorCode == accessDenied && !c.onlyProviderMissing()) {
		return nil
	}
	host := cmp.Or(issuerIn(c.Event.ErrorMessage), c.Host)
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Actual: host,
		Message: fmt.Sprintf("the account %s has no IAM OIDC provider for the issuer %s", c.Event.AccountID, quote("https://"+host)),
	}}
	switch {
	case said && c.Provider.Exists == policy.Yes:
		out.Certainty = report.Possible // it was made since, or the region is the matter
		out.Notes = append(out.Notes, "the provider is there now: it may have been created after the call")
	case !said && c.Event.ErrorCode == accessDenied:
		out.Certainty = report.Possible // a missing provider gives InvalidIdentityToken: it went later
	}
	if near := c.nearestProvider(host); near != "" {
		out.Expected = near
		out.Notes = append(out.Notes, fmt.Sprintf("the account has a provider for %s; IAM compares issuers as text", quote(near)))
		for _, h := range idp.HostHints(near, host) {
			out.Notes = append(out.Notes, h.Text)
		}
	}
	out.Fixes = []report.Fix{c.createProvider(host)}
	return []Finding{out}
}

// onlyProviderMissing tells whether the policy would let the call through.
func (c *Case) onlyProviderMissing() bool {
	return c.Policy != nil && verdict(c.Policy, c.call, c.needs()) == policy.Allowed
}

// issuerIn is the host of the issuer that an error of STS names.
func issuerIn(message string) string {
	_, rest, ok := strings.Cut(message, "https://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, " \t\n,;\"'"); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimSuffix(rest, ".")
}

// nearestProvider is the host of the provider in the account that looks most
// like the issuer: one with the same id or last words first.
func (c *Case) nearestProvider(host string) string {
	best, distance := "", len(host)/2+1
	for _, p := range c.Providers.Value {
		other := hostOf(p.ARN)
		d := editDistance(host, other)
		if tail(host) != "" && tail(host) == tail(other) {
			d = 0
		}
		if d < distance && other != host {
			best, distance = other, d
		}
	}
	return best
}

// tail is the last part of a path, "" where there is none.
func tail(host string) string {
	i := strings.LastIndexByte(strings.TrimSuffix(host, "/"), '/')
	if i < 0 {
		return ""
	}
	return host[i:]
}

func (c *Case) createProvider(host string) report.Fix {
	command := "aws iam create-open-id-connect-provider --url " + report.ShellQuote("https://"+host)
	message := fmt.Sprintf("create an IAM OIDC provider for %s in account %s", quote("https://"+host), c.Event.AccountID)
	if aud := c.usualAudience(); aud != "" {
		command += " --client-id-list " + report.ShellQuote(aud)
		message += fmt.Sprintf(" with the client id %s", quote(aud))
	}
	return report.Fix{Target: report.Provider, Message: message, Commands: []string{command}}
}

// usualAudience is the audience of the token, or the usual one of its provider
// where the token is not known; "" where that varies.
func (c *Case) usualAudience() string {
	if c.Event.HasAudience {
		return c.Event.Audience
	}
	if all := c.IDP.Audiences; len(all) > 0 && !strings.Contains(all[0], "<") {
		return all[0]
	}
	return ""
}

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
			Commands: []string{fmt.Sprintf("aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn %s --client-id %s",
				report.ShellQuote(c.Event.Provider), report.ShellQuote(c.Event.Audience))},
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

// mentionsAny tells whether a message holds one of the words, in any case.
func mentionsAny(message string, words ...string) bool {
	low := strings.ToLower(message)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(low, w) })
}

// said is a finding that rests on the error text of STS, which is definite.
func (c *Case) said(message string, fixes ...report.Fix) []Finding {
	f := report.Finding{Certainty: report.Certain, Message: message, Fixes: fixes}
	if c.Event.ErrorMessage != "" {
		f.Notes = []string{"STS said: " + idp.Quote(c.Event.ErrorMessage)}
	}
	return []Finding{{Finding: f}}
}
