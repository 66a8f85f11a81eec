package caller

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

var pod = &Place{
	ID: "pod", Name: "a Kubernetes pod", Looks: "KUBERNETES_SERVICE_HOST, AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE",
	RoleAt: "--role, as the annotation eks.amazonaws.com/role-arn of the service account has it",
	Docs:   "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html",
	is: func(env Environment) bool {
		return env.Get("KUBERNETES_SERVICE_HOST") != "" || strings.Contains(env.Get("AWS_WEB_IDENTITY_TOKEN_FILE"), "/serviceaccount/")
	},
	look: lookPod,
}

// ownToken is the token of a pod for the API of its cluster. It tells which
// service account the pod runs under.
// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
const ownToken = "/var/run/secrets/kubernetes.io/serviceaccount/token"

func lookPod(_ context.Context, env Environment, _ Wish, e *Evidence) {
	own := serviceAccount(env)
	if own != "" {
		e.Detail = "service account " + own
	}
	keysFirst(env, e)
	podIdentity(env, e)
	if e.given() {
		return
	}
	name := env.Get("AWS_WEB_IDENTITY_TOKEN_FILE")
	if name == "" {
		e.fault("AWS_WEB_IDENTITY_TOKEN_FILE is not set: EKS did not make this pod ready for a role, and SDKs go on to the role of the node",
			"annotate the service account "+orThePods(own)+" with eks.amazonaws.com/role-arn, and make the pod anew: the annotation is read when a pod is created, by the webhook of EKS, or by the pod identity webhook where the cluster is another one")
		return
	}
	e.fromFile(env, name)
	e.compareAccounts(own)
}

func orThePods(account string) string {
	if account == "" {
		return "of the pod"
	}
	return account
}

// serviceAccount is the subject of the pod's own token, "" where there is
// none.
func serviceAccount(env Environment) string {
	raw, err := env.ReadFile(ownToken)
	if err != nil {
		return ""
	}
	t, err := Parse(raw)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(t.Text("sub"), "system:serviceaccount:")
}

// compareAccounts tells where the token for AWS is not that of the pod's own
// service account.
func (e *Evidence) compareAccounts(own string) {
	sub := strings.TrimPrefix(e.Token.Text("sub"), "system:serviceaccount:")
	if own != "" && sub != "" && own != sub {
		e.remark(Remark{
			Grade: Doubt, Text: fmt.Sprintf("the token for AWS is that of service account %s, while the pod runs as %s", sub, own),
			Fix: "see which file AWS_WEB_IDENTITY_TOKEN_FILE names, and what mounts it",
		})
	}
}

// fromFile reads the token that SDKs read.
func (e *Evidence) fromFile(env Environment, name string) {
	raw, err := env.ReadFile(name)
	from := "the file that AWS_WEB_IDENTITY_TOKEN_FILE names"
	switch {
	case errors.Is(err, fs.ErrPermission):
		e.fault(from+" may not be read by the user of this process: the call never gets as far as STS",
			"set securityContext.fsGroup of the pod, which gives its users the projected token, or run the process as its owner")
	case errors.Is(err, fs.ErrNotExist):
		e.fault(from+" is not there: the call never gets as far as STS",
			"mount the token: a projected volume with a serviceAccountToken of audience sts.amazonaws.com; the webhook of EKS adds it to pods that it makes ready")
	case err != nil:
		e.fault(from+" could not be read", "see what is mounted there")
	default:
		e.found(raw, from)
	}
}

// keysFirst tells of keys that SDKs take before any token.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
func keysFirst(env Environment, e *Evidence) {
	if env.Get("AWS_ACCESS_KEY_ID") != "" {
		e.remark(Remark{
			Grade: Doubt, Text: "AWS_ACCESS_KEY_ID is set: SDKs use these keys and never come to the token",
			Fix: "unset AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where the token is meant",
		})
	}
}

// podIdentity tells of EKS Pod Identity, which is another way to a role.
// https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
func podIdentity(env Environment, e *Evidence) {
	if env.Get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") != "" {
		e.note("EKS Pod Identity is set up here too: it reaches its role by another service, whose trust policy names pods.eks.amazonaws.com; SDKs try AWS_WEB_IDENTITY_TOKEN_FILE before it")
	}
}
