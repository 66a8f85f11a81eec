// Package audit reads trust policies before anything fails: statements that
// cannot work, roles that strangers can enter, what is about to break, and
// what is left over.
package audit

import (
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Schema names the form of the JSON result, described by docs/audit.schema.json.
const Schema = "rolewhy.audit/1"

// Kind groups the rules.
type Kind string

const (
	CannotWork   Kind = "cannot-work"    // no token of the provider can satisfy it
	TooOpen      Kind = "too-open"       // somebody who has no business there can enter
	AboutToBreak Kind = "about-to-break" // it works, and an announced change will end that
	LeftOver     Kind = "left-over"      // it names a provider that is gone
)

// Result is the outcome of an audit.
type Result struct {
	Schema    string       `json:"schema"`
	Account   string       `json:"account,omitempty"` // id, empty where it is not known
	Roles     int          `json:"roles"`             // that trust an OIDC provider
	Providers int          `json:"providers"`         // IAM OIDC providers of the account
	Findings  []Finding    `json:"findings"`          // by kind, then by role; what is left over by provider first
	Gaps      []report.Gap `json:"gaps"`              // what could not be looked at
}

// Finding is one fault of one role.
type Finding struct {
	Kind      Kind             `json:"kind"`
	Code      report.Code      `json:"code"` // of the rule; docs/audit.md explains each
	Certainty report.Certainty `json:"certainty"`
	Role      string           `json:"role"`               // ARN, or where the role is in a template
	Source    string           `json:"source,omitempty"`   // file, where it is not an account
	Provider  string           `json:"provider,omitempty"` // ARN, or host of a built-in one
	Message   string           `json:"message"`            // lower case, no full stop, stands alone, no remedy
	Where     *report.Where    `json:"where,omitempty"`
	Policy    string           `json:"policy,omitempty"` // the trust policy, as it was written
	Notes     []string         `json:"notes,omitempty"`
	// Cause is that of a denied call, of kind cannot-work alone; docs/causes.md
	// explains each. It is empty where none fits.
	Cause report.Code `json:"cause,omitempty"`
	// Example is a token as the provider would issue it, the nearest to what the
	// policy asks for; of kind cannot-work alone. Nobody has called with it.
	Example *Identity `json:"example,omitempty"`
	// Admitted is somebody who can enter, found by evaluation; of kind too-open
	// alone.
	Admitted *Identity    `json:"admitted,omitempty"`
	Fixes    []report.Fix `json:"fixes"` // proved, the best first
	Docs     string       `json:"docs,omitempty"`
}

// Identity is an example of a caller.
type Identity struct {
	Provider string        `json:"provider"`
	Subject  string        `json:"subject"`
	Audience string        `json:"audience"`
	Claims   []report.Pair `json:"claims,omitempty"` // further condition keys with their values: claims, and what the caller sets by its full name
	Who      string        `json:"who"`              // in words
}
