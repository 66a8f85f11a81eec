package idp

import "fmt"

// Hint names one difference between what a policy wants and what a call
// carried. Text is a sentence fragment in lower case that stands alone,
// without full stop and without remedy.
type Hint struct {
	Kind string
	Text string
}

// Kinds of difference in any text.
const (
	KindWhiteSpace   = "white-space"      // equal but for blanks, tabs and line ends
	KindLookAlike    = "look-alike"       // equal but for characters that look like others, or like nothing
	KindLetterCase   = "letter-case"      // equal but for capitals; with a part behind a dash: letter-case-owner
	KindLiteralStar  = "literal-wildcard" // would match as a pattern, but the operator takes the star as it is
	KindTemplate     = "template-residue" // a template was not filled in
	KindVariable     = "policy-variable"  // a policy variable has another value
	KindTyping       = "typing-error"     // one character differs
	KindPart         = "part-differs"     // a part has another value
	KindPartMissing  = "part-missing"     // the wanted value lacks a part of the subject
	KindEndsEarly    = "ends-early"       // the wanted value is right as far as it goes
	KindPartExtra    = "part-extra"       // the wanted value has a part that the subject lacks
	KindForm         = "form-differs"     // the wanted value has not the form of the subject
	KindGenerated    = "generated-name"   // a machine made part of the name
	KindEmpty        = "empty-value"      // a part of the wanted value is empty: a variable without value
	KindDoubledValue = "doubled-prefix"   // the beginning stands twice
)

// Kinds of difference in Kubernetes subjects.
const (
	KindNamespace        = "other-namespace"
	KindServiceAccount   = "other-service-account"
	KindReleaseName      = "release-name"      // a release, cluster or tenant name in front
	KindMissingSuffix    = "missing-suffix"    // the account has an ending that the policy lacks
	KindExtraSuffix      = "extra-suffix"      // the policy has an ending that the account lacks
	KindPlural           = "plural-prefix"     // system:serviceaccounts
	KindPrefix           = "replaced-prefix"   // another first word than system
	KindPrefixMissing    = "missing-prefix"    // no system:serviceaccount: or repo: at all
	KindSeparator        = "separator"         // other punctuation than colons
	KindNamespaceMissing = "missing-namespace" // three words instead of four
	KindAccountMissing   = "missing-account"   // namespace alone
	KindNameTwice        = "name-twice"        // the account's name stands in place of the namespace
	KindOtherComponent   = "other-component"   // the account of a well-known other component
	KindAddonAccount     = "add-on-account"    // the account that the add-on makes by itself is another
)

// Kinds of difference in subjects of CI systems.
const (
	KindEnvironmentForm     = "environment-replaces-ref" // the job names an environment
	KindNoEnvironment       = "no-environment"           // the policy wants one, the job names none
	KindPullRequest         = "pull-request"             // run for a pull request, the policy wants something else
	KindNotPullRequest      = "not-pull-request"         // the policy wants pull_request
	KindTag                 = "tag-instead-of-branch"    // run for a tag
	KindBranch              = "branch-instead-of-tag"    // run for a branch
	KindRefPrefix           = "missing-ref-prefix"       // no ref: or refs/heads/ before the branch
	KindRefPrefixExtra      = "extra-ref-prefix"         // refs/heads/ where the provider writes none
	KindNothingAfter        = "nothing-after-repository" // the pattern ends with the repository
	KindOtherBranch         = "other-branch"
	KindOtherTag            = "other-tag"
	KindOtherEnvironment    = "other-environment"
	KindOwner               = "other-owner" // organization, user or top group
	KindRepository          = "other-repository"
	KindImmutable           = "immutable-ids-missing"     // the subject carries ids, the policy has none
	KindImmutableExtra      = "immutable-ids-not-present" // the policy has ids, the subject none
	KindRenamed             = "renamed"                   // the ids or one name are those wanted, the other name is not
	KindRecycled            = "recycled-name"             // the names are those wanted, the ids are another's
	KindCustomised          = "customised-subject"        // further components, or others than by default
	KindMergeRequest        = "ref-type-mr"               // GitLab knows no ref_type:mr
	KindRefType             = "other-ref-type"
	KindProjectMissing      = "missing-project" // Terraform before projects
	KindOrganization        = "other-organization"
	KindProject             = "other-project"
	KindWorkspace           = "other-workspace"
	KindRunPhase            = "other-run-phase"
	KindPipeline            = "other-pipeline"
	KindRunType             = "other-run-type"
	KindSpace               = "other-space"
	KindStack               = "other-stack"
	KindOperation           = "other-operation"
	KindBracesMissing       = "missing-braces" // Bitbucket's ids stand in braces
	KindStep                = "other-step"
	KindUser                = "other-user"
	KindIdentity            = "other-identity"
	KindServiceConnection   = "other-service-connection"
	KindCompletelyDifferent = "other-subject" // nothing in common
)

// Kinds of difference in provider ARNs.
const (
	KindPartition       = "other-partition"
	KindAccount         = "other-account"
	KindRegion          = "other-region"  // same cluster id, other region in the host
	KindSwappedWords    = "swapped-words" // same words of the host in other order
	KindCluster         = "other-cluster" // same kind of host, other cluster id
	KindScheme          = "scheme-inside" // https:// within the ARN
	KindTrailingSlash   = "trailing-slash"
	KindHostSuffix      = "host-suffix" // -v2 and the like
	KindSameServer      = "same-server" // two hosts of one server
	KindHostPath        = "other-path"  // same host, other path
	KindHost            = "other-host"
	KindEnterpriseHost  = "enterprise-issuer"  // the enterprise's own issuer in place of the shared one, or the reverse
	KindSpellingOfHost  = "misspelt-host"      // a host that vendors' pages or fingers get wrong
	KindNotAProviderARN = "not-a-provider-arn" // something else than the ARN of a provider
	KindBuiltIn         = "built-in-provider"  // an ARN for a provider that IAM has built in
	KindProductHost     = "other-product"      // another provider altogether
)

// hintf makes a hint out of a format; values go through Quote first.
func hintf(kind, format string, args ...any) Hint {
	return Hint{Kind: kind, Text: fmt.Sprintf(format, args...)}
}
