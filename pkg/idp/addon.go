package idp

import (
	"slices"
	"strings"
)

// Component is a well-known piece of software that runs in a cluster under a
// service account of its own making.
type Component struct {
	Name       string
	Account    string
	Namespaces []string // where its guides install it; the first is the usual one
	Aliases    []string // accounts that guides and modules name, and that it does not make
}

// components is from the charts and guides of each, and of the reports in
// which one was mistaken for another.
var components = []Component{
	{"the AWS Load Balancer Controller", "aws-load-balancer-controller", []string{"kube-system"}, []string{"aws-lb-controller", "alb-ingress-controller", "aws-load-balancer-controller-sa", "aws-alb-ingress-controller"}},
	{"the EBS CSI driver", "ebs-csi-controller-sa", []string{"kube-system"}, []string{"ebs-csi-controller", "aws-ebs-csi-driver", "ebs-csi-driver", "ebs-csi-controller-irsa"}},
	{"the EFS CSI driver", "efs-csi-controller-sa", []string{"kube-system"}, []string{"efs-csi-controller", "aws-efs-csi-driver", "efs-csi-driver"}},
	{"the FSx CSI driver", "fsx-csi-controller-sa", []string{"kube-system"}, []string{"aws-fsx-csi-driver"}},
	{"the Mountpoint S3 CSI driver", "s3-csi-driver-sa", []string{"kube-system"}, []string{"s3-csi-driver", "aws-mountpoint-s3-csi-driver"}},
	{"the Cluster Autoscaler", "cluster-autoscaler", []string{"kube-system"}, []string{"cluster-autoscaler-sa", "cluster-autoscaler-aws-cluster-autoscaler"}},
	{"ExternalDNS", "external-dns", []string{"external-dns", "kube-system"}, []string{"external-dns-sa"}},
	{"Karpenter", "karpenter", []string{"kube-system", "karpenter"}, []string{"karpenter-controller", "karpenter-sa"}},
	{"cert-manager", "cert-manager", []string{"cert-manager"}, []string{"cert-manager-sa"}},
	{"the VPC CNI", "aws-node", []string{"kube-system"}, []string{"vpc-cni", "aws-vpc-cni"}},
	{"External Secrets", "external-secrets", []string{"external-secrets"}, []string{"external-secrets-sa", "external-secrets-operator", "kubernetes-external-secrets"}},
	{"Fluent Bit", "aws-for-fluent-bit", []string{"logging", "kube-system", "amazon-cloudwatch"}, []string{"aws-for-fluent-bit-sa", "fluent-bit"}},
	{"the CloudWatch agent", "cloudwatch-agent", []string{"amazon-cloudwatch"}, nil},
	{"the Node Termination Handler", "aws-node-termination-handler", []string{"kube-system"}, nil},
	{"Velero", "velero", []string{"velero"}, []string{"velero-server"}},
	{"Argo CD", "argocd-application-controller", []string{"argocd"}, nil},
	{"ADOT", "adot-collector", []string{"opentelemetry-operator-system"}, nil},
}

// Addon returns the well-known component that runs under this service account,
// be it the account it makes, the same with a release name in front in one of
// its namespaces, or one that guides name wrongly; compare Component.Account.
func Addon(namespace, account string) (Component, bool) {
	for _, c := range components {
		if c.Account == account || slices.Contains(c.Aliases, account) ||
			strings.HasSuffix(account, "-"+c.Account) && slices.Contains(c.Namespaces, namespace) {
			return c, true
		}
	}
	return Component{}, false
}
