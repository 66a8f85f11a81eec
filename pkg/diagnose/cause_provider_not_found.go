package diagnose

import (
	"cmp"
	"fmt"
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
	options := []option{{"url", "https://" + host}}
	message := fmt.Sprintf("create an IAM OIDC provider for %s in account %s", quote("https://"+host), c.Event.AccountID)
	if aud := c.usualAudience(); aud != "" {
		options = append(options, option{"client-id-list", aud})
		message += fmt.Sprintf(" with the client id %s", quote(aud))
	}
	f := report.Fix{Target: report.Provider, Message: message}
	if name, _, _ := strings.Cut(host, "/"); hostName.MatchString(name) {
		f.Commands = awsCommand("iam create-open-id-connect-provider", options...)
	}
	return f
}

// usualAudience is the audience of the token, or where it is not known the one
// that its provider always writes; "" where that varies.
func (c *Case) usualAudience() string {
	if c.Event.HasAudience {
		return c.Event.Audience
	}
	return c.IDP.UsualAudience()
}
