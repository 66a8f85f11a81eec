package audit

import (
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// choosable are claims whose value a stranger chooses freely in tokens of his
// own: those of the run, not those of the tenant. A reusable workflow may be
// anybody's, and be called by anybody who can see it. Who comments on an issue, or
// stars a repository, is the actor of the run that this starts there:
// https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
var choosable = []string{
	"aud", "oaud", "amr", "ref", "ref_type", "ref_path", "ref_protected", "base_ref", "head_ref", "environment", "event_name",
	"workflow", "job_workflow_ref", "job_workflow_sha", "runner_environment", "pipeline_source",
	"pipeline_slug", "cluster_name", "build_branch", "actor", "actor_id",
}

// evil is the name of a tenant that no policy names.
const evil = "intruder"

// strangers yields tokens of tenants that no policy of the account names, which
// the conditions of the grant may admit all the same.
func (g *grant) strangers() iter.Seq[*token] {
	return func(yield func(*token) bool) {
		audiences, claims := g.strangeAudiences(), g.strangeClaims()
		for sub := range g.strangeSubjects() {
			for _, aud := range audiences {
				if !yield(g.token(sub, aud, claims)) {
					return
				}
			}
		}
	}
}

// open tells whether people whom one does not know get tokens of the issuer.
func (g *grant) open() bool { return g.idp.Open == policy.Yes || g.builtIn() }

// builtIn tells whether the provider is one that needs no IAM OIDC provider, so
// that tokens of every application come through it.
func (g *grant) builtIn() bool { return !strings.HasPrefix(g.principal.Value, "arn:") }

// strangeAudiences are the audiences that a stranger's token can have. Where
// the provider gives every tenant an audience of its own, it is what keeps
// others out, as STS lets no other pass than those of the IAM OIDC provider.
func (g *grant) strangeAudiences() []string {
	switch {
	case g.builtIn():
		return append([]string{"another-application"}, g.likeAudiences()...)
	case g.idp.AudienceChosen():
		return g.audiences()
	}
	return slices.DeleteFunc(slices.Clone(g.audiences()), func(aud string) bool {
		return !slices.Contains(g.idp.Audiences, aud)
	})
}

// likeAudiences are those of other applications that the patterns of the policy
// match.
func (g *grant) likeAudiences() (list []string) {
	for _, v := range g.wantedAudiences() {
		if strings.ContainsAny(v, "*?") {
			list = append(list, strange(v, ""))
		}
	}
	return list
}

// strangeClaims are further claims as a stranger would set them: what the policy
// asks for where he can choose, his own name elsewhere.
func (g *grant) strangeClaims() map[string]string {
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
		for _, v := range slices.Concat(slices.Collect(g.wantedSubjects()), g.joinedSubjects()) {
			if _, ok := g.idp.OwnerOfPattern(v); ok || !g.idp.TellsOwner() || !strings.ContainsAny(v, "*?") {
				continue // it names its owner, so that it matches nobody else
			}
			for sub := range g.expansions(v) {
				if g.ofStranger(sub) && !yield(sub) {
					return
				}
			}
		}
		for _, sub := range g.ordinary() {
			if !yield(sub) {
				return
			}
		}
		for sub := range g.claiming() {
			if g.ofStranger(sub) && !yield(sub) {
				return
			}
		}
	}
}

// ofStranger tells whether a subject is one that the provider could write for
// a tenant that no policy names. Where subjects tell no tenant, the audience
// does, or nothing.
func (g *grant) ofStranger(sub string) bool {
	owner, ok := g.idp.Owner(sub)
	if len(g.idp.Subjects) > 0 && g.idp.FormOf(sub) == nil {
		return false
	}
	known := ok && g.owners.named(g.host, owner.Name)
	return !known && (ok || !g.idp.TellsOwner()) && !g.idp.Impossible(sub)
}

// mostStrangers bounds the tokens that are tried for one grant.
const mostStrangers = 2000

// admittedStranger is a stranger whom the statement admits and nothing else
// refuses, nil where none was found.
func (g *grant) admittedStranger() *token {
	tried := 0
	for t := range g.strangers() {
		if tried++; tried > mostStrangers {
			return nil
		}
		if g.admits(t) {
			return t
		}
	}
	return nil
}

// admits tells whether the policy admits a token for sure, and the grant's own
// statement does.
func (g *grant) admits(t *token) bool {
	if policy.Decide(g.doc, g.request(t)) != policy.Allowed {
		return false
	}
	s, _ := g.put(t)
	return s.Result == policy.Yes
}
