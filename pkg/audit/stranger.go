package audit

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// choosable are claims whose value a stranger chooses freely in tokens of his
// own: those of the run, not those of the tenant. A reusable workflow may be
// anybody's, and be called by anybody who can see it.
var choosable = []string{
	"aud", "oaud", "amr", "ref", "ref_type", "ref_path", "ref_protected", "base_ref", "head_ref", "environment", "event_name",
	"workflow", "job_workflow_ref", "job_workflow_sha", "runner_environment", "pipeline_source",
	"pipeline_slug", "cluster_name", "build_branch",
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
		return []string{"another-application"}
	case g.idp.AudienceChosen():
		return g.audiences()
	}
	return slices.DeleteFunc(slices.Clone(g.audiences()), func(aud string) bool {
		return !slices.Contains(g.idp.Audiences, aud)
	})
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
		for v := range g.wantedSubjects() {
			if _, ok := g.idp.OwnerOfPattern(v); ok || !g.idp.TellsOwner() || !strings.ContainsAny(v, "*?") {
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
// does, or nothing.
func (g *grant) ofStranger(sub string) bool {
	owner, ok := g.idp.Owner(sub)
	known := ok && g.owners.named(g.host, owner.Name)
	return !known && (ok || !g.idp.TellsOwner()) && !g.idp.Impossible(sub)
}

// expansions yields what a pattern matches with a strange name in the place of
// its stars, the last of which takes in further parts of a subject.
func (g *grant) expansions(pattern string) iter.Seq[string] {
	return func(yield func(string) bool) {
		pieces := g.strangePieces(g.idp)
		if strings.HasSuffix(pattern, "*") {
			pieces = g.strangeEndings(g.idp)
		}
		for _, piece := range pieces {
			if !yield(strange(pattern, piece)) {
				return
			}
		}
	}
}

// strange writes a name for every star, and for the last one the piece of a
// subject, after a name where it begins with the end of one. A name that goes
// on after letters has a dash first.
func strange(pattern, piece string) string {
	var b strings.Builder
	last := strings.LastIndexByte(pattern, '*')
	for i := range len(pattern) {
		fresh := i == 0 || strings.IndexByte(separators, pattern[i-1]) >= 0
		switch {
		case pattern[i] == '?':
			b.WriteByte('x')
		case pattern[i] != '*':
			b.WriteByte(pattern[i])
		case i == last && piece != "" && strings.IndexByte(separators, piece[0]) < 0 && (fresh || !strings.HasPrefix(piece, evil)):
			b.WriteString(piece)
		default:
			if !fresh {
				b.WriteByte('-')
			}
			b.WriteString(evil)
			if i == last {
				b.WriteString(strings.TrimPrefix(piece, evil))
			}
		}
	}
	return b.String()
}

// strangeEndings are what ordinary strangers' subjects end with, from every place
// where a part begins: subject by subject, the shortest first.
func (a *auditor) strangeEndings(p *idp.Provider) (list []string) {
	for _, sub := range a.ordinaryStrangers(p) {
		for i := len(sub) - 1; i >= 0; i-- {
			if begins(sub, i) {
				list = append(list, sub[i:])
			}
		}
	}
	return append(list, "")
}

// strangePieces are what lies between any two boundaries of ordinary strangers'
// subjects, the shortest first.
func (a *auditor) strangePieces(p *idp.Provider) []string {
	if list, ok := a.pieces[p]; ok {
		return list
	}
	list := []string{""}
	for _, sub := range a.ordinaryStrangers(p) {
		for i := range len(sub) {
			for j := i + 1; begins(sub, i) && j <= len(sub); j++ {
				if j == len(sub) || begins(sub, j) {
					list = append(list, sub[i:j])
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	a.pieces[p] = slices.Compact(list)
	return a.pieces[p]
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
			formed := p.Parse(sub).Shape != nil || len(p.Subjects) == 0
			if o, ok := p.Owner(sub); (!ok || o.Name != own.Name) && formed && strings.Contains(sub, evil) {
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
