package idp

import (
	"slices"
	"strings"
)

// Stable returns the subject with a star for what changes without making it
// another caller: branch, tag, pull request, run, commit, step, and endings
// that a machine made. Two subjects with the same Stable are one caller for
// the purpose of a fingerprint.
func (p *Provider) Stable(sub string) string {
	s := p.Parse(sub)
	return replaceParts(&s, func(part Part) (string, bool) {
		switch {
		case slices.Contains(p.changing, part.Name), p.isGenerated(part.Name):
			return "*", true
		case part.Name == "job-workflow-ref" || part.Name == "workflow-ref":
			file, _, ok := strings.Cut(part.Value, "@")
			return file + "@*", ok
		}
		return withoutTail(part)
	}, p.refStart)
}

// Pattern returns the narrowest pattern that a subject still matches after
// what machines make of it was made anew: the ending of a service account, a
// commit, a step, a machine, the number of a pull request, a version. why says
// in a clause which part that is. ok is false where nothing of the subject is
// made by a machine.
func (p *Provider) Pattern(sub string) (pattern, why string, ok bool) {
	if strings.ContainsAny(sub, "*?") {
		return "", "", false // its own stars would become wildcards
	}
	s := p.Parse(sub)
	pattern = replaceParts(&s, func(part Part) (string, bool) {
		value, reason, ok := p.patternOf(part)
		if ok && why == "" {
			why = reason
		}
		return value, ok
	}, nil)
	return pattern, why, pattern != sub
}

// patternOf is the pattern for one part, and why it needs one.
func (p *Provider) patternOf(part Part) (pattern, why string, ok bool) {
	switch {
	case p.isGenerated(part.Name):
		return "*", "the " + part.Label + " " + p.generated[part.Name], part.Value != ""
	case part.Name == "tag":
		pattern, ok = versionPattern(part.Value)
		return pattern, "the tag is new in every release", ok
	case part.Name == "ref", part.Name == "job-workflow-ref":
		pattern, ok = pullPattern(part.Value)
		return pattern, "the number is that of one pull request", ok
	}
	pattern, ok = withoutTail(part)
	return pattern, "the ending of the " + part.Label + "'s name is made anew", ok
}

// isGenerated reports whether a part is made anew, in every run or so.
func (p *Provider) isGenerated(part string) bool {
	_, ok := p.generated[part]
	return ok
}

// withoutTail cuts the generated ending of a service account. Only there a
// machine makes names; of other names a number may be the meaning.
func withoutTail(part Part) (string, bool) {
	if part.Name != "service-account" {
		return "", false
	}
	stem, tail := GeneratedTail(part.Value)
	if tail == "" {
		return "", false
	}
	return stem + tail[:1] + "*", true
}

// versionPattern makes a pattern of a version tag: v* of v1.2.3.
func versionPattern(tag string) (string, bool) {
	i := strings.IndexAny(tag, "0123456789")
	if i < 0 || strings.Count(tag[i:], ".") < 1 || len(tag) > i+1 && !isVersion(tag[i:]) {
		return "", false
	}
	return tag[:i] + "*", true
}

func isVersion(s string) bool {
	for _, word := range strings.SplitN(s, ".", 3)[:2] {
		if word == "" || strings.Trim(word, "0123456789") != "" {
			return false
		}
	}
	return true
}

// pullPattern frees the number in refs/pull/NUMBER/merge.
func pullPattern(ref string) (string, bool) {
	before, after, ok := strings.Cut(ref, "refs/pull/")
	number, rest, slash := strings.Cut(after, "/")
	if !ok || !slash || number == "" || strings.Trim(number, "0123456789") != "" {
		return "", false
	}
	return before + "refs/pull/*/" + rest, true
}

// replaceParts writes the subject with other values for the parts that
// replace wants changed. start, if not nil, may move the beginning of what is
// replaced to the left.
func replaceParts(s *Subject, replace func(Part) (string, bool), start func(*Subject, Part) int) string {
	var b strings.Builder
	at := 0
	for _, part := range s.Parts {
		value, ok := replace(part)
		if !ok {
			continue
		}
		from := part.Start
		if start != nil {
			from = start(s, part)
		}
		b.WriteString(s.Text[at:max(at, from)])
		b.WriteString(value)
		at = part.End
	}
	b.WriteString(s.Text[at:])
	return b.String()
}

// refStart moves the beginning of a ref to before its ref:refs/heads/, so that
// branches, tags and pull requests of a repository are the same.
func (p *Provider) refStart(s *Subject, part Part) int {
	head := strings.TrimSuffix(strings.TrimSuffix(s.Text[:part.Start], "refs/heads/"), "refs/tags/")
	if p.tenant.repositoryID != "" && (part.Name == "branch" || part.Name == "tag" || part.Name == "ref") {
		head = strings.TrimSuffix(head, "ref:")
	}
	return len(head)
}
