package idp

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

const (
	hostGitHub    = "token.actions.githubusercontent.com"
	hostEKS       = "oidc.eks.us-east-1.amazonaws.com/id/A0FF3F1AE0B94D5C8F2E7D6C5B4A53CA"
	hostBitbucket = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
	hostAzure     = "vstoken.dev.azure.com/3f1c2b4a-77de-4c11-9f0b-6a5d4e3c2b10"
	hostUnknown   = "ci.acme.example"
)

type pairTest struct {
	name      string
	want, got string
	pattern   bool
	kinds     string   // kinds of all hints, in order
	mentions  []string // what the first hint's text must hold
}

func runPairs(t *testing.T, host string, tests []pairTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hints := Find(host).Compare(tt.want, tt.got, tt.pattern)
			var kinds []string
			for _, h := range hints {
				kinds = append(kinds, h.Kind)
				checkText(t, h)
			}
			if got := strings.Join(kinds, " "); got != tt.kinds {
				t.Fatalf("Compare(%q, %q)\n got %s\nwant %s\n%v", tt.want, tt.got, got, tt.kinds, hints)
			}
			for _, word := range tt.mentions {
				if !strings.Contains(hints[0].Text, word) {
					t.Errorf("%q does not mention %s", hints[0].Text, word)
				}
			}
		})
	}
}

// checkText holds a hint to the style of messages.
func checkText(t *testing.T, h Hint) {
	t.Helper()
	first := []rune(h.Text)[0]
	if h.Kind == "" || strings.HasSuffix(h.Text, ".") || unicode.IsUpper(first) && !strings.HasPrefix(h.Text, "U+") {
		t.Errorf("hint %+v is not a fragment in lower case without full stop", h)
	}
	if strings.ContainsFunc(h.Text, unicode.IsControl) {
		t.Errorf("hint %q holds control characters", h.Text)
	}
}

