// Package idp holds what is known of each identity provider: how its issuer
// is written, what it puts into sub and aud, which condition keys STS offers
// for it and since when, and what people get wrong.
//
// The knowledge is data in one file per provider, with examples that the
// tests run; what can be said about a subject is computed from that data. All
// of it is as of November 2026.
package idp

import (
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Provider is what is known of one kind of identity provider.
type Provider struct {
	ID        string        // short, stable: github, eks, gitlab …
	Name      string        // as people call it
	Issuer    string        // how its issuer is written, with <…> for what varies
	Open      policy.Result // Yes: anybody can get tokens of this issuer; No: one's own; Unknown: it depends
	Audiences []string      // usual audiences, with <…> for what varies; the usual one for AWS first
	Claims    []Claim       // condition keys that STS offers, beside those of every OIDC provider
	Without   []string      // claims of every OIDC provider that tokens of this one never carry
	NotKeys   []string      // claims of its tokens that AWS documents by omission not to be condition keys
	Complete  bool          // the claims above are all there are: any other is not offered
	Subjects  []Shape       // forms of sub, the most specific first
	Docs      string        // vendor page
	Examples  []Example

	hosts      []hostPattern
	guess      bool // the hosts merely suggest the product: a subject of another's form outweighs them
	tenant     tenantParts
	claimOf    map[string]string                    // part name → claim whose value the part is, where the names differ
	changing   []string                             // parts that change from run to run without meaning another caller
	generated  map[string]string                    // parts that are made anew: what is so of them, for example is new in every build
	details    []string                             // parts that are mere details of a run, for Keep: opening them lets nobody else in
	begins     string                               // what every subject begins with, "" where that varies
	closed     bool                                 // every subject has one of the forms in Subjects
	rulesOut   func(p *Provider, value string) bool // further values that no token carries, for Impossible
	audienceAt string                               // where the caller says which audience it wants, for AudienceFix
	roleAt     string                               // where the caller names the role, for RoleAt
	otherNames map[string]string                    // claims that are sub or aud under another name
	immutable  time.Time                            // since when its subjects carry ids of owner and repository, zero: never, for ImmutableSince
	publicCA   bool                                 // its certificate is of an authority that IAM trusts, though tokens are not for everybody
	compare    func(c *comparison)
	approach   func(n *neighbourhood, s Subject) // adds neighbours beyond those of each part
}

// Claim is a claim that STS offers as a condition key.
type Claim struct {
	Name  string
	Since time.Time // zero: always
	Multi bool      // multivalued: needs a set operator
}

// Example is a token of the provider as it was seen or is documented, with
// the parts that Parse finds in its subject.
type Example struct {
	Host  string // key host: the issuer without https://
	Sub   string
	Aud   string
	Parts []string // "name=value", in order
}

// Find returns what is known of the provider with this key host: the issuer
// without https://, with path and trailing slash. It never returns nil; for a
// host it does not know it returns the provider with ID "unknown".
func Find(host string) *Provider {
	name, path := cutHost(host)
	for _, p := range Providers {
		for i := range p.hosts {
			if p.hosts[i].matches(name, path) {
				return p
			}
		}
	}
	return unknown
}

// FindFor is Find for hosts that do not tell the product by themselves, as
// with every self-hosted one: where Find knows nothing it goes by the form of
// the subject.
func FindFor(host, sub string) *Provider {
	p := Find(host)
	if p != unknown && !p.guess {
		return p
	}
	if other := findBySubject(sub); other != unknown && p.FormOf(sub) == nil {
		return other
	}
	return p
}

// findBySubject goes by the words a subject begins with.
func findBySubject(sub string) *Provider {
	switch {
	case strings.HasPrefix(sub, "system:serviceaccount"):
		return kubernetes
	case strings.HasPrefix(sub, "project_path:"):
		return gitlabSelfManaged
	case strings.HasPrefix(sub, "repo:"):
		return githubLike
	case strings.HasPrefix(sub, "sc://"):
		return azureDevOps
	case strings.HasPrefix(sub, "organization:") && strings.Contains(sub, ":run_phase:"):
		return terraformEnterprise
	case strings.HasPrefix(sub, "organization:") && strings.Contains(sub, ":workspace:"):
		return terrakube
	case strings.Count(sub, "::") >= 3:
		return windmill
	}
	return unknown
}
