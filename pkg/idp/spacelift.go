package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// spacelift names the id of the space (name-ULID), not its name:
// https://docs.spacelift.io/integrations/cloud-providers/oidc
var spacelift = &Provider{
	ID:        "spacelift",
	Name:      "Spacelift",
	Issuer:    "https://<account>.app.spacelift.io",
	Open:      policy.No,
	Audiences: []string{"<account>.app.spacelift.io"},
	NotKeys:   []string{"iss", "jti", "spaceId", "callerType", "callerId", "runType", "runId", "scope"},
	Complete:  true,
	Subjects: []Shape{
		{Name: "stack", Template: "space:{space}:stack:{stack}:run_type:{run-type}:scope:{scope}"},
		{Name: "module", Template: "space:{space}:module:{module+}:run_type:{run-type}:scope:{scope}"},
	},
	Docs: "https://docs.spacelift.io/integrations/cloud-providers/oidc",
	Examples: []Example{
		{
			Host: "acme.app.spacelift.io", Aud: "acme.app.spacelift.io",
			Sub:   "space:production-01JABCDEFGHJKMNPQRSTVWXYZ0:stack:network:run_type:TRACKED:scope:write",
			Parts: []string{"space=production-01JABCDEFGHJKMNPQRSTVWXYZ0", "stack=network", "run-type=TRACKED", "scope=write"},
		},
		{
			Host: "acme.app.us.spacelift.io", Aud: "acme.app.us.spacelift.io",
			Sub:   "space:root:module:terraform-aws-vpc:run_type:TESTING:scope:read",
			Parts: []string{"space=root", "module=terraform-aws-vpc", "run-type=TESTING", "scope=read"},
		},
	},
	details: []string{"run-type", "scope"},
	hosts:   []hostPattern{{"*.app.spacelift.io", ""}, {"*.app.us.spacelift.io", ""}},
	tenant:  tenantParts{name: "space", id: "space", repository: "stack"},
}