func TestCompareKubernetes(t *testing.T) {
	const p = "system:serviceaccount:"
	runPairs(t, hostEKS, []pairTest{
		{"equal", p + "a:b", p + "a:b", false, "", nil},
		{"pattern matches", p + "*:b", p + "a:b", true, "", nil},
		{"namespace", p + "kube-system:app", p + "web:app", false, KindNamespace, []string{`"kube-system"`, `"web"`}},
		{"namespace under a pattern", p + "kube-*:app", p + "web:app", true, KindNamespace, []string{`"kube-*"`}},
		{"account", p + "core:sa2", p + "core:sa1", false, KindServiceAccount, []string{`"sa2"`, `"sa1"`}},
		{"both", p + "blue:worker", p + "red:server", false, KindNamespace + " " + KindServiceAccount, nil},
		{"release in front", p + "ray:ray-user", p + "ray:trainium-ray-user", false, KindReleaseName, []string{`"trainium-"`, "Helm"}},
		{"release in front of a pattern", p + "*:external-dns*", p + "kube-system:private-external-dns", true, KindReleaseName, []string{`"private-"`}},
		{"the name with a wildcard under an exact operator", p + "ray:ray-user*", p + "ray:ray-user", false, KindLiteralStar, nil},
		{"release wanted", p + "karpenter:demo-karpenter", p + "karpenter:karpenter", false, KindReleaseName + " " + KindAddonAccount, []string{`"demo-"`}},
		{"two hashes", p + "x:provider-aws-6b36ca882d8e", p + "x:provider-aws-4ebd5d8c7cb7", false, KindGenerated, []string{"6b36ca882d8e", "4ebd5d8c7cb7"}},
		{"hash behind", p + "x:provider-aws", p + "x:provider-aws-4ebd5d8c7cb7", false, KindGenerated, []string{`"-4ebd5d8c7cb7"`}},
		{"time stamp behind", p + "x:backup", p + "x:backup-20241101093000", false, KindGenerated, []string{`"-20241101093000"`}},
		{"other stem, generated tail", p + "x:provider-aws-*", p + "x:provider-jet-aws-302696b1dbdb", true, KindServiceAccount + " " + KindGenerated, nil},
		{"numbered name is no hash", p + "x:node-01", p + "x:node-02", false, KindServiceAccount, nil},
		{"missing suffix", p + "x:runner", p + "x:runner-non-spot", false, KindMissingSuffix, []string{`"-non-spot"`}},
		{"suffix too many", p + "x:runner-sa", p + "x:runner", false, KindExtraSuffix, []string{`"-sa"`}},
		{"plural", "system:serviceaccounts:air:admin", p + "air:admin", false, KindPlural, []string{`"serviceaccounts"`}},
		{"plural and namespace", "system:serviceaccounts:air:admin", p + "sea:admin", false, KindPlural + " " + KindNamespace, nil},
		{"prefix twice", p + p + "a:b", p + "a:b", false, KindDoubledValue, []string{`"system:serviceaccount:"`}},
		{"system twice", "system:system:serviceaccount:a:b", p + "a:b", false, KindDoubledValue, nil},
		{"first word replaced", "mz-dev:serviceaccount:m:n", p + "m:n", false, KindPrefix, []string{`"mz-dev"`, `"system"`}},
		{"second word", "system:service-account:m:n", p + "m:n", false, KindPrefix, []string{`"service-account"`}},
		{"namespace missing", p + "runner-dev", p + "runners:runner-dev", false, KindNamespaceMissing, []string{`"runners"`}},
		{"account missing", p + "runners", p + "runners:dev", false, KindAccountMissing, []string{`"runners"`}},
		{"prefix missing", "runners:dev", p + "runners:dev", false, KindPrefixMissing, []string{`"system:serviceaccount:"`}},
		{"slash", p + "runners/dev", p + "runners:dev", false, KindSeparator, nil},
		{"full stops", "system.serviceaccount.runners.dev", p + "runners:dev", false, KindSeparator, nil},
		{"namespace in other case", p + "Apps:web", p + "apps:job", false, KindLetterCase + "-namespace " + KindServiceAccount, nil},
		{"policy variable", p + "${aws:RequestTag/ns}:web", p + "apps:job", true, KindServiceAccount, nil},
		{"policy variable that might fit", p + "${aws:RequestTag/ns}:web", p + "apps:web", true, KindVariable, []string{`"${aws:RequestTag/ns}"`}},
		{"namespace and part of it missing", p + "ghost", p + "runners:dev", false, KindNamespaceMissing + " " + KindServiceAccount, nil},
		{"word too many", p + "a:b:b", p + "a:b", false, KindPartExtra, nil},
		{"name twice", p + "operator:operator", p + "registry:operator", false, KindNameTwice, []string{`"operator"`, `"registry"`}},
		{"empty namespace", p + ":b", p + "a:b", false, KindEmpty, []string{"namespace"}},
		{"empty account", p + "a:", p + "a:b", false, KindEmpty, []string{"service account"}},
		{"other component", p + "kube-system:ebs-csi-controller-sa", p + "custom:backup", false, KindOtherComponent + " " + KindNamespace + " " + KindServiceAccount, []string{"the EBS CSI driver"}},
		{"other component, same namespace", p + "kube-system:aws-node", p + "kube-system:coredns", false, KindOtherComponent + " " + KindServiceAccount, []string{"the VPC CNI"}},
		{"name that the add-on never had", p + "kube-system:aws-ebs-csi-driver", p + "kube-system:ebs-csi-controller-sa", false, KindServiceAccount + " " + KindAddonAccount, nil},
		{"typing error", p + "kube-system:recieve", p + "kube-system:receive", false, KindTyping, []string{"recieve"}},
		{"typing error in the namespace", p + "kube-sytem:app", p + "kube-system:app", false, KindTyping, []string{"kube-sytem"}},
		{"letter case", p + "apps:MyApp", p + "apps:myapp", false, KindLetterCase + "-service-account", []string{"MyApp"}},
		{"letter case and namespace", p + "blue:MyApp", p + "red:myapp", false, KindNamespace + " " + KindLetterCase + "-service-account", nil},
		{"template", p + "${namespace}:app", p + "web:app", false, KindTemplate, []string{`"${namespace}"`}},
		{"place holder", p + "<namespace>:app", p + "web:app", false, KindTemplate, []string{`"<namespace>"`}},
		{"star taken literally", p + "*:app", p + "web:app", false, KindLiteralStar, []string{`"system:serviceaccount:*:app"`}},
		{"star and another fault", p + "*:app", p + "web:job", false, KindServiceAccount + " " + KindLiteralStar, nil},
		{"trailing blank", p + "web:app ", p + "web:app", false, KindWhiteSpace, []string{"␠", "at its end"}},
		{"no-break space", p + "web:\u00a0app", p + "web:app", false, KindWhiteSpace, []string{`⟨U+00A0⟩`, "U+00A0"}},
		{"zero width", p + "web:a\u200bpp", p + "web:app", false, KindLookAlike, []string{`⟨U+200B⟩`}},
		{"Cyrillic", p + "web:\u0430pp", p + "web:app", false, KindLookAlike, []string{"Cyrillic", `⟨U+0430⟩`}},
		{"audience in its place", "sts.amazonaws.com", p + "web:app", false, KindForm, nil},
		{"role ARN in its place", "arn:aws:iam::123456789012:role/x", p + "web:app", false, KindForm, nil},
	})
}

