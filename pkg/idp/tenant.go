package idp

import (
	"slices"
	"strings"
	"time"
)

// githubImmutable is from when on github.com gives repositories that are
// created, renamed or transferred subjects with ids:
// https://docs.github.com/en/actions/reference/security/oidc
var githubImmutable = time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC)

// ImmutableSince is the day after which repositories that are created, renamed
// or transferred have subjects with ids, zero where the provider has none.
func (p *Provider) ImmutableSince() time.Time { return p.immutable }

// TellsOwner reports whether subjects of the provider name a tenant.
func (p *Provider) TellsOwner() bool { return p.tenant != tenantParts{} }

// Workloads reports whether the tokens are those of the workloads of a
// Kubernetes cluster, every pod of which can have one.
func (p *Provider) Workloads() bool {
	return len(p.Subjects) == 1 && p.Subjects[0] == serviceAccountShape[0]
}

// AudienceChosen reports whether a caller can have tokens with any audience,
// as far as that is known. Where not, an audience that belongs to a tenant
// keeps others out.
func (p *Provider) AudienceChosen() bool { return p.audienceAt != "" || len(p.Audiences) == 0 }

// OwnerPatterns returns patterns that together match all subjects of a tenant
// and nobody else's: repo:acme/* and repo:acme@*/*, or with the id alone where
// it is known. It is nil where subjects name no tenant.
func (p *Provider) OwnerPatterns(o Owner) (patterns []string) {
	for _, b := range p.ownerPlaces() {
		switch {
		case b.after != "@":
			patterns = append(patterns, b.before+o.Name+b.after+"*")
		case o.ID != "":
			return []string{b.before + o.Name + "@" + o.ID + "/*"}
		default:
			patterns = append(patterns, b.before+o.Name+"@*/*")
		}
	}
	slices.SortStableFunc(patterns, func(a, b string) int { return strings.Count(a, "@") - strings.Count(b, "@") })
	return patterns
}

// CloseOwner ends the name of the tenant in a pattern that has a star in its
// place or goes on after it: repo:acme* becomes repo:acme/* and repo:acme@*/*.
// It is nil where the pattern begins no name, or no more than what several names
// begin with, as repo:acme-* does.
func (p *Provider) CloseOwner(pattern string) (patterns []string) {
	head, tail, found := strings.Cut(pattern, "*")
	if !found {
		return nil
	}
	for _, place := range p.ownerPlaces() {
		name, ok := strings.CutPrefix(head, place.before)
		if !ok || name == "" || strings.ContainsAny(name, ":/@?") || strings.ContainsAny(name[len(name)-1:], "-_.") {
			continue // what ends in punctuation is the beginning of several names, not one of them
		}
		if closed, ok := place.close(name, tail); ok && !slices.Contains(patterns, closed) {
			patterns = append(patterns, closed)
		}
	}
	slices.SortStableFunc(patterns, func(a, b string) int { return strings.Count(a, "@") - strings.Count(b, "@") })
	return patterns
}

// ownerPlace is where a form of subject has the name of the tenant.
type ownerPlace struct{ before, after string }

// ownerPlaces lists the places that the forms of the provider have, each once.
func (p *Provider) ownerPlaces() (places []ownerPlace) {
	for i := range p.Subjects {
		before, name, _, rest := nextHole(p.Subjects[i].Template)
		after := literalBefore(rest)
		if name == "" || name != p.tenant.name || after == "" {
			continue
		}
		if place := (ownerPlace{before, after[:1]}); !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places
}

// close ends a name before the tail of a pattern.
func (o ownerPlace) close(name, tail string) (string, bool) {
	if o.after == "@" {
		return o.closeWithID(name, tail)
	}
	if !strings.HasPrefix(tail, o.after) {
		tail = o.after + "*" + tail
	}
	return o.before + name + tail, true
}

// closeWithID is close for subjects whose names have ids behind them: the
// repository's as well.
func (o ownerPlace) closeWithID(name, tail string) (string, bool) {
	if !strings.HasPrefix(tail, "/") {
		return o.before + name + "@*/*" + tail, true
	}
	repository, context, found := strings.Cut(tail[1:], ":")
	if !found && !strings.HasSuffix(repository, "*") {
		return "", false
	}
	if found && !strings.HasSuffix(repository, "*") {
		repository += "@*"
	}
	closed := o.before + name + "@*/" + repository
	if found {
		closed += ":" + context
	}
	return closed, true
}
