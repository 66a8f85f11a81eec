package diagnose

var sessionTagsNotAllowed = &Check{
	Code:  "session-tags-not-allowed",
	Title: "The token carries session tags and sts:TagSession is not allowed",
	Doc: `A token with the claim https://aws.amazon.com/tags sets session tags. Then the trust policy must allow sts:TagSession as well,
for the same principal, or the whole call is denied. Identity providers switch such tags on with an upgrade (Terrakube, Buildkite).

What to do: add sts:TagSession to the actions of the statement.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html",
	Errors: []string{accessDenied},
	Run: func(c *Case) []Finding {
		if !c.call.tagged() {
			return nil
		}
		return c.companionAction(actionTag, "session tags")
	},
}
