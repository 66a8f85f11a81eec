package idp

import (
	"slices"
	"strings"
)

// Impossible reports whether no token of the provider can carry a subject that
// satisfies value, so that taking the value out of a policy shuts nobody out.
// Wildcards in value count as such. It is said only where the provider's
// documentation leaves no doubt: subjects that can be customised in any way,
// and values with policy variables, are never called impossible.
func (p *Provider) Impossible(value string) bool {
	if strings.Contains(value, "${") {
		return false
	}
	if !compatible(fixedText(value), value, p.begins) {
		return true
	}
	return p.closed && !p.hasForm(value) || p.rulesOut != nil && p.rulesOut(p, value)
}

// fixedText is what a pattern has before its first wildcard.
func fixedText(pattern string) string {
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		return pattern[:i]
	}
	return pattern
}

// compatible reports whether a text that begins with fixed, or is fixed where
// value has no wildcard, can begin with begin.
func compatible(fixed, value, begin string) bool {
	return strings.HasPrefix(fixed, begin) || fixed != value && strings.HasPrefix(begin, fixed)
}

// hasForm reports whether some text that satisfies value has one of the forms
// of the provider's subjects.
func (p *Provider) hasForm(value string) bool {
	return slices.ContainsFunc(p.Subjects, func(sh Shape) bool {
		if !strings.ContainsAny(value, "*?") {
			_, ok := sh.match(value, nil)
			return ok
		}
		return len(value) > maxForm || intersects(value, sh.glob())
	})
}

// maxForm bounds the patterns that are compared with forms; longer ones are
// taken to have one.
const maxForm = 2048

// glob is the form as a pattern for intersects, which takes more than the form
// does: holes may be empty and have slashes.
func (sh *Shape) glob() string {
	var b strings.Builder
	for template := sh.Template; template != ""; {
		literal, name, kind, rest := nextHole(template)
		b.WriteString(literal)
		switch {
		case name == "...", kind == anyHole:
			b.WriteByte('*')
		case name != "":
			b.WriteByte(segmentStar)
		}
		template = rest
	}
	return b.String()
}

// rulesOutServiceAccount knows what names of namespaces and service accounts
// are made of (RFC 1123, and
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
func rulesOutServiceAccount(_ *Provider, value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("-.:*?", r))
	})
}

// rulesOutGitLab: a type of ref is branch or tag, also for merge requests.
func rulesOutGitLab(_ *Provider, value string) bool {
	_, rest, ok := strings.Cut(value, ":ref_type:")
	refType, _, _ := strings.Cut(rest, ":")
	fixed := fixedText(refType)
	if fixed == refType {
		return ok && refType != "branch" && refType != "tag"
	}
	return ok && !strings.HasPrefix("branch", fixed) && !strings.HasPrefix("tag", fixed)
}

// rulesOutTerraform: a workspace is always followed by the phase of the run.
func rulesOutTerraform(p *Provider, value string) bool {
	return strings.Contains(value, ":workspace:") && !p.hasForm(value)
}

// rulesOutBuildkite: --subject-claim puts a single value in the place of the
// subject, so that only what has the colons of the usual one can be judged.
func rulesOutBuildkite(p *Provider, value string) bool {
	return strings.HasPrefix(value, "organization:") && !p.hasForm(value)
}

// rulesOutBitbucket: ids stand in braces.
func rulesOutBitbucket(_ *Provider, value string) bool {
	return value != "" && !strings.ContainsAny(value[:1], "{*?")
}
