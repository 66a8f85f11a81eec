package diagnose

import "strings"

// impossible tells whether no token of the provider can carry a value that a
// condition on sub asks for, so that taking it away shuts nobody out.
func (c *Case) impossible(value string) bool {
	return c.IDP.Impossible(value) || c.otherCapitals(value)
}

// otherCapitals tells whether a value is the subject but for letter case in
// the names of owner and repository, which GitHub writes in one way only.
// Branches, tags and environments that differ in case are different ones.
func (c *Case) otherCapitals(value string) bool {
	names, rest, ok := strings.Cut(strings.TrimPrefix(value, "repo:"), ":")
	if !ok || !strings.HasPrefix(c.Event.Subject, "repo:") || strings.ContainsAny(names, "*?") {
		return false
	}
	carried, ok := carry(value, c.Event.Subject)
	return ok && carried != value && strings.EqualFold(carried, value) && strings.HasSuffix(carried, ":"+rest)
}

func (c *Case) kubernetes() bool { return strings.HasPrefix(c.Event.Subject, "system:serviceaccount:") }
