package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// terraformEnterprise is an installation of one's own.
var terraformEnterprise = &Provider{
	ID:        "terraform-enterprise",
	Name:      "Terraform Enterprise",
	Issuer:    "https://<host of the installation>",
	Open:      policy.No,
	Audiences: []string{"aws.workload.identity"},
	NotKeys:   terraformNotKeys,
	Complete:  true,
	Subjects:  terraformShapes,
	Docs:      "https://developer.hashicorp.com/terraform/enterprise/workspaces/dynamic-provider-credentials/aws-configuration",
	Examples: []Example{{
		Host: "tfe.acme.example", Aud: "aws.workload.identity",
		Sub:   "organization:my-org:project:Default Project:workspace:prod:run_phase:apply",
		Parts: []string{"organization=my-org", "project=Default Project", "workspace=prod", "run-phase=apply"},
	}},
	guess:      true,
	audienceAt: "the variable TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE of the workspace",
	roleAt:     "the variable TFC_AWS_RUN_ROLE_ARN of the workspace",
	begins:     "organization:",
	rulesOut:   rulesOutTerraform,
	details:    []string{"run-phase", "operation"},
	hosts:      []hostPattern{{"tfe.*.*", ""}, {"tfe.*.*.*", ""}},
	tenant:     tenantParts{name: "organization", repository: "workspace"},
}
