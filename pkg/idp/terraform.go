package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// terraformShapes: before January 2023 there was no project.
var terraformShapes = []Shape{
	{Name: "workspace", Template: "organization:{organization}:project:{project+}:workspace:{workspace+}:run_phase:{run-phase}"},
	{Name: "workspace without project", Template: "organization:{organization}:workspace:{workspace+}:run_phase:{run-phase}"},
	{Name: "stack", Template: "organization:{organization}:project:{project+}:stack:{stack+}:deployment:{deployment+}:operation:{operation}"},
}

// terraformNotKeys are claims of its tokens that STS drops.
var terraformNotKeys = []string{
	"iss", "jti", "terraform_organization_id", "terraform_organization_name", "terraform_project_id", "terraform_project_name",
	"terraform_workspace_id", "terraform_workspace_name", "terraform_full_workspace", "terraform_run_id", "terraform_run_phase",
}

// terraform is HCP Terraform; its project names may hold blanks:
// https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
var terraform = &Provider{
	ID:        "terraform",
	Name:      "HCP Terraform",
	Issuer:    "https://app.terraform.io",
	Open:      policy.Yes,
	Audiences: []string{"aws.workload.identity"},
	NotKeys:   terraformNotKeys,
	Subjects:  terraformShapes,
	Docs:      "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration",
	Examples: []Example{
		{
			Host: "app.terraform.io", Aud: "aws.workload.identity",
			Sub:   "organization:my-org:project:Default Project:workspace:prod:run_phase:plan",
			Parts: []string{"organization=my-org", "project=Default Project", "workspace=prod", "run-phase=plan"},
		},
		{
			Host: "app.terraform.io", Aud: "aws.workload.identity",
			Sub:   "organization:my-org:workspace:prod:run_phase:apply",
			Parts: []string{"organization=my-org", "workspace=prod", "run-phase=apply"},
		},
	},
	audienceAt: "the variable TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE of the workspace",
	roleAt:     "the variable TFC_AWS_RUN_ROLE_ARN of the workspace",
	begins:     "organization:",
	rulesOut:   rulesOutTerraform,
	details:    []string{"run-phase", "operation"},
	hosts:      []hostPattern{{"app.terraform.io", ""}, {"app.eu.terraform.io", ""}},
	tenant:     tenantParts{name: "organization", repository: "workspace"},
}
