package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// gitlabSelfManaged is an instance of one's own; its host tells nothing unless
// it is called gitlab.
var gitlabSelfManaged = &Provider{
	ID:        "gitlab-self-managed",
	Name:      "GitLab",
	Issuer:    "https://<host of the instance>",
	Open:      policy.No,
	Audiences: []string{"https://<host of the instance>", "sts.amazonaws.com"},
	NotKeys:   gitlabNotKeys,
	Complete:  true,
	Subjects:  gitlabShapes,
	Docs:      "https://docs.gitlab.com/ci/cloud_services/aws/",
	Examples: []Example{{
		Host: "gitlab.acme.example", Sub: "project_path:ops/infra:ref_type:branch:ref:main", Aud: "https://gitlab.acme.example",
		Parts: []string{"group=ops", "project=infra", "ref-type=branch", "ref=main"},
	}},
	guess:      true,
	audienceAt: "aud under id_tokens of the job",
	closed:     true,
	rulesOut:   rulesOutGitLab,
	hosts:      []hostPattern{{"gitlab.*.*", ""}, {"gitlab.*.*.*", ""}},
	tenant:     gitlabTenant,
	changing:   []string{"ref", "ref-type"},
	compare:    compareGitLab,
}
