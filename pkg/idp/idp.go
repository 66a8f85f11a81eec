// Package idp holds what is known of each identity provider: how its issuer
// is written, what it puts into sub and aud, which condition keys STS offers
// for it and since when, and what people get wrong.
package idp

import (
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Provider is what is known of one kind of identity provider.
type Provider struct {
	ID        string        // short, stable: github, eks, gitlab …
	Name      string        // as people call it
	Open      policy.Result // Yes: anybody can get tokens of this issuer; No: one's own
	Audiences []string      // usual audiences
	Claims    []Claim       // condition keys that STS offers, beside aud and sub
	Docs      string        // vendor page
}

// Claim is a claim that STS offers as a condition key.
type Claim struct {
	Name  string
	Since time.Time // zero: always
	Multi bool
}
