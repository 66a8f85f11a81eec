package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// kops is a cluster whose discovery documents lie in a bucket, as kOps and the
// installers of other distributions put them; kOps asks for the audience
// amazonaws.com: https://kops.sigs.k8s.io/cluster_spec/#service-account-issuer-discovery-and-aws-iam-roles-for-service-accounts-irsa
var kops = &Provider{
	ID:        "kops",
	Name:      "a Kubernetes cluster with its issuer in S3",
	Issuer:    "https://<bucket>.s3.<region>.amazonaws.com[/<path>]",
	Open:      policy.No,
	Audiences: []string{"amazonaws.com", "sts.amazonaws.com", "openshift"},
	Without:   []string{"amr", "email"},
	NotKeys:   kubernetesClaims,
	Complete:  true,
	Subjects:  serviceAccountShape,
	Docs:      "https://kops.sigs.k8s.io/cluster_spec/#service-account-issuer-discovery-and-aws-iam-roles-for-service-accounts-irsa",
	Examples: []Example{
		{
			Host: "k8s-prod-oidc.s3.ap-northeast-2.amazonaws.com",
			Sub:  "system:serviceaccount:default:s3-pod-sa", Aud: "amazonaws.com",
			Parts: []string{"namespace=default", "service-account=s3-pod-sa"},
		},
		{
			Host: "s3.cn-north-1.amazonaws.com.cn/294857163022-g8s-8y5ck-oidc-pod-identity-v2",
			Sub:  "system:serviceaccount:kube-system:aws-load-balancer-controller", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=kube-system", "service-account=aws-load-balancer-controller"},
		},
		{
			Host: "s3-eu-west-1.amazonaws.com/example-oidc",
			Sub:  "system:serviceaccount:apps:worker", Aud: "amazonaws.com",
			Parts: []string{"namespace=apps", "service-account=worker"},
		},
	},
	guess:      true,
	audienceAt: "audience of the projected token volume",
	roleAt:     "the annotation eks.amazonaws.com/role-arn of its service account, then restart the pods",
	closed:     true,
	rulesOut:   rulesOutServiceAccount,
	hosts: []hostPattern{
		{"**.s3.*.amazonaws.com", "*"},
		{"**.s3.*.amazonaws.com.cn", "*"},
		{"**.s3.dualstack.*.amazonaws.com", "*"},
		{"**.s3.amazonaws.com", "*"},
		{"**.s3-*.amazonaws.com", "*"},
		{"s3.*.amazonaws.com", "/**"},
		{"s3.*.amazonaws.com.cn", "/**"},
		{"s3.amazonaws.com", "/**"},
		{"s3-*.amazonaws.com", "/**"},
	},
	compare:  compareKubernetes,
	approach: nearServiceAccounts,
}
