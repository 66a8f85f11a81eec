package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// serviceAccountShape is the one form of subject of all Kubernetes clusters:
// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
var serviceAccountShape = []Shape{
	{Name: "service account", Template: "system:serviceaccount:{namespace}:{service-account}"},
}

// kubernetesClaims are claims that cluster tokens carry and STS drops.
var kubernetesClaims = []string{"iss", "jti", "iat", "exp", "nbf", "kubernetes.io", "namespace", "pod", "serviceaccount", "node"}

// eks rests on
// https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
// The host oidc-eks is the dual-stack name of the same server, and to IAM
// another issuer.
var eks = &Provider{
	ID:        "eks",
	Name:      "Amazon EKS",
	Issuer:    "https://oidc.eks.<region>.amazonaws.com/id/<32 upper-case hex digits>",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com"},
	Without:   []string{"amr", "email", "oaud"},
	NotKeys:   kubernetesClaims,
	Complete:  true,
	Subjects:  serviceAccountShape,
	Docs:      "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html",
	Examples: []Example{
		{
			Host: "oidc.eks.eu-west-1.amazonaws.com/id/9422B2E0F81B4E0C8A3D1F6A7B5C1723",
			Sub:  "system:serviceaccount:kube-system:aws-load-balancer-controller", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=kube-system", "service-account=aws-load-balancer-controller"},
		},
		{
			Host: "oidc.eks.cn-northwest-1.amazonaws.com.cn/id/2A8E67D0F81B4E0C8A3D1F6A7B5CBEBC",
			Sub:  "system:serviceaccount:crossplane-system:provider-aws-6b36ca882d8e", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=crossplane-system", "service-account=provider-aws-6b36ca882d8e"},
		},
		{
			Host: "oidc-eks.us-west-2.api.aws/id/80316A00F81B4E0C8A3D1F6A7B5C863D",
			Sub:  "system:serviceaccount:default:app", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=default", "service-account=app"},
		},
	},
	audienceAt: "the annotation eks.amazonaws.com/audience of the service account",
	roleAt:     "the annotation eks.amazonaws.com/role-arn of its service account, then restart the pods",
	publicCA:   true,
	closed:     true,
	rulesOut:   rulesOutServiceAccount,
	hosts: []hostPattern{
		{"oidc.eks.*.amazonaws.com", "/id/*"},
		{"oidc.eks.*.amazonaws.com.cn", "/id/*"},
		{"oidc-eks.*.api.aws", "/id/*"},
		{"oidc-eks.*.api.amazonwebservices.com.cn", "/id/*"},
	},
	compare:  compareKubernetes,
	approach: nearServiceAccounts,
}
