package diagnose

import "strings"

// impossible tells whether no token of the provider can carry a value that a
// condition on sub asks for, so that taking it away shuts nobody out. It is
// said only of forms that the provider's documentation rules out.
func (c *Case) impossible(value string) bool {
	switch id := c.IDP.ID; {
	case c.kubernetes():
		return c.noSubject(value, "system:serviceaccount:")
	case strings.HasPrefix(c.Event.Subject, "repo:"):
		return c.noSubject(value, "repo:") || c.otherCapitals(value)
	case strings.HasPrefix(id, "gitlab"):
		return strings.Contains(value, ":ref_type:mr:") // the ref types are branch and tag
	}
	return false
}

func (c *Case) kubernetes() bool { return strings.HasPrefix(c.Event.Subject, "system:serviceaccount:") }

// noSubject tells whether a value is none of the forms of subject of a
// provider whose subjects all begin alike.
func (c *Case) noSubject(value, prefix string) bool {
	if i := strings.IndexAny(value, "*?"); i >= 0 {
		fixed := value[:i]
		return !strings.HasPrefix(fixed, prefix) && !strings.HasPrefix(prefix, fixed)
	}
	return strings.HasPrefix(c.Event.Subject, prefix) && c.IDP.Parse(value).Shape == nil
}

// otherCapitals tells whether a value is the subject but for letter case:
// GitHub writes the names of owner and repository in one way only.
func (c *Case) otherCapitals(value string) bool {
	carried, ok := carry(value, c.Event.Subject)
	return ok && carried != value && strings.EqualFold(carried, value)
}
