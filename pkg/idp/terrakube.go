package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// terrakube sends session tags since July 2026:
// https://docs.terrakube.io/user-guide/workspaces/dynamic-provider-credentials
var terrakube = &Provider{
	ID:        "terrakube",
	Name:      "Terrakube",
	Issuer:    "https://<API host>",
	Open:      policy.No,
	Audiences: []string{"aws.workload.identity"},
	NotKeys:   []string{"iss", "jti"},
	Complete:  true,
	Subjects:  []Shape{{Name: "workspace", Template: "organization:{organization}:workspace:{workspace+}"}},
	Docs:      "https://docs.terrakube.io/user-guide/workspaces/dynamic-provider-credentials",
	Examples: []Example{{
		Host: "terrakube-api.example.com", Sub: "organization:simple:workspace:net", Aud: "aws.workload.identity",
		Parts: []string{"organization=simple", "workspace=net"},
	}},
	guess:  true,
	closed: true,
	hosts:  []hostPattern{{"terrakube-api.*.*", ""}, {"terrakube-api.*.*.*", ""}},
	tenant: tenantParts{name: "organization", repository: "workspace"},
}
