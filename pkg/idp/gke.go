package idp

import "github.com/rolewhy/rolewhy/pkg/policy"

// gke rests on
// https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
var gke = &Provider{
	ID:        "gke",
	Name:      "Google Kubernetes Engine",
	Issuer:    "https://container.googleapis.com/v1/projects/<project>/locations/<location>/clusters/<cluster>",
	Open:      policy.No,
	Audiences: []string{"sts.amazonaws.com"},
	Without:   []string{"amr", "email"},
	NotKeys:   kubernetesClaims,
	Complete:  true,
	Subjects:  serviceAccountShape,
	Docs:      "https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity",
	Examples: []Example{{
		Host: "container.googleapis.com/v1/projects/acme-prod/locations/europe-west1/clusters/main",
		Sub:  "system:serviceaccount:apps:uploader", Aud: "sts.amazonaws.com",
		Parts: []string{"namespace=apps", "service-account=uploader"},
	}},
	audienceAt: "audience of the projected token volume",
	roleAt:     "the annotation eks.amazonaws.com/role-arn of its service account, then restart the pods",
	closed:     true,
	rulesOut:   rulesOutServiceAccount,
	hosts: []hostPattern{
		{"container.googleapis.com", "/v1/**"},
		{"gkehub.googleapis.com", "/projects/**"},
	},
	compare:  compareKubernetes,
	approach: nearServiceAccounts,
}
