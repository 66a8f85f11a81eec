package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// githubAuditLog is the streaming of an enterprise's audit log to S3, which is
// no part of Actions:
// https://docs.github.com/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/streaming-the-audit-log-for-your-enterprise
var githubAuditLog = &Provider{
	ID:        "github-audit-log",
	Name:      "GitHub audit log streaming",
	Issuer:    "https://oidc-configuration.audit-log.githubusercontent.com",
	Open:      policy.Yes,
	Audiences: []string{"sts.amazonaws.com"},
	Subjects:  []Shape{{Name: "enterprise", Template: "https://github.com/{enterprise}"}},
	Docs:      "https://docs.github.com/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/streaming-the-audit-log-for-your-enterprise",
	Examples: []Example{{
		Host: "oidc-configuration.audit-log.githubusercontent.com", Sub: "https://github.com/octo-enterprise", Aud: "sts.amazonaws.com",
		Parts: []string{"enterprise=octo-enterprise"},
	}},
	closed: true,
	hosts:  []hostPattern{{"oidc-configuration.audit-log.githubusercontent.com", ""}},
	tenant: tenantParts{name: "enterprise"},
}
