package caller

import (
	"context"
	"strings"
)

var bitbucket = &Place{
	ID: "bitbucket", Name: "Bitbucket Pipelines", Looks: "BITBUCKET_BUILD_NUMBER and BITBUCKET_STEP_OIDC_TOKEN",
	RoleAt: "--role, or in AWS_ROLE_ARN",
	Docs:   "https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/",
	is: func(env Environment) bool {
		return len(set(env, "BITBUCKET_BUILD_NUMBER", "BITBUCKET_STEP_OIDC_TOKEN")) > 0
	},
	look: lookBitbucket,
}

func lookBitbucket(_ context.Context, env Environment, _ Wish, e *Evidence) {
	e.roleFrom(env, "AWS_ROLE_ARN", "AWS_OIDC_ROLE_ARN") // the second is that of Atlassian's pipes
	e.Detail = strings.TrimSpace("repository " + env.Get("BITBUCKET_REPO_FULL_NAME"))
	switch raw := env.Get("BITBUCKET_STEP_OIDC_TOKEN"); {
	case e.given():
	case raw == "":
		e.remark(Remark{
			Grade: Fault, Text: "the step has no ID token: BITBUCKET_STEP_OIDC_TOKEN is not set",
			Fix: "set oidc: true on the step, in bitbucket-pipelines.yml", Snippet: "- step:\n    oidc: true",
		})
	default:
		e.found([]byte(raw), "the variable BITBUCKET_STEP_OIDC_TOKEN")
	}
}
