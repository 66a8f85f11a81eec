package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// windmill ends its issuer with a slash, which belongs to ARN and keys:
// https://www.windmill.dev/docs/core_concepts/oidc
var windmill = &Provider{
	ID:        "windmill",
	Name:      "Windmill",
	Issuer:    "https://<base URL>/api/oidc/",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com"},
	NotKeys:   []string{"iss", "workspace", "username", "groups", "path", "flow_path", "job_id", "is_admin"},
	Complete:  true,
	Subjects:  []Shape{{Name: "script", Template: "{user+}::{script~}::{flow~}::{workspace+}"}},
	Docs:      "https://www.windmill.dev/docs/core_concepts/oidc",
	Examples: []Example{{
		Host: "windmill.acme.com/api/oidc/", Sub: "alice@acme.com::f/infra/deploy::::acme", Aud: "sts.amazonaws.com",
		Parts: []string{"user=alice@acme.com", "script=f/infra/deploy", "flow=", "workspace=acme"},
	}},
	audienceAt: "the audience given to getIdToken",
	closed:     true,
	details:    []string{"user", "flow"},
	hosts:      []hostPattern{{"**", "/api/oidc/"}, {"**", "/api/oidc"}},
}