func TestCompareGitHub(t *testing.T) {
	runPairs(t, hostGitHub, []pairTest{
		{"environment for ref", "repo:o/r:ref:refs/heads/main", "repo:o/r:environment:prod", false, KindEnvironmentForm, []string{`"prod"`, `"ref:refs/heads/main"`}},
		{"environment for pull request", "repo:o/r:pull_request", "repo:o/r:environment:prod", false, KindEnvironmentForm, nil},
		{"environment missing", "repo:o/r:environment:prod", "repo:o/r:ref:refs/heads/main", false, KindNoEnvironment, []string{`"prod"`}},
		{"environment missing in a pull request", "repo:o/r:environment:prod", "repo:o/r:pull_request", false, KindPullRequest, nil},
		{"other environment", "repo:o/r:environment:prod", "repo:o/r:environment:staging", false, KindOtherEnvironment, []string{`"prod"`, `"staging"`}},
		{"environment in other case", "repo:o/r:environment:Prod", "repo:o/r:environment:prod", false, KindLetterCase + "-environment", []string{`"Prod"`}},
		{"pull request", "repo:o/r:ref:refs/heads/*", "repo:o/r:pull_request", true, KindPullRequest, []string{`"pull_request"`}},
		{"no pull request", "repo:o/r:pull_request", "repo:o/r:ref:refs/heads/main", false, KindNotPullRequest, nil},
		{"tag", "repo:o/r:ref:refs/heads/*", "repo:o/r:ref:refs/tags/0.4.2", true, KindTag, []string{`"0.4.2"`, "wants a branch"}},
		{"branch", "repo:o/r:ref:refs/tags/v*", "repo:o/r:ref:refs/heads/main", true, KindBranch, []string{`"main"`}},
		{"other branch", "repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/heads/develop", false, KindOtherBranch, []string{`"main"`, `"develop"`}},
		{"branch in other case", "repo:o/r:ref:refs/heads/Main", "repo:o/r:ref:refs/heads/main", false, KindLetterCase + "-branch", nil},
		{"other tag", "repo:o/r:ref:refs/tags/v1", "repo:o/r:ref:refs/tags/w2", false, KindOtherTag, nil},
		{"bare branch", "repo:o/r:main", "repo:o/r:ref:refs/heads/main", false, KindRefPrefix, []string{`"main"`}},
		{"refs without ref", "repo:o/r:refs/heads/main", "repo:o/r:ref:refs/heads/main", false, KindRefPrefix, nil},
		{"ref without refs/heads", "repo:o/r:ref:main", "repo:o/r:ref:refs/heads/main", false, KindRefPrefix, []string{`"refs/heads/"`}},
		{"refs without ref and other branch", "repo:o/r:refs/heads/main", "repo:o/r:ref:refs/heads/dev", false, KindRefPrefix, []string{`"ref:"`}},
		{"nothing after the repository", "repo:o/r", "repo:o/r:pull_request", true, KindNothingAfter, []string{`":pull_request"`}},
		{"owner alone", "repo:octo", "repo:octo/r:pull_request", true, KindPartMissing, []string{"repository"}},
		{"tag without refs/tags", "repo:o/r:ref:v1", "repo:o/r:ref:refs/tags/v1", false, KindRefPrefix, []string{`"refs/tags/"`}},
		{"refs/heads twice", "repo:o/r:ref:refs/heads/refs/heads/main", "repo:o/r:ref:refs/heads/main", false, KindDoubledValue, nil},
		{"other ref", "repo:o/r:ref:refs/pull/1/merge", "repo:o/r:ref:refs/heads/main", false, KindOtherBranch, []string{`"refs/pull/1/merge"`, `"main"`}},
		{"typing error in the branch", "repo:o/r:ref:refs/heads/relaese", "repo:o/r:ref:refs/heads/release", false, KindTyping, nil},
		{"unknown word behind the repository", "repo:o/r:branch", "repo:o/r:ref:refs/heads/main", false, KindForm, nil},
		{"customised context wanted", "repo:o/r:workflow:deploy", "repo:o/r:ref:refs/heads/main", false, KindCustomised, nil},
		{"components wanted at the end", "repo:o/r:pull_request:workflow:w", "repo:o/r:pull_request", false, KindCustomised, nil},
		{"other branch and components", "repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/heads/dev:workflow:w", false, KindOtherBranch + " " + KindCustomised, nil},
		{"repository renamed with ids", "repo:o@1/old@2:*", "repo:o@1/new@2:pull_request", true, KindRenamed, []string{"same id"}},
		{"owner open, ids wanted", "repo:o@1/*", "repo:o@2/r@3:pull_request", true, KindRecycled, nil},
		{"ref without repository", "ref:refs/heads/main", "repo:o/r:ref:refs/heads/main", false, KindPrefixMissing, []string{`"repo:o/r"`}},
		{"colon and nothing", "repo:o/r:", "repo:o/r:pull_request", false, KindEmpty, nil},
		{"owner in other case", "repo:Octo/r:*", "repo:octo/r:pull_request", true, KindLetterCase + "-owner", []string{`"Octo"`}},
		{"repository in other case", "repo:octo/Site:*", "repo:octo/site:pull_request", true, KindLetterCase + "-repository", []string{`"Site"`}},
		{"both in other case", "repo:Octo/Site:*", "repo:octo/site:pull_request", true, KindLetterCase + "-owner " + KindLetterCase + "-repository", nil},
		{"case and context", "repo:Octo/r:ref:refs/heads/main", "repo:octo/r:environment:prod", false, KindLetterCase + "-owner " + KindEnvironmentForm, nil},
		{"other repository", "repo:o/alpha:*", "repo:o/beta:pull_request", true, KindRepository, []string{`"alpha"`, `"beta"`}},
		{"other owner", "repo:us/r:*", "repo:them/r:pull_request", true, KindOwner, []string{`"us"`, `"them"`}},
		{"both other", "repo:us/a:*", "repo:them/b:pull_request", true, KindOwner + " " + KindRepository, nil},
		{"typing error", "repo:octo/recieve:*", "repo:octo/receive:pull_request", true, KindTyping, nil},
		{"ids missing", "repo:o/r:*", "repo:o@1/r@2:ref:refs/heads/main", true, KindImmutable, []string{`"o@1/r@2"`}},
		{"ids missing, whole owner", "repo:o/*", "repo:o@1/r@2:ref:refs/heads/main", true, KindImmutable, nil},
		{"ids missing and other context", "repo:o/r:ref:refs/heads/main", "repo:o@1/r@2:environment:prod", false, KindImmutable + " " + KindEnvironmentForm, nil},
		{"owner renamed", "repo:old/r:*", "repo:new@1/r@2:pull_request", true, KindRenamed + " " + KindImmutable, []string{`"old"`, `"new"`}},
		{"repository renamed", "repo:o/old:*", "repo:o@1/new@2:pull_request", true, KindRenamed + " " + KindImmutable, []string{`"old"`, `"new"`}},
		{"stranger with ids", "repo:us/a:*", "repo:them@1/b@2:pull_request", true, KindOwner + " " + KindRepository + " " + KindImmutable, nil},
		{"renamed with ids", "repo:old@1/r@2:*", "repo:new@1/r@2:pull_request", true, KindRenamed, []string{"same id"}},
		{"recycled", "repo:o@1/r@2:*", "repo:o@1/r@3:pull_request", true, KindRecycled, []string{`"1/2"`, `"1/3"`}},
		{"recycled owner", "repo:o@1/r@2:*", "repo:o@9/r@8:pull_request", true, KindRecycled, nil},
		{"other repository of the owner", "repo:o@1/r@2:*", "repo:o@1/s@3:pull_request", true, KindRepository, nil},
		{"ids not present", "repo:o@1/r@2:*", "repo:o/r:pull_request", true, KindImmutableExtra, nil},
		{"customised", "repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/heads/main:workflow:w:job_workflow_ref:o/w/.github/workflows/x.yml@refs/heads/main", true, KindCustomised, []string{`":workflow:w:job_workflow_ref:`}},
		{"customised, repository not first", "repo:o/r:*", "repository_owner:o:environment:prod", true, KindCustomised, nil},
		{"customised in the policy", "repository_owner:o:environment:prod", "repo:o/r:environment:prod", false, KindCustomised, nil},
		{"other reusable workflow", "repo:o/r:pull_request:job_workflow_ref:a", "repo:o/r:pull_request:job_workflow_ref:b", false, KindCustomised, nil},
		{"repo: missing", "o/r:ref:refs/heads/main", "repo:o/r:ref:refs/heads/main", false, KindPrefixMissing, []string{`"repo:"`}},
		{"address", "https://github.com/o/r", "repo:o/r:ref:refs/heads/main", false, KindPrefixMissing, nil},
		{"address behind repo:", "repo:https://github.com/o/r:*", "repo:o/r:pull_request", true, KindForm, nil},
		{"repository:", "repository:o/r:pull_request", "repo:o/r:pull_request", false, KindPrefix, nil},
		{"repo: twice", "repo:repo:o/r:*", "repo:o/r:pull_request", true, KindDoubledValue, nil},
		{"owner empty", "repo:/r:*", "repo:o/r:pull_request", true, KindEmpty, nil},
		{"repository empty", "repo:o/:*", "repo:o/r:pull_request", true, KindEmpty, nil},
		{"blank within", "repo: o/r:*", "repo:o/r:pull_request", true, KindWhiteSpace, nil},
		{"long dash", "repo:my–org/r:*", "repo:my-org/r:pull_request", true, KindLookAlike, []string{"U+2013"}},
		{"wildcard under StringEquals", "repo:o/r:*", "repo:o/r:pull_request", false, KindLiteralStar, nil},
	})
}

