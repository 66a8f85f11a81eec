package idp

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Keep rewrites value, a pattern of a policy, so that it matches sub: the
// author's wildcards stay where one stands for a whole part that is a mere
// detail of the run, or for all parts at the end where those are such details;
// all else becomes what sub has. ok is false where no wildcard can be kept.
//
// Details are the parts that a provider's literal lists as such. None of them
// names an owner, a repository, a project, a namespace, an environment or a
// branch. GitHub's tags are details for an author who let in every branch of
// the same repository.
func (p *Provider) Keep(value, sub string) (kept string, ok bool) {
	if len(p.details) == 0 || !strings.Contains(value, "*") || strings.ContainsAny(sub, "*?$") {
		return "", false
	}
	s := p.Parse(sub)
	if s.Shape == nil {
		return "", false
	}
	if kept, ok = p.keepTail(value, &s); !ok {
		kept, ok = p.keepParts(value, &s)
	}
	return kept, ok && policy.Like(kept, sub)
}

// keepParts keeps the wildcards that stand for one part.
func (p *Provider) keepParts(value string, s *Subject) (kept string, ok bool) {
	v := p.Parse(value)
	if v.Shape == nil {
		return "", false
	}
	kept = replaceParts(s, func(part Part) (string, bool) {
		keep := slices.Contains(p.details, part.Name) && openPart(&v, part.Name) && sameRepository(&v, s)
		ok = ok || keep
		return "*", keep
	}, nil)
	return kept, ok
}

// openPart reports whether a part is a star in the value, as a tag is where
// every branch is let in.
func openPart(v *Subject, name string) bool {
	return v.Value(name) == "*" || name == "tag" && v.Value("branch") == "*"
}

// sameRepository reports whether a value and a subject of GitHub's form name
// one repository, without regard to capitals and ids. It is true of all
// others.
func sameRepository(v, s *Subject) bool {
	repository, ok := s.Part("repository")
	return !ok || s.Value("owner") == "" || policy.LikeFold(v.Value("owner"), s.Value("owner")) &&
		policy.LikeFold(v.Value("repository"), repository.Value)
}

// keepTail keeps a star that ends the value behind a separator and stands for
// two or more parts, or for one with its name.
func (p *Provider) keepTail(value string, s *Subject) (kept string, ok bool) {
	head, ok := strings.CutSuffix(value, "*")
	parts, _ := s.Shape.match(head, nil)
	n := len(parts)
	if !ok || n == 0 || n >= len(s.Parts) || strings.Contains(head, "*") {
		return "", false
	}
	separator := head[parts[n-1].End:]
	between := s.Text[s.Parts[n-1].End:s.Parts[n].Start]
	if separator == "" || separator == between && n == len(s.Parts)-1 || !strings.HasPrefix(between, separator) {
		return "", false
	}
	for _, part := range s.Parts[n:] {
		if !slices.Contains(p.details, part.Name) || part.Name == "tag" {
			return "", false
		}
	}
	return s.Text[:s.Parts[n-1].End] + separator + "*", true
}

// RunDetail reports whether two subjects differ in details of the run alone,
// as Keep has them.
func (p *Provider) RunDetail(sub, other string) bool {
	s, o := p.Parse(sub), p.Parse(other)
	if sub == other || s.Shape == nil || s.Shape != o.Shape || len(s.Parts) != len(o.Parts) {
		return false
	}
	for i, part := range s.Parts {
		if part.Name != o.Parts[i].Name || part.Value != o.Parts[i].Value && !slices.Contains(p.details, part.Name) {
			return false
		}
	}
	return true
}
