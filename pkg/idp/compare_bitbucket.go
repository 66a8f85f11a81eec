package idp

import "strings"

// compareBitbucket looks for the braces around the ids, which belong to the
// subject and which people take for place holders.
func compareBitbucket(c *comparison) {
	bare := strings.NewReplacer("{", "", "}", "").Replace
	want, got := c.want, bare(c.got)
	switch {
	case want != bare(want) || c.got == got:
		c.byParts()
	case c.satisfied(want, got):
		c.addf(KindBracesMissing, "the ids in %s stand without the braces that the subject has", Quote(want))
	default:
		c.addf(KindBracesMissing, "the ids in %s stand without the braces that the subject has", Quote(want))
		c.byParts()
	}
}
