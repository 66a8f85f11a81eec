package idp

import "strings"

// Plain is the form for people to read, with capitals in the place of what
// varies: system:serviceaccount:NAMESPACE:SERVICE-ACCOUNT.
func (sh *Shape) Plain() string {
	var b strings.Builder
	for template := sh.Template; template != ""; {
		literal, name, _, rest := nextHole(template)
		b.WriteString(literal)
		if name != "..." {
			b.WriteString(strings.ToUpper(name))
		}
		template = rest
	}
	return b.String()
}