func TestCompareOthers(t *testing.T) {
	const tf = "organization:o:project:Default Project:workspace:w:run_phase:plan"
	for _, group := range []struct {
		host  string
		tests []pairTest
	}{
		{"gitlab.com", []pairTest{
			{"ref_type:mr", "project_path:g/p:ref_type:mr:ref:*", "project_path:g/p:ref_type:branch:ref:x", true, KindMergeRequest, []string{`"ref_type:mr"`, `"branch"`}},
			{"refs/heads", "project_path:g/p:ref_type:branch:ref:refs/heads/main", "project_path:g/p:ref_type:branch:ref:main", false, KindRefPrefixExtra, nil},
			{"other ref", "project_path:g/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:branch:ref:dev", false, KindOtherBranch, []string{`branch "main"`, `"dev"`}},
			{"tag", "project_path:g/p:ref_type:branch:ref:*", "project_path:g/p:ref_type:tag:ref:v1", true, KindTag, []string{`the tag "v1"`, "wants a branch"}},
			{"branch", "project_path:g/p:ref_type:tag:ref:v*", "project_path:g/p:ref_type:branch:ref:main", true, KindBranch, []string{`the branch "main"`, `a tag like "v*"`}},
			{"project", "project_path:g/p:*", "project_path:g/q:ref_type:branch:ref:main", true, KindProject, nil},
			{"group", "project_path:g/p:*", "project_path:h/p:ref_type:branch:ref:main", true, KindOwner, nil},
			{"typing error", "project_path:g/recieve:*", "project_path:g/receive:ref_type:branch:ref:main", true, KindTyping, nil},
			{"case and ref", "project_path:G/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:branch:ref:dev", false, KindLetterCase + "-project", nil},
			{"project without group", "project_path:p:*", "project_path:g/p:ref_type:branch:ref:main", true, KindOwner, nil},
			{"nested group", "project_path:g/p:*", "project_path:g/sub/p:ref_type:branch:ref:main", true, KindOwner, []string{`"g/sub"`}},
			{"case", "project_path:G/p:*", "project_path:g/p:ref_type:branch:ref:main", true, KindLetterCase + "-group", nil},
			{"nothing after", "project_path:g/p", "project_path:g/p:ref_type:branch:ref:main", true, KindNothingAfter, nil},
			{"prefix", "g/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:branch:ref:main", false, KindPrefixMissing, nil},
			{"no ref_type", "project_path:g/p:ref:main", "project_path:g/p:ref_type:branch:ref:main", false, KindPartMissing, nil},
		}},
		{"app.terraform.io", []pairTest{
			{"project missing", "organization:o:workspace:w:run_phase:*", tf, true, KindProjectMissing, []string{`"Default Project"`}},
			{"project missing, exact", "organization:o:workspace:w:run_phase:plan", tf, false, KindProjectMissing, nil},
			{"workspace", "organization:o:project:Default Project:workspace:v:run_phase:*", tf, true, KindWorkspace, []string{`"v"`, `"w"`}},
			{"phase", "organization:o:project:*:workspace:w:run_phase:apply", tf, true, KindRunPhase, []string{`"apply"`, `"plan"`}},
			{"project", "organization:o:project:default:workspace:w:run_phase:plan", tf, false, KindProject, nil},
			{"organization", "organization:other:*", tf, true, KindOrganization, nil},
			{"workspace and phase", "organization:o:project:*:workspace:v:run_phase:apply", tf, true, KindWorkspace + " " + KindRunPhase, nil},
			{"star over a part", "organization:o:*:run_phase:apply", tf, true, KindRunPhase, nil},
		}},
		{"agent.buildkite.com", []pairTest{
			{"ends with the branch", "organization:o:pipeline:b:ref:refs/heads/main", "organization:o:pipeline:b:ref:refs/heads/main:commit:c:step:", true, KindEndsEarly, []string{"ends with the branch", `":commit:…:step:"`}},
			{"ends with the pipeline", "organization:o:pipeline:*", "organization:o:pipeline:b:ref:refs/heads/main:commit:c:step:", false, KindLiteralStar, nil},
			{"empty step", "organization:o:pipeline:a", "organization:o:pipeline:b:ref:refs/heads/main:commit:c:step:", false, KindPipeline + " " + KindPartMissing + " " + KindPartMissing, nil},
			{"pipeline", "organization:o:pipeline:a:*", "organization:o:pipeline:b:ref:refs/heads/main:commit:c:step:", true, KindPipeline, nil},
			{"commit", "organization:o:pipeline:b:ref:refs/heads/main:commit:aaa:step:", "organization:o:pipeline:b:ref:refs/heads/main:commit:bbb:step:", false, KindGenerated, []string{"commit"}},
			{"step", "organization:o:pipeline:b:ref:refs/heads/main:commit:c:step:test", "organization:o:pipeline:b:ref:refs/heads/main:commit:c:step:deploy", false, KindStep, nil},
			{"branch", "organization:o:pipeline:b:ref:refs/heads/main:*", "organization:o:pipeline:b:ref:refs/heads/dev:commit:c:step:", true, KindOtherBranch, nil},
		}},
		{"oidc.circleci.com", []pairTest{
			{"project", "org/o/project/p/*", "org/o/project/q/user/u", true, KindProject, []string{`"p"`, `"q"`}},
			{"user", "org/o/project/p/user/a", "org/o/project/p/user/b", false, KindGenerated, []string{"whoever started the run"}},
		}},
		{"api.pulumi.com/oidc", []pairTest{
			{"operation", "pulumi:deploy:org:o:project:p:stack:s:operation:update:scope:write", "pulumi:deploy:org:o:project:p:stack:s:operation:preview:scope:write", false, KindOperation, nil},
		}},
		{hostBitbucket, []pairTest{
			{"braces", "11:*", "{11}:{22}", true, KindBracesMissing, nil},
			{"braces and repository", "33:*", "{11}:{22}", true, KindBracesMissing + " " + KindRepository, nil},
			{"repository", "{33}:*", "{11}:{22}", true, KindRepository, nil},
			{"step", "{11}:{33}", "{11}:{22}", false, KindGenerated, []string{"step"}},
		}},
		{hostAzure, []pairTest{
			{"connection", "sc://o/p/a", "sc://o/p/b", false, KindServiceConnection, nil},
			{"project in other case", "sc://o/payments/a", "sc://o/Payments/a", false, KindLetterCase + "-project", nil},
		}},
		{"acme.app.spacelift.io", []pairTest{
			{"scope", "space:root:stack:s:run_type:TRACKED:scope:write", "space:root:stack:s:run_type:TRACKED:scope:read", false, KindPart, []string{"scope"}},
			{"run type", "space:root:stack:s:run_type:TRACKED:*", "space:root:stack:s:run_type:PROPOSED:scope:read", true, KindRunType, nil},
			{"stack", "space:root:stack:a:*", "space:root:stack:b:run_type:TASK:scope:write", true, KindStack, nil},
			{"space", "space:prod:*", "space:prod-01JABCDEFGHJKMNPQRSTVWXYZ0:stack:s:run_type:TASK:scope:write", true, KindSpace, nil},
		}},
		{"tenant.auth0.com/", []pairTest{
			{"user", "auth0|1", "auth0|2", false, KindUser, nil},
			{"application for user", "auth0|1", "1@clients", false, KindCompletelyDifferent, nil},
		}},
		{"accounts.google.com", []pairTest{
			{"identity", "101", "202", false, KindIdentity, nil},
		}},
		{hostUnknown, []pairTest{
			{"key and value", "team:a:app:x", "team:a:app:y", false, KindPart, []string{"app"}},
			{"part missing", "team:a", "team:a:app:y", false, KindPartMissing, []string{`"y"`}},
			{"part extra", "team:a:app:y", "team:a", false, KindPartExtra, nil},
			{"numbered parts", "a/b/c", "a/x/c", false, KindPart, []string{"part 2"}},
			{"addresses", "https://jenkins/job/a", "https://jenkins/job/b", false, KindCompletelyDifferent, []string{`"https://jenkins/job/a"`, `the subject is "https://jenkins/job/b"`}},
			{"nothing alike", "team", "https://jenkins/job", false, KindCompletelyDifferent, nil},
			{"case", "Alice@acme.com", "alice@acme.com", false, KindLetterCase + "-subject", nil},
			{"beginning twice", "user:user:a", "user:a", false, KindDoubledValue, nil},
		}},
	} {
		t.Run(Find(group.host).ID, func(t *testing.T) { runPairs(t, group.host, group.tests) })
	}
}

// TestAddonNote: what a guide names and the chart never makes is told as such.
func TestAddonNote(t *testing.T) {
	const p = "system:serviceaccount:kube-system:"
	hints := eks.Compare(p+"alb-ingress-controller", p+"aws-load-balancer-controller", false)
	want := `the AWS Load Balancer Controller makes no account "alb-ingress-controller"; "aws-load-balancer-controller" is its usual one`
	if len(hints) != 2 || hints[1].Text != want {
		t.Errorf("hints %v, want %s", hints, want)
	}
}

// TestCompareIsBounded: a value with nothing right in it must not fill the
// report.
func TestCompareIsBounded(t *testing.T) {
	hints := unknown.Compare("a:1:b:1:c:1:d:1:e:1:f:1", "a:2:b:2:c:2:d:2:e:2:f:2", false)
	if len(hints) != maxHints {
		t.Errorf("%d hints, want %d", len(hints), maxHints)
	}
	if slices.ContainsFunc(hints, func(h Hint) bool { return h.Kind != KindPart }) {
		t.Errorf("hints %v", hints)
	}
}
