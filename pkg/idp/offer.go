package idp

import (
	"slices"
	"strings"
	"time"
)

// OfferState says whether STS puts a claim into the request context.
type OfferState int8

const (
	Unlisted   OfferState = iota // not in the lists this package rests on
	Offered                      // a condition can test it
	NotYet                       // offered later than the call
	NotOffered                   // a condition sees a missing key
)

// Offer is what is known of a claim as a condition key.
type Offer struct {
	State OfferState
	Since time.Time // with Offered and NotYet: since when; zero: always
	Multi bool      // multivalued: needs ForAnyValue or ForAllValues
}

// claimsSince2026 is when the keys of
// https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/
// were there for all; the announcement is some days older.
var claimsSince2026 = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)

// baseClaims are the keys of every OIDC provider, from
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
var baseClaims = []Claim{
	{Name: "aud"},
	{Name: "sub"},
	{Name: "amr", Multi: true},
	{Name: "oaud"},
	{Name: "email"},
}

// since2026 makes claims out of names, all offered since then.
func since2026(names ...string) []Claim {
	claims := make([]Claim, len(names))
	for i, name := range names {
		claims[i] = Claim{Name: name, Since: claimsSince2026}
	}
	return claims
}

// always makes claims out of names, offered for as long as the provider.
func always(names ...string) []Claim {
	claims := make([]Claim, len(names))
	for i, name := range names {
		claims[i] = Claim{Name: name}
	}
	return claims
}

// Offers says whether STS offered the claim as a condition key at that time.
// The letter case of claim does not matter, as with condition keys. Absence
// from all lists is NotOffered where the list is complete (self-hosted and
// built-in providers), and Unlisted where AWS goes on adding to it.
func (p *Provider) Offers(claim string, at time.Time) Offer {
	if containsFold(p.Without, claim) || containsFold(p.NotKeys, claim) {
		return Offer{State: NotOffered}
	}
	for _, list := range [...][]Claim{p.Claims, baseClaims} {
		for i := range list {
			if strings.EqualFold(list[i].Name, claim) {
				return list[i].offer(at)
			}
		}
	}
	if p.Complete {
		return Offer{State: NotOffered}
	}
	return Offer{}
}

func (c *Claim) offer(at time.Time) Offer {
	if at.Before(c.Since) {
		return Offer{State: NotYet, Since: c.Since, Multi: c.Multi}
	}
	return Offer{State: Offered, Since: c.Since, Multi: c.Multi}
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(t string) bool { return strings.EqualFold(t, s) })
}
