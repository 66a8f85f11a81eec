package diagnose

import "strings"

// impossible tells whether no token of the provider can carry a value that a
// condition on sub asks for, so that taking it away shuts nobody out.
func (c *Case) impossible(value string) bool {
	return c.IDP.Impossible(value) || c.otherCapitals(value)
}

// otherCapitals tells whether a value is the subject but for letter case:
// GitHub writes the names of owner and repository in one way only.
func (c *Case) otherCapitals(value string) bool {
	if !strings.HasPrefix(c.Event.Subject, "repo:") {
		return false
	}
	carried, ok := carry(value, c.Event.Subject)
	return ok && carried != value && strings.EqualFold(carried, value)
}

func (c *Case) kubernetes() bool { return strings.HasPrefix(c.Event.Subject, "system:serviceaccount:") }
