package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// aks ends its issuers with a slash, which belongs to ARN and keys:
// https://learn.microsoft.com/azure/aks/use-oidc-issuer
var aks = &Provider{
	ID:        "aks",
	Name:      "Azure Kubernetes Service",
	Issuer:    "https://<region>.oic.prod-aks.azure.com/<tenant id>/<cluster id>/",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com", "api://AzureADTokenExchange"},
	Without:   []string{"amr", "email"},
	NotKeys:   kubernetesClaims,
	Complete:  true,
	Subjects:  serviceAccountShape,
	Docs:      "https://learn.microsoft.com/azure/aks/use-oidc-issuer",
	Examples: []Example{{
		Host: "eastus.oic.prod-aks.azure.com/7c3f5d1e-2b6a-4a52-8f0e-1d9c3a7b5e42/0f8e2c66-9c3d-4b77-9e0f-5d1f0a6b2c11/",
		Sub:  "system:serviceaccount:apps:uploader", Aud: "sts.amazonaws.com",
		Parts: []string{"namespace=apps", "service-account=uploader"},
	}},
	audienceAt: "audience of the projected token volume",
	roleAt:     "the annotation eks.amazonaws.com/role-arn of its service account, then restart the pods",
	closed:     true,
	rulesOut:   rulesOutServiceAccount,
	hosts:      []hostPattern{{"*.oic.prod-aks.azure.com", "*"}},
	compare:    compareKubernetes,
	approach:   nearServiceAccounts,
}
