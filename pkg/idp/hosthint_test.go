package idp

import (
	"strings"
	"testing"
)

func TestHostHints(t *testing.T) {
	const (
		arn   = "arn:aws:iam::111122223333:oidc-provider/"
		id    = "/id/A0FF3F1AE0B94D5C8F2E7D6C5B4A53CA"
		east  = arn + "oidc.eks.us-east-1.amazonaws.com" + id
		other = "/id/B1FF3F1AE0B94D5C8F2E7D6C5B4A53CB"
	)
	for _, tt := range []struct{ name, want, got, kinds string }{
		{"equal", east, east, ""},
		{"partition", strings.Replace(east, "aws:", "aws-us-gov:", 1), east, KindPartition},
		{"account", strings.Replace(east, "1111", "9999", 1), east, KindAccount},
		{"account and region", "arn:aws:iam::999922223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com" + id, east, KindAccount + " " + KindRegion},
		{"region", arn + "oidc.eks.eu-west-1.amazonaws.com" + id, east, KindRegion},
		{"swapped words", arn + "oidc.us-east-1.eks.amazonaws.com" + id, east, KindSwappedWords},
		{"other cluster", arn + "oidc.eks.us-east-1.amazonaws.com" + other, east, KindCluster},
		{"other cluster elsewhere", arn + "oidc.eks.eu-west-1.amazonaws.com" + other, east, KindCluster},
		{"scheme", arn + "https://oidc.eks.us-east-1.amazonaws.com" + id, east, KindScheme},
		{"host alone", "oidc.eks.us-east-1.amazonaws.com" + id, east, KindNotAProviderARN},
		{"role ARN", "arn:aws:iam::111122223333:role/x", east, KindNotAProviderARN},
		{"template", arn + "${replace(x)}", east, KindTemplate},
		{"go template", arn + "oidc.eks.{.Region}.amazonaws.com/id/{.ID}", east, KindTemplate},
		{"angle brackets", arn + "oidc.eks.us-east-1.amazonaws.com/id/<ID>", east, KindTemplate},
		{"slash missing", arn + "tenant.auth0.com", arn + "tenant.auth0.com/", KindTrailingSlash},
		{"slash too many", arn + "gitlab.com/", arn + "gitlab.com", KindTrailingSlash},
		{"suffix", arn + "s3.cn-north-1.amazonaws.com.cn/x-oidc", arn + "s3.cn-north-1.amazonaws.com.cn/x-oidc-v2", KindHostSuffix},
		{"suffix in the policy", arn + "s3.eu-west-1.amazonaws.com/x-oidc-v2", arn + "s3.eu-west-1.amazonaws.com/x-oidc", KindHostSuffix},
		{"capitals", arn + "oidc.eks.us-east-1.amazonaws.com" + strings.ToLower(id), east, KindLetterCase},
		{"dual-stack", arn + "oidc-eks.us-east-1.api.aws" + id, east, KindSameServer},
		{"S3 by dash", arn + "s3-eu-west-1.amazonaws.com/x", arn + "s3.eu-west-1.amazonaws.com/x", KindSameServer},
		{"S3 by bucket", arn + "x.s3.eu-west-1.amazonaws.com", arn + "s3.eu-west-1.amazonaws.com/x", KindSameServer},
		{"S3 of a region", arn + "s3.us-east-1.amazonaws.com/x", arn + "s3.us-west-2.amazonaws.com/x", KindRegion},
		{"path missing", arn + "windmill.acme.com", arn + "windmill.acme.com/api/oidc/", KindHostPath},
		{"path too many", arn + "gitlab.acme.com/oidc", arn + "gitlab.acme.com", KindHostPath},
		{"other path", arn + "s3.eu-west-1.amazonaws.com/a-provider", arn + "s3.eu-west-1.amazonaws.com/a-pod", KindHostPath},
		{"enterprise", arn + hostGitHub, arn + hostGitHub + "/octo", KindEnterpriseHost},
		{"ghe.com", arn + hostGitHub, arn + "token.actions.va.ghe.com", KindEnterpriseHost},
		{"old host", arn + "vstoken.actions.githubusercontent.com", arn + hostGitHub, KindSpellingOfHost},
		{"misspelt", arn + "tokens.actions.githubusercontent.com", arn + hostGitHub, KindSpellingOfHost},
		{"other product", arn + "gitlab.com", arn + hostGitHub, KindProductHost},
		{"unknown hosts", arn + "a.example", arn + "something-else.example", KindHost},
		{"built in", arn + "accounts.google.com", "accounts.google.com", KindBuiltIn},
		{"built in of GovCloud", "cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com", KindHost},
		{"key hosts", "gitlab.com/", "gitlab.com", KindTrailingSlash},
		{"ARN beside a key host", arn + "gitlab.acme.com/x", "gitlab.acme.com", KindHostPath},
		{"built in, other call", "cognito-identity.amazonaws.com", east, KindProductHost},
		{"blank", east + " ", east, KindWhiteSpace},
		{"zero width", arn + "\u200bgitlab.com", arn + "gitlab.com", KindLookAlike},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var kinds []string
			for _, h := range HostHints(tt.want, tt.got) {
				kinds = append(kinds, h.Kind)
				checkText(t, h)
			}
			if got := strings.Join(kinds, " "); got != tt.kinds {
				t.Errorf("HostHints(%q, %q)\n got %s %v\nwant %s", tt.want, tt.got, got, HostHints(tt.want, tt.got), tt.kinds)
			}
		})
	}
}

