package idp

import "strings"

// Owner is what tells one tenant of an issuer from another, as far as the
// subject says. A name can pass to somebody else; an id cannot.
type Owner struct {
	Name         string // organization, user, top group, team …
	ID           string // "" where the subject carries none
	Repository   string // repository, project, workspace or pipeline; "" where a pattern leaves it open
	RepositoryID string
}

// tenantParts names the parts of a subject that make up its Owner; all empty
// where the subject names no tenant.
type tenantParts struct {
	name, id, repository, repositoryID string
	top                                bool // of the owner the first segment alone counts, as with nested groups
}

// RepositoryWord is what Owner.Repository is called: repository, project,
// workspace, pipeline and so on, "" where the owner is all there is.
func (p *Provider) RepositoryWord() string { return label(p.tenant.repository) }

// Owner returns the tenant that a subject belongs to. ok is false where the
// subject names none, as with service accounts of a cluster.
func (p *Provider) Owner(sub string) (owner Owner, ok bool) {
	s := p.Parse(sub)
	t := p.tenant
	owner = Owner{Name: s.Value(t.name), ID: s.Value(t.id), Repository: s.Value(t.repository), RepositoryID: s.Value(t.repositoryID)}
	if t.top {
		top, rest, nested := strings.Cut(owner.Name, "/")
		if nested {
			owner.Repository = rest + "/" + owner.Repository
		}
		owner.Name = top
	}
	if owner.Name == "" && t.repositoryID != "" {
		owner = ownerByClaims(&s)
	}
	return owner, t != tenantParts{} && (owner.Name != "" || owner.ID != "")
}

// ownerByClaims reads the owner of a customised GitHub subject. The workflow in
// job_workflow_ref tells nothing of it: a public reusable workflow may be
// called by anybody.
func ownerByClaims(s *Subject) Owner {
	owner := Owner{Name: s.Value("repository-owner"), ID: s.Value("repository-owner-id"), RepositoryID: s.Value("repository-id")}
	if name, repository, ok := strings.Cut(s.Value("repository"), "/"); ok && owner.Name == "" {
		owner.Name, owner.Repository = name, repository
	}
	return owner
}

// OwnerOfPattern returns the tenant that a value of a trust policy names,
// where the value may be a pattern. ok is false unless the owner is named
// literally: repo:acme/* names acme, repo:acme*/x nobody. Repository and ids
// are filled where they are literal.
func (p *Provider) OwnerOfPattern(pattern string) (owner Owner, ok bool) {
	if p.tenant.repositoryID != "" {
		owner = githubOwnerOfPattern(pattern)
	} else {
		owner = p.leadingOwner(pattern)
	}
	owner.ID, owner.Repository, owner.RepositoryID = literalOnly(owner.ID), literalOnly(owner.Repository), literalOnly(owner.RepositoryID)
	if literalOnly(owner.Name) == "" {
		return Owner{}, false
	}
	return owner, true
}

func literalOnly(s string) string {
	if strings.ContainsAny(s, "*?") {
		return ""
	}
	return s
}

func githubOwnerOfPattern(pattern string) Owner {
	g, ok := splitGitHub(pattern)
	names, _, _ := strings.Cut(strings.TrimPrefix(pattern, "repo:"), ":")
	if ok && strings.Contains(names, "/") {
		return Owner{Name: g.owner, ID: g.ownerID, Repository: g.repository, RepositoryID: g.repositoryID}
	}
	if owner, _, at := strings.Cut(names, "@"); at && strings.HasPrefix(pattern, "repo:") && owner != "" {
		return Owner{Name: owner} // no name has the character that stands before the id
	}
	name, found := strings.CutPrefix(pattern, "repository_owner:")
	if value, _, more := strings.Cut(name, ":"); found && (more || literal(value)) {
		return Owner{Name: value}
	}
	return Owner{}
}

// leadingOwner reads the owner off the beginning of a pattern, as far as the
// forms of the provider reach before the first wildcard.
func (p *Provider) leadingOwner(pattern string) (owner Owner) {
	if p.tenant.name == "" {
		return Owner{}
	}
	for i := range p.Subjects {
		parts, _ := p.Subjects[i].match(pattern, nil)
		s := Subject{Parts: parts}
		name, ok := s.Part(p.tenant.name)
		if !ok {
			continue
		}
		owner = Owner{Name: name.Value, ID: s.Value(p.tenant.id), Repository: s.Value(p.tenant.repository)}
		if p.tenant.top {
			owner.Name, _, _ = strings.Cut(pattern[name.Start:], "/")
		}
		break
	}
	if owner.Name == "" && p.tenant.top {
		owner.Name = topOfPath(pattern)
	}
	return owner
}

// topOfPath reads the first segment of project_path:GROUP/… in a pattern that
// goes no further.
func topOfPath(pattern string) string {
	rest, ok := strings.CutPrefix(pattern, "project_path:")
	top, _, slash := strings.Cut(rest, "/")
	if !ok || !slash {
		return ""
	}
	return top
}
