package idp

import "strings"

// Derived is a claim of the token that can be read off its subject.
type Derived struct {
	Name  string // in words, for display
	Value string
	Claim string // the claim, as in the condition key, whose value this fixes; "" where it is for display only
}

// Derived returns what the subject tells of the token's other claims, in the
// order of the subject. Only claims of the provider's own list are given a
// Claim; whether STS offered them at the time is for Offers to say.
func (p *Provider) Derived(sub string) []Derived {
	s := p.Parse(sub)
	out := make([]Derived, 0, len(s.Parts)+2)
	for _, part := range s.Parts {
		out = append(out, Derived{Name: part.Label, Value: unescape(part.Value), Claim: p.claimOfPart(part.Name)})
	}
	if p.tenant.repositoryID != "" {
		out = githubDerived(&s, out)
	}
	return out
}

// claimOfPart returns the claim that has a part's value, "" where none has.
func (p *Provider) claimOfPart(name string) string {
	if claim, ok := p.claimOf[name]; ok {
		return claim
	}
	if p.tenant.repositoryID != "" && (name == "repository" || name == "owner-id" || name == "repository-id" || name == "ref") {
		return "" // githubDerived writes them in full
	}
	claim := strings.ReplaceAll(name, "-", "_")
	for i := range p.Claims {
		if p.Claims[i].Name == claim {
			return claim
		}
	}
	return ""
}

// githubDerived replaces the names by the claims they are parts of.
func githubDerived(s *Subject, out []Derived) []Derived {
	owner, repository := s.Value("owner"), s.Value("repository")
	for i := range out {
		switch s.Parts[i].Name {
		case "owner-id":
			out[i].Claim = "repository_owner_id"
		case "repository-id":
			out[i].Claim = "repository_id"
		case "branch":
			out = append(out, Derived{Name: "ref", Value: "refs/heads/" + out[i].Value, Claim: "ref"})
		case "tag":
			out = append(out, Derived{Name: "ref", Value: "refs/tags/" + out[i].Value, Claim: "ref"})
		case "ref":
			out[i].Claim = "ref"
		case "repository":
			if owner == "" && strings.Contains(repository, "/") {
				out[i].Claim = "repository"
			}
		}
	}
	if owner != "" && repository != "" {
		out = append(out, Derived{Name: "repository in full", Value: owner + "/" + repository, Claim: "repository"})
	}
	return out
}

// unescape undoes the one escape that GitHub writes in subjects.
func unescape(s string) string {
	return strings.ReplaceAll(s, "%3A", ":")
}
