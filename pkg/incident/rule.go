package incident

import (
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Rule keeps incidents quiet that match all its patterns, up to a time. In a
// pattern * stands for any text and ? for one character; case counts, as it
// does in IAM. An empty pattern matches anything.
type Rule struct {
	Role     string    // matches the ARN or the name without its path
	Provider string    // matches the ARN or the issuer without https://
	Subject  string    // matches every subject of the incident
	Cause    string    // matches the code of the latest cause
	Until    time.Time // from then on the rule is void
	Why      string    // for those who read a digest; may be empty
}

// Keeps reports whether the rule keeps the incident quiet at that time.
func (r Rule) Keeps(i *Incident, now time.Time) bool {
	return now.Before(r.Until) &&
		matches(r.Role, i.Role, i.Role[strings.LastIndexByte(i.Role, '/')+1:]) &&
		matches(r.Provider, i.Provider, cloudtrail.KeyHost(i.Provider)) &&
		r.covers(i) &&
		matches(r.Cause, latestCause(i))
}

// covers is whether the rule's pattern matches all subjects of the incident. Of
// one with more subjects than are kept it has to match what they have in
// common, so that nobody is silenced who was not meant.
func (r Rule) covers(i *Incident) bool {
	if r.Subject == "" {
		return true
	}
	if len(i.Subjects) == 0 || i.MoreSubjects && !policy.Like(r.Subject, inCommon(i)) {
		return false
	}
	return !slices.ContainsFunc(i.Subjects, func(sub string) bool { return !policy.Like(r.Subject, sub) })
}

// inCommon is a text that only a pattern for all callers of the incident
// matches: its subject with stars for what changes, which are doubled so that a
// question mark takes none of them.
func inCommon(i *Incident) string {
	sub := i.Subjects[0]
	stable := idp.FindFor(cloudtrail.KeyHost(i.Provider), sub).Stable(sub)
	return strings.ReplaceAll(stable, "*", "**")
}

func latestCause(i *Incident) string {
	if len(i.Causes) == 0 {
		return ""
	}
	return string(i.Causes[len(i.Causes)-1].Code)
}

// matches is whether the pattern matches any of the names.
func matches(pattern string, names ...string) bool {
	return pattern == "" || slices.ContainsFunc(names, func(name string) bool { return policy.Like(pattern, name) })
}

// String is the rule in words, without its end: role deploy-*, cause
// subject-mismatch (the cluster moves). It is not escaped.
func (r Rule) String() string {
	var parts []string
	for _, p := range []struct{ name, pattern string }{
		{"role", r.Role}, {"provider", r.Provider}, {"subject", r.Subject}, {"cause", r.Cause},
	} {
		if p.pattern != "" {
			parts = append(parts, p.name+" "+p.pattern)
		}
	}
	text := strings.Join(parts, ", ")
	if r.Why != "" {
		text += " (" + r.Why + ")"
	}
	return text
}
