package idp

import (
	"strings"
	"testing"
)

func TestAudienceHint(t *testing.T) {
	const orgID = "0a1b2c3d-1111-4c1d-9e2f-0a1b2c3d4e5f"
	for _, tt := range []struct{ name, host, want, got, partition, mentions string }{
		{"equal", hostEKS, "sts.amazonaws.com", "sts.amazonaws.com", "aws", ""},
		{"China", "oidc.eks.cn-north-1.amazonaws.com.cn/id/A", "sts.amazonaws.com.cn", "sts.amazonaws.com", "aws-cn", "in China too"},
		{"China's outside China", hostEKS, "sts.amazonaws.com.cn", "sts.amazonaws.com", "aws", "another partition"},
		{"asked for China's", hostEKS, "sts.amazonaws.com", "sts.amazonaws.com.cn", "aws-cn", "asked for"},
		{"regional endpoint", hostEKS, "sts.eu-central-1.amazonaws.com", "sts.amazonaws.com", "aws", "an endpoint of STS"},
		{"regional endpoint with scheme", hostEKS, "https://sts.eu-central-1.amazonaws.com", "sts.amazonaws.com", "aws", "an endpoint of STS"},
		{"asked for a regional endpoint", hostEKS, "sts.amazonaws.com", "sts.eu-west-1.amazonaws.com", "aws", "for its audience"},
		{"misspelt", hostEKS, "sts.amazon.com", "sts.amazonaws.com", "aws", "misspelt"},
		{"blank", hostEKS, "sts.amazonaws.com ", "sts.amazonaws.com", "aws", "␠"},
		{"blank in the token", hostEKS, "sts.amazonaws.com", "sts.amazonaws.com\n", "aws", `\n`},
		{"case", hostEKS, "STS.amazonaws.com", "sts.amazonaws.com", "aws", "capital letters"},
		{"slash", "gitlab.com", "https://gitlab.com/", "https://gitlab.com", "aws", "slash at the end"},
		{"scheme", "gitlab.com", "gitlab.com", "https://gitlab.com", "aws", "https:// in front"},
		{"typing error", hostEKS, "sts.amazonws.com", "sts.amazonaws.com", "aws", "differ in one place"},
		{"GitHub without audience", hostGitHub, "sts.amazonaws.com", "https://github.com/octo", "aws", "asked for no audience"},
		{"GitHub's action", hostGitHub, "https://github.com/octo", "sts.amazonaws.com", "aws", "configure-aws-credentials"},
		{"GitHub with another audience", hostGitHub, "sts.amazonaws.com", "octo", "aws", `audience "octo" (audience: of the step`},
		{"CircleCI", "oidc.circleci.com/org/1", "sts.amazonaws.com", orgID, "aws", "id of the organization"},
		{"Google", "accounts.google.com", "my-audience", "108423917745609128374", "aws", "azp"},
		{"Entra", "login.microsoftonline.com/t/v2.0", "app-1", "app-2", "aws", "azp"},
		{"Cognito", "cognito-identity.amazonaws.com", "us-east-1:1", "us-east-1:2", "aws", `pool "us-east-1:2"`},
		{"kOps", "bucket.s3.eu-west-1.amazonaws.com", "sts.amazonaws.com", "amazonaws.com", "aws", "kOps"},
		{"OpenShift", "rh-oidc.s3.us-east-1.amazonaws.com/1", "sts.amazonaws.com", "openshift", "aws", "OpenShift"},
		{"cluster's own", hostEKS, "sts.amazonaws.com", "https://kubernetes.default.svc", "aws", "cluster's own API"},
		{"Terraform", "app.terraform.io", "sts.amazonaws.com", "aws.workload.identity", "aws", "workload identity"},
		{"GitLab", "gitlab.com", "sts.amazonaws.com", "https://other.example", "aws", "id_tokens"},
		{"nothing to say", "somewhere.example", "a", "b", "aws", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Find(tt.host).AudienceHint(tt.want, tt.got, tt.partition)
			if tt.mentions == "" && got != "" || !strings.Contains(got, tt.mentions) {
				t.Errorf("AudienceHint(%q, %q) = %q, want mention of %q", tt.want, tt.got, got, tt.mentions)
			}
		})
	}
}
