package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// openshift is OpenShift with STS, and ROSA. The operators' tokens have the
// audience openshift, pods choose theirs:
// https://docs.redhat.com/en/documentation/red_hat_openshift_service_on_aws/4/html/authentication_and_authorization/assuming-an-aws-iam-role-for-a-service-account
var openshift = &Provider{
	ID:        "openshift",
	Name:      "Red Hat OpenShift",
	Issuer:    "https://oidc.op1.openshiftapps.com/<cluster id>",
	Open:      policy.No,
	Audiences: []string{"openshift", "sts.amazonaws.com"},
	Without:   []string{"amr", "email"},
	NotKeys:   kubernetesClaims,
	Complete:  true,
	Subjects:  serviceAccountShape,
	Docs:      "https://docs.redhat.com/en/documentation/red_hat_openshift_service_on_aws/4/html/authentication_and_authorization/assuming-an-aws-iam-role-for-a-service-account",
	Examples: []Example{
		{
			Host: "rh-oidc.s3.us-east-1.amazonaws.com/1ou2cb0k2qgqnbn2hbr1a7d0s3h5aaaa",
			Sub:  "system:serviceaccount:openshift-image-registry:cluster-image-registry-operator", Aud: "openshift",
			Parts: []string{"namespace=openshift-image-registry", "service-account=cluster-image-registry-operator"},
		},
		{
			Host: "oidc.op1.openshiftapps.com/2abcde0k2qgqnbn2hbr1a7d0s3h5bbbb",
			Sub:  "system:serviceaccount:my-app:default", Aud: "sts.amazonaws.com",
			Parts: []string{"namespace=my-app", "service-account=default"},
		},
	},
	audienceAt: "audience of the projected token volume",
	roleAt:     "the annotation eks.amazonaws.com/role-arn of its service account, then restart the pods",
	closed:     true,
	rulesOut:   rulesOutServiceAccount,
	hosts: []hostPattern{
		{"rh-oidc.s3.*.amazonaws.com", "/*"},
		{"rh-oidc-staging.s3.*.amazonaws.com", "/*"},
		{"oidc.*.openshiftapps.com", "/*"},
		{"oidc.openshiftapps.com", "/*"},
	},
	compare:  compareKubernetes,
	approach: nearServiceAccounts,
}
