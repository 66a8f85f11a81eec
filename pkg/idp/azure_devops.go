package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// azureDevOps has an issuer per organization, which is to be retired on 1 July
// 2027: https://github.com/aws/aws-toolkit-azure-devops
var azureDevOps = &Provider{
	ID:        "azure-devops",
	Name:      "Azure DevOps",
	Issuer:    "https://vstoken.dev.azure.com/<organization GUID>",
	Open:      policy.No,
	Audiences: []string{"api://AzureADTokenExchange"},
	NotKeys:   []string{"iss", "jti"},
	Complete:  true,
	Subjects:  []Shape{{Name: "service connection", Template: "sc://{organization}/{project}/{service-connection+}"}},
	Docs:      "https://docs.aws.amazon.com/vsts/latest/userguide/getting-started.html",
	Examples: []Example{{
		Host: "vstoken.dev.azure.com/3f1c2b4a-77de-4c11-9f0b-6a5d4e3c2b10", Sub: "sc://contoso/Payments/aws-oidc", Aud: "api://AzureADTokenExchange",
		Parts: []string{"organization=contoso", "project=Payments", "service-connection=aws-oidc"},
	}},
	closed: true,
	hosts:  []hostPattern{{"vstoken.dev.azure.com", "/*"}},
	tenant: tenantParts{name: "organization", repository: "project"},
}
