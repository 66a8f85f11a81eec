package diagnose

var sourceIdentityNotAllowed = &Check{
	Code:  "source-identity-not-allowed",
	Title: "The token sets a source identity and sts:SetSourceIdentity is not allowed",
	Doc: `A token with the claim https://aws.amazon.com/source_identity sets a source identity. Then the trust policy must allow
sts:SetSourceIdentity as well, for the same principal, or the whole call is denied.

What to do: add sts:SetSourceIdentity to the actions of the statement.`,
	URL:    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
	Errors: []string{accessDenied},
	Run: func(c *Case) []Finding {
		if c.call.sourceIdentity() == "" {
			return nil
		}
		return c.companionAction(actionSetSource, "a source identity")
	},
}
