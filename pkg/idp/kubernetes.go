package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// kubernetes is any other cluster: the issuer is what --service-account-issuer
// of the API server says, so that the subject alone tells.
var kubernetes = &Provider{
	ID:        "kubernetes",
	Name:      "a Kubernetes cluster",
	Issuer:    "https://<value of --service-account-issuer>",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com", "amazonaws.com", "openshift"},
	Without:   []string{"amr", "email"},
	NotKeys:   kubernetesClaims,
	Complete:  true,
	Subjects:  serviceAccountShape,
	Docs:      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery",
	Examples: []Example{
		{
			Host: "kube-1.teapot.example.org",
			Sub:  "system:serviceaccount:kube-system:aws-node-decommissioner", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=kube-system", "service-account=aws-node-decommissioner"},
		},
		{
			Host: "d1h2k3example9.cloudfront.net",
			Sub:  "system:serviceaccount:kube-system:private-external-dns", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=kube-system", "service-account=private-external-dns"},
		},
	},
	guess:      true,
	audienceAt: "audience of the projected token volume",
	roleAt:     "the annotation eks.amazonaws.com/role-arn of its service account, then restart the pods",
	closed:     true,
	rulesOut:   rulesOutServiceAccount,
	hosts:      []hostPattern{{"*.cloudfront.net", "*"}},
	compare:    compareKubernetes,
	approach:   nearServiceAccounts,
}