func TestCallerFix(t *testing.T) {
	for _, tt := range []struct{ host, want, got, kind, fix string }{
		{hostEKS, "system:serviceaccount:a:x", "system:serviceaccount:b:x", KindNamespace, `run the pod in namespace "a"`},
		{hostEKS, "system:serviceaccount:a:x", "system:serviceaccount:a:y", KindServiceAccount, `let the pod run under the service account "x"`},
		{hostEKS, "system:serviceaccount:a:x-*", "system:serviceaccount:a:y", KindServiceAccount, ""},
		{hostGitHub, "repo:o/r:environment:prod", "repo:o/r:pull_request", KindNoEnvironment, `set environment: of the job to "prod"`},
		{hostGitHub, "repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/heads/dev", KindOtherBranch, `run the job on the branch "main"`},
		{hostGitHub, "repo:o/r:*", "repo:o/s:pull_request", KindRepository, ""},
		{"oidc.vercel.com", "owner:a:project:p:environment:production", "owner:a:project:p:environment:preview", KindOtherEnvironment, `deploy to the environment "production"`},
		{"gitlab.com", "project_path:g/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:branch:ref:dev", KindOtherBranch, `run the pipeline on the branch "main"`},
		{"gitlab.com", "project_path:g/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:tag:ref:v1", KindTag, `run the pipeline on the branch "main"`},
		{"gitlab.com", "project_path:g/p:ref_type:branch:ref:*", "project_path:g/p:ref_type:tag:ref:v1", KindTag, ""},
		{hostGitHub, "repo:o/r:ref:refs/tags/v1", "repo:o/r:ref:refs/heads/main", KindBranch, `run it for the tag "v1"`},
		{"api.pulumi.com/oidc", "pulumi:deploy:org:o:project:p:stack:prod:operation:update:scope:write", "pulumi:deploy:org:o:project:p:stack:dev:operation:update:scope:write", KindStack, `run it in the stack "prod"`},
		{"api.pulumi.com/oidc", "pulumi:deploy:org:o:project:p:stack:prod:operation:update:scope:write", "pulumi:deploy:org:o:project:p:stack:prod:operation:preview:scope:write", KindOperation, `let this operation use another role than the one for "update"`},
	} {
		if got := Find(tt.host).CallerFix(Hint{Kind: tt.kind}, tt.want, tt.got); got != tt.fix {
			t.Errorf("CallerFix(%s, %q) = %q, want %q", tt.kind, tt.want, got, tt.fix)
		}
	}
}

func TestAudienceFix(t *testing.T) {
	for _, tt := range []struct{ host, want, mentions string }{
		{hostGitHub, "sts.amazonaws.com", `configure-aws-credentials to "sts.amazonaws.com"`},
		{hostEKS, "x", "annotation eks.amazonaws.com/audience"},
		{hostEKS, "x*", ""},
		{hostBitbucket, "x", ""},
	} {
		got := Find(tt.host).AudienceFix(tt.want)
		if tt.mentions == "" && got != "" || !strings.Contains(got, tt.mentions) {
			t.Errorf("AudienceFix(%q) of %s = %q", tt.want, tt.host, got)
		}
	}
}

func TestQuote(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"plain", `"plain"`},
		{"", `""`},
		{" a b ", `"␠a b␠"`},
		{"  ", `"␠␠"`},
		{"a\nb\t\x1b[31m", `"a\nb\t⟨U+001B⟩[31m"`},
		{"a\"b\\", `"a\"b\\"`},
		{"\u202eabc", `"⟨U+202E⟩abc"`},
		{"Zürich", `"Zürich"`},
		{"\u0430", `"⟨U+0430⟩"`},
		{"\xff", `"\xff"`},
		{strings.Repeat("a", 100) + strings.Repeat("b", 100), `"` + strings.Repeat("a", 60) + "…" + strings.Repeat("b", 60) + `"`},
	} {
		if got := Quote(tt.in); got != tt.want {
			t.Errorf("Quote(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}
