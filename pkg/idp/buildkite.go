package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// buildkite writes its subject with a colon at the end where the step has no
// key: https://buildkite.com/docs/pipelines/security/oidc
var buildkite = &Provider{
	ID:        "buildkite",
	Name:      "Buildkite",
	Issuer:    "https://agent.buildkite.com",
	Open:      policy.Yes,
	Audiences: []string{"sts.amazonaws.com", "https://buildkite.com/<organization>"},
	Claims: since2026("organization_slug", "organization_id", "pipeline_slug", "pipeline_id", "cluster_name",
		"cluster_id", "build_branch"),
	NotKeys: []string{"iss", "build_number", "build_tag", "build_commit", "step_key", "job_id", "agent_id", "runner_environment"},
	Subjects: []Shape{
		{Name: "branch", Template: "organization:{organization}:pipeline:{pipeline}:ref:refs/heads/{branch+}:commit:{commit?}:step:{step*}"},
		{Name: "tag", Template: "organization:{organization}:pipeline:{pipeline}:ref:refs/tags/{tag+}:commit:{commit?}:step:{step*}"},
		{Name: "ref", Template: "organization:{organization}:pipeline:{pipeline}:ref:{ref~}:commit:{commit?}:step:{step*}"},
	},
	Docs: "https://buildkite.com/docs/pipelines/security/oidc",
	Examples: []Example{
		{
			Host: "agent.buildkite.com", Aud: "sts.amazonaws.com",
			Sub:   "organization:acme-inc:pipeline:super-duper-app:ref:refs/heads/feature/x:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:",
			Parts: []string{"organization=acme-inc", "pipeline=super-duper-app", "branch=feature/x", "commit=9f3182061f1e2cca4702c368cbc039b7dc9d4485", "step="},
		},
		{
			Host: "agent.buildkite.com", Aud: "https://buildkite.com/acme-inc",
			Sub:   "organization:acme-inc:pipeline:super-duper-app:ref:refs/tags/v1:commit:HEAD:step:deploy",
			Parts: []string{"organization=acme-inc", "pipeline=super-duper-app", "tag=v1", "commit=HEAD", "step=deploy"},
		},
	},
	audienceAt: "the audience that the step asks for (buildkite-agent oidc request-token --audience)",
	rulesOut:   rulesOutBuildkite,
	details:    []string{"commit", "step"},
	hosts:      []hostPattern{{"agent.buildkite.com", ""}},
	tenant:     tenantParts{name: "organization", repository: "pipeline"},
	claimOf:    map[string]string{"organization": "organization_slug", "pipeline": "pipeline_slug", "branch": "build_branch"},
	changing:   []string{"branch", "tag", "ref", "commit", "step"},
	generated:  map[string]string{"commit": "is new in every build"},
}
