package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// pulumi has one issuer for all organizations; the audience names the one:
// https://www.pulumi.com/docs/pulumi-cloud/access-management/oidc/provider/aws/
var pulumi = &Provider{
	ID:        "pulumi",
	Name:      "Pulumi Cloud",
	Issuer:    "https://api.pulumi.com/oidc",
	Open:      policy.Yes,
	Audiences: []string{"<organization>", "aws:<organization>"},
	Subjects: []Shape{
		{Name: "deployment", Template: "pulumi:deploy:org:{organization}:project:{project}:stack:{stack}:operation:{operation}:scope:{scope}"},
		{Name: "environment", Template: "pulumi:environments:org:{organization}:env:{environment+}"},
	},
	Docs: "https://www.pulumi.com/docs/pulumi-cloud/access-management/oidc/provider/aws/",
	Examples: []Example{
		{
			Host: "api.pulumi.com/oidc", Aud: "acme",
			Sub:   "pulumi:deploy:org:acme:project:web:stack:prod:operation:update:scope:write",
			Parts: []string{"organization=acme", "project=web", "stack=prod", "operation=update", "scope=write"},
		},
		{
			Host: "api.pulumi.com/oidc", Aud: "aws:acme", Sub: "pulumi:environments:org:acme:env:infra/prod",
			Parts: []string{"organization=acme", "environment=infra/prod"},
		},
	},
	begins:  "pulumi:",
	details: []string{"operation", "scope"},
	hosts:   []hostPattern{{"api.pulumi.com", "/oidc"}},
	tenant:  tenantParts{name: "organization", repository: "project"},
}
