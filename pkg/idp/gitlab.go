package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// gitlabShapes are of https://docs.gitlab.com/ci/secrets/id_token_authentication/
// The branch has its plain name, without refs/heads/; a merge request runs with
// its source branch.
var gitlabShapes = []Shape{
	{Name: "branch", Template: "project_path:{group+}/{project}:ref_type:{ref-type}:ref:{ref+}{...}"},
	{Name: "customised", Template: "project_path:{group+}/{project}{...}"},
}

// gitlabNotKeys are claims of its tokens that STS drops.
var gitlabNotKeys = []string{
	"iss", "jti", "project_path", "namespace_path", "ref", "ref_type", "ref_path", "pipeline_id", "job_id", "environment",
	"environment_protected", "deployment_tier", "user_identities", "runner_id", "sha", "ci_config_ref_uri", "ci_config_sha", "project_visibility",
}

// gitlab is GitLab.com.
var gitlab = &Provider{
	ID:        "gitlab",
	Name:      "GitLab.com",
	Issuer:    "https://gitlab.com",
	Open:      policy.Yes,
	Audiences: []string{"https://gitlab.com", "sts.amazonaws.com"},
	Claims: since2026("namespace_id", "project_id", "user_id", "user_login", "user_email", "user_access_level",
		"ref_protected", "pipeline_source", "runner_environment"),
	NotKeys:  gitlabNotKeys,
	Subjects: gitlabShapes,
	Docs:     "https://docs.gitlab.com/ci/cloud_services/aws/",
	Examples: []Example{
		{
			Host: "gitlab.com", Sub: "project_path:acme/infra:ref_type:branch:ref:feature/oidc-plan", Aud: "https://gitlab.com",
			Parts: []string{"group=acme", "project=infra", "ref-type=branch", "ref=feature/oidc-plan"},
		},
		{
			Host: "gitlab.com", Sub: "project_path:acme/platform/aws/infra:ref_type:tag:ref:v1.0", Aud: "sts.amazonaws.com",
			Parts: []string{"group=acme/platform/aws", "project=infra", "ref-type=tag", "ref=v1.0"},
		},
	},
	audienceAt: "aud under id_tokens of the job",
	closed:     true,
	rulesOut:   rulesOutGitLab,
	hosts:      []hostPattern{{"gitlab.com", ""}},
	tenant:     gitlabTenant,
	changing:   []string{"ref", "ref-type"},
	compare:    compareGitLab,
}

var gitlabTenant = tenantParts{name: "group", repository: "project", top: true}
