package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// bitbucket is Bitbucket Pipelines. Ids stand in braces, the last one is of
// the step and new in every run:
// https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/
var bitbucket = &Provider{
	ID:        "bitbucket",
	Name:      "Bitbucket Pipelines",
	Issuer:    "https://api.bitbucket.org/2.0/workspaces/<workspace>/pipelines-config/identity/oidc",
	Open:      policy.No,
	Audiences: []string{"ari:cloud:bitbucket::workspace/<workspace uuid>"},
	NotKeys: []string{
		"iss", "repositoryUuid", "workspaceUuid", "branchName", "pipelineUuid", "stepUuid", "deploymentEnvironmentUuid", "accountId",
	},
	Complete: true,
	Subjects: []Shape{
		{Name: "deployment", Template: "{repository}:{environment}:{step}"},
		{Name: "step", Template: "{repository}:{step}"},
	},
	Docs: "https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/",
	Examples: []Example{
		{
			Host: "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
			Sub:  "{c4b6e8a0-1111-4c1d-9e2f-0a1b2c3d4e5f}:{9d8c7b6a-3333-4c1d-9e2f-0a1b2c3d4e5f}",
			Aud:  "ari:cloud:bitbucket::workspace/6f7e8d9c-2222-4c1d-9e2f-0a1b2c3d4e5f",
			Parts: []string{
				"repository={c4b6e8a0-1111-4c1d-9e2f-0a1b2c3d4e5f}", "step={9d8c7b6a-3333-4c1d-9e2f-0a1b2c3d4e5f}",
			},
		},
		{
			Host: "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
			Sub:  "{c4b6e8a0-1111-4c1d-9e2f-0a1b2c3d4e5f}:{b1a2c3d4-4444-4c1d-9e2f-0a1b2c3d4e5f}:{9d8c7b6a-3333-4c1d-9e2f-0a1b2c3d4e5f}",
			Aud:  "ari:cloud:bitbucket::workspace/6f7e8d9c-2222-4c1d-9e2f-0a1b2c3d4e5f",
			Parts: []string{
				"repository={c4b6e8a0-1111-4c1d-9e2f-0a1b2c3d4e5f}", "environment={b1a2c3d4-4444-4c1d-9e2f-0a1b2c3d4e5f}",
				"step={9d8c7b6a-3333-4c1d-9e2f-0a1b2c3d4e5f}",
			},
		},
	},
	closed:   true,
	rulesOut: rulesOutBitbucket,
	details:  []string{"step"},
	hosts: []hostPattern{
		{"api.bitbucket.org", "/2.0/workspaces/*/pipelines-config/identity/oidc"},
		{"api.bitbucket.org", "/2.0/workspaces/*/pipelines-config/identity"}, // documents of 2021
	},
	generated: map[string]string{"step": "is new in every run"},
	compare:   compareBitbucket,
}
