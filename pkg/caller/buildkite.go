package caller

import (
	"cmp"
	"context"
	"strings"
)

var buildkite = &Place{
	ID: "buildkite", Name: "Buildkite", Looks: "BUILDKITE, and the program buildkite-agent",
	RoleAt: "--role, or in AWS_ROLE_ARN",
	Docs:   "https://buildkite.com/docs/agent/cli/reference/oidc",
	is:     func(env Environment) bool { return env.Get("BUILDKITE") == "true" },
	look:   lookBuildkite,
}

// buildkitePlugin is what the plugin that logs in to AWS has its settings
// begin with.
// https://github.com/buildkite-plugins/aws-assume-role-with-web-identity-buildkite-plugin
const buildkitePlugin = "BUILDKITE_PLUGIN_AWS_ASSUME_ROLE_WITH_WEB_IDENTITY_"

func lookBuildkite(ctx context.Context, env Environment, w Wish, e *Evidence) {
	e.roleFrom(env, buildkitePlugin+"ROLE_ARN", "AWS_ROLE_ARN")
	e.Session = cmp.Or(env.Get(buildkitePlugin+"ROLE_SESSION_NAME"), e.Session)
	if id := env.Get("BUILDKITE_JOB_ID"); e.Session == "" && id != "" {
		e.Session = "buildkite-job-" + id // as the plugin names it
	}
	e.Detail = strings.TrimSpace("pipeline " + env.Get("BUILDKITE_PIPELINE_SLUG"))
	if e.given() {
		return
	}
	audience := cmp.Or(w.Audience, actionAudience)
	raw, err := env.Run(ctx, "buildkite-agent", "oidc", "request-token", "--audience", audience)
	if err != nil {
		e.fault("buildkite-agent gave no ID token", "see that buildkite-agent is there, within the job's container too, that its access token reaches it, and that it is recent enough to know the command oidc")
		return
	}
	e.found(raw, "buildkite-agent oidc request-token --audience "+audience)
}
