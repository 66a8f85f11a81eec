package audit

import (
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// choosable are claims whose value a stranger chooses freely in tokens of his
// own: those of the run, not those of the tenant. A reusable workflow may be
// anybody's, and be called by anybody.
var choosable = []string{
	"aud", "ref", "ref_type", "ref_path", "base_ref", "head_ref", "environment", "event_name",
	"workflow", "job_workflow_ref", "job_workflow_sha", "runner_environment",
}

// evil is the name of a tenant that no policy names.
const evil = "intruder"

// strangers yields tokens of tenants that no policy of the account names, which
// the conditions of the grant may admit all the same.
func (g *grant) strangers() iter.Seq[*token] {
	return func(yield func(*token) bool) {
		audiences, claims := g.audiences(), g.chosen()
		if g.builtIn() {
			audiences = []string{"another-application"} // tokens of every application come through it
		}
		for sub := range g.strangeSubjects() {
			for _, aud := range audiences {
				if !yield(g.token(sub, aud, claims)) {
					return
				}
			}
		}
	}
}

// builtIn tells whether the provider is one that needs no IAM OIDC provider, so
// that tokens of every application come through it.
func (g *grant) builtIn() bool { return !strings.HasPrefix(g.principal.Value, "arn:") }

// chosen are further claims as a stranger would set them: what the policy asks
// for where he can choose, his own name elsewhere.
func (g *grant) chosen() map[string]string {
	claims := g.wanted()
	for claim := range claims {
		if !slices.Contains(choosable, claim) {
			claims[claim] = evil
		}
	}
	return claims
}

// strangeSubjects yields subjects of other tenants: those that the patterns of
// the policy match with another name in the place of a wildcard, and ordinary
// ones of the provider under another name.
func (g *grant) strangeSubjects() iter.Seq[string] {
	return func(yield func(string) bool) {
		for v := range g.wantedSubjects() {
			if _, ok := g.idp.OwnerOfPattern(v); ok || !strings.ContainsAny(v, "*?") {
				continue // it names its owner, so that it matches nobody else
			}
			for sub := range g.expansions(v) {
				if g.ofStranger(sub) && !yield(sub) {
					return
				}
			}
		}
		for _, sub := range g.ordinaryStrangers(g.idp) {
			if g.ofStranger(sub) && !yield(sub) {
				return
			}
		}
	}
}

// ofStranger tells whether a subject is one that the provider could write for
// a tenant that no policy names. Where subjects tell no tenant, the audience
// does.
func (g *grant) ofStranger(sub string) bool {
	owner, ok := g.idp.Owner(sub)
	return (ok || g.builtIn()) && !g.owners.named(g.host, owner.Name) && !g.idp.Impossible(sub)
}

// expansions yields what a pattern matches with strange names in the place of
// wildcards.
func (g *grant) expansions(pattern string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, tail := range g.evilTails() {
			for _, inner := range []string{"x", evil, "-" + evil, tail} {
				if !yield(expand(pattern, inner, tail)) {
					return
				}
			}
		}
	}
}

// evilTails are endings of subjects with another tenant's name wherever a name
// may begin.
func (g *grant) evilTails() (list []string) {
	for _, sub := range g.ordinaryStrangers(g.idp) {
		for i := range len(sub) {
			if i == 0 || strings.IndexByte(":/@|", sub[i-1]) >= 0 || strings.IndexByte(":/@|", sub[i]) >= 0 {
				list = append(list, sub[i:], "-"+evil+sub[i:])
			}
		}
	}
	return append(list, "-"+evil, evil)
}

// ordinaryStrangers are the examples of a provider under another tenant's name.
func (a *auditor) ordinaryStrangers(p *idp.Provider) []string {
	if list, ok := a.strange[p]; ok {
		return list
	}
	list := []string{}
	for _, e := range p.Examples {
		own, _ := p.Owner(e.Sub)
		for _, sub := range p.Neighbours(e.Sub) {
			if o, ok := p.Owner(sub); (!ok || o.Name != own.Name) && p.Parse(sub).Shape != nil && strings.Contains(sub, evil) {
				list = append(list, sub)
				break
			}
		}
	}
	a.strange[p] = list
	return list
}

// mostStrangers bounds the tokens that are tried for one grant.
const mostStrangers = 2000

// admittedStranger is a stranger whom a version of the policy admits, nil where
// none was found.
func (g *grant) admittedStranger(doc *policy.Document) *token {
	tried := 0
	for t := range g.strangers() {
		if tried++; tried > mostStrangers {
			return nil
		}
		if policy.Decide(doc, g.request(t)) == policy.Allowed {
			return t
		}
	}
	return nil
}
