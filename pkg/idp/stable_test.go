package idp

import "testing"

func TestStableAndPattern(t *testing.T) {
	const p = "system:serviceaccount:"
	for _, tt := range []struct{ host, sub, stable, pattern string }{
		{hostGitHub, "repo:o/r:ref:refs/heads/main", "repo:o/r:*", ""},
		{hostGitHub, "repo:o/r:pull_request", "repo:o/r:*", ""},
		{hostGitHub, "repo:o/r:ref:refs/tags/v1.2.3", "repo:o/r:*", "repo:o/r:ref:refs/tags/v*"},
		{hostGitHub, "repo:o/r:ref:refs/tags/0.4.2", "repo:o/r:*", "repo:o/r:ref:refs/tags/*"},
		{hostGitHub, "repo:o/r:ref:refs/tags/nightly", "repo:o/r:*", ""},
		{hostGitHub, "repo:o/r:ref:refs/pull/12/merge", "repo:o/r:*", "repo:o/r:ref:refs/pull/*/merge"},
		{hostGitHub, "repo:o@1/r@2:environment:prod", "repo:o@1/r@2:environment:prod", ""},
		{
			hostGitHub, "repo:o/r:pull_request:job_workflow_ref:o/w/.github/workflows/x.yml@refs/pull/7/merge",
			"repo:o/r:*:job_workflow_ref:o/w/.github/workflows/x.yml@*",
			"repo:o/r:pull_request:job_workflow_ref:o/w/.github/workflows/x.yml@refs/pull/*/merge",
		},
		{"gitlab.com", "project_path:g/p:ref_type:tag:ref:v1", "project_path:g/p:ref_type:*:ref:*", ""},
		{
			"agent.buildkite.com", "organization:o:pipeline:p:ref:refs/heads/main:commit:abc:step:deploy",
			"organization:o:pipeline:p:ref:*:commit:*:step:*", "organization:o:pipeline:p:ref:refs/heads/main:commit:*:step:deploy",
		},
		{hostBitbucket, "{1}:{2}:{3}", "{1}:{2}:*", "{1}:{2}:*"},
		{hostBitbucket, "{1}:{3}", "{1}:*", "{1}:*"},
		{"oidc.circleci.com/org/1", "org/1/project/2/user/3", "org/1/project/2/user/*", "org/1/project/2/user/*"},
		{"oidc.fly.io/acme", "acme:web:smoke-1", "acme:web:*", "acme:web:*"},
		{hostEKS, p + "x:provider-aws-4ebd5d8c7cb7", p + "x:provider-aws-*", p + "x:provider-aws-*"},
		{hostEKS, p + "x:node-01", p + "x:node-01", ""},
		{hostEKS, p + "m:12345678-1234-1234-1234-123456789012", p + "m:12345678-1234-1234-1234-123456789012", ""},
		{hostEKS, p + "x-12345678:web", p + "x-12345678:web", ""},
		{"app.terraform.io", "organization:o:workspace:w-12345678:run_phase:plan", "organization:o:workspace:w-12345678:run_phase:plan", ""},
		{hostEKS, p + "x:*-12345678", p + "x:*-*", ""}, // a star of its own must not become a wildcard
		{"somewhere.example", "anything", "anything", ""},
	} {
		provider := Find(tt.host)
		if got := provider.Stable(tt.sub); got != tt.stable {
			t.Errorf("Stable(%q) = %q, want %q", tt.sub, got, tt.stable)
		}
		got, why, ok := provider.Pattern(tt.sub)
		if !ok {
			got = ""
		}
		if got != tt.pattern || ok && why == "" {
			t.Errorf("Pattern(%q) = %q (%s), want %q", tt.sub, got, why, tt.pattern)
		}
	}
}

func TestPatternSaysWhy(t *testing.T) {
	for _, tt := range []struct{ host, sub, why string }{
		{hostGitHub, "repo:o/r:ref:refs/tags/v1.2.3", "the tag is new in every release"},
		{hostGitHub, "repo:o/r:ref:refs/pull/12/merge", "the number is that of one pull request"},
		{hostEKS, "system:serviceaccount:x:provider-aws-4ebd5d8c7cb7", "the ending of the service account's name is made anew"},
		{"agent.buildkite.com", "organization:o:pipeline:p:ref:refs/heads/main:commit:abc:step:", "the commit is new in every build"},
		{"oidc.fly.io/acme", "acme:web:smoke-1", "the machine is new in every deployment"},
		{hostBitbucket, "{1}:{3}", "the step is new in every run"},
		{"oidc.circleci.com/org/1", "org/1/project/2/user/3", "the user is whoever started the run"},
		{hostGitHub, "repo:o/r:ref:refs/heads/main", ""},
	} {
		if _, why, _ := Find(tt.host).Pattern(tt.sub); why != tt.why {
			t.Errorf("Pattern(%q) says %q, want %q", tt.sub, why, tt.why)
		}
	}
}

func TestGeneratedTail(t *testing.T) {
	for _, tt := range []struct{ name, stem, tail string }{
		{"provider-aws-6b36ca882d8e", "provider-aws", "-6b36ca882d8e"},
		{"backup.20241101", "backup", ".20241101"},
		{"app-1a2b3", "app", "-1a2b3"},
		{"app-01HXYZ0123456789ABCDEFGHJK", "app", "-01HXYZ0123456789ABCDEFGHJK"},
		{"app-12345678-1234-1234-1234-123456789012", "app", "-12345678-1234-1234-1234-123456789012"},
		{"12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012", ""},
		{"node-01", "node-01", ""},
		{"web-2", "web-2", ""},
		{"api-v1", "api-v1", ""},
		{"report-2024", "report-2024", ""},
		{"cafe-decade", "cafe-decade", ""}, // hex letters without digit are a word
		{"web-1A2B3C", "web-1A2B3C", ""},
		{"-12345678", "-12345678", ""},
		{"12345678", "12345678", ""},
		{"", "", ""},
	} {
		if stem, tail := GeneratedTail(tt.name); stem != tt.stem || tail != tt.tail {
			t.Errorf("GeneratedTail(%q) = %q, %q, want %q, %q", tt.name, stem, tail, tt.stem, tt.tail)
		}
	}
}

func TestAddon(t *testing.T) {
	for _, tt := range []struct {
		namespace, account, name string
	}{
		{"kube-system", "ebs-csi-controller-sa", "the EBS CSI driver"},
		{"anywhere", "karpenter", "Karpenter"},
		{"kube-system", "test-aws-cluster-autoscaler", "the Cluster Autoscaler"},
		{"apps", "test-cluster-autoscaler", ""},
		{"kube-system", "aws-ebs-csi-driver", "the EBS CSI driver"},
		{"kube-system", "coredns", ""},
		{"", "", ""},
	} {
		if got, ok := Addon(tt.namespace, tt.account); got.Name != tt.name || ok != (tt.name != "") {
			t.Errorf("Addon(%q, %q) = %q, %v, want %q", tt.namespace, tt.account, got.Name, ok, tt.name)
		}
	}
}
