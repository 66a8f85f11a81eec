package diagnose

import (
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Check recognizes one cause. It is a value: its documentation is data, and
// docs/causes.md is generated from it.
type Check struct {
	Code   report.Code
	Title  string   // a noun phrase
	Doc    string   // Markdown: what it is, how it comes about, what to do
	URL    string   // the vendor page it rests on
	Errors []string // the CloudTrail error codes it goes with
	// Supersedes lists causes that are mere consequences of this one where
	// both are found at the same place.
	Supersedes []report.Code
	// Run looks for the cause. It is a pure function of the case.
	Run func(*Case) []Finding
}

// Finding is a cause that was found, with the edits that might cure it.
type Finding struct {
	report.Finding
	Proposals []Proposal        // edits of the trust policy, the best first; shown only once proved
	propose   func() []Proposal // makes the Proposals once the finding is known to stay; nil where they are made
	Covered   bool              // the proposals of another finding cure this one as well
	place     policy.Span
}

// Proposal is a change of the trust policy that is not proved yet.
type Proposal struct {
	Message string
	Edits   []policy.Edit
	Loosens bool
	Admits  string // who else gets in, or who no longer does
	Resort  bool   // shown only where nothing before it holds
	Notes   []string
	// Asked tells of subjects that were not admitted before and that the
	// author asked for beyond what the policy's text says, nil for none.
	Asked func(subject string) bool
}

// Checks lists every cause: facts about the account first, then the trust
// policy from the general to the detail, then what lies beyond it.
var Checks = []*Check{
	roleNotFound,
	explicitDeny,
	actionNotAllowed,
	principalMismatch,
	conditionKeyMalformed,
	conditionKeyOtherProvider,
	conditionKeyUnavailable,
	wildcardInExactOperator,
	subjectMismatch,
	audienceMismatch,
	conditionNotMet,
	sessionTagsNotAllowed,
	sourceIdentityNotAllowed,
	resourceControlPolicyDeny,
	recentlyChanged,
	vpcEndpointPolicyDeny,
	policyChangedSince,
	providerNotFound,
	providerAudienceNotRegistered,
	providerThumbprintMismatch,
	providerUnreachable,
	tokenExpired,
	tokenInvalid,
	tokenRejected,
	regionNotActivated,
	roleARNInvalid,
	sessionDurationTooLong,
	sessionNameInvalid,
	sessionPolicyInvalid,
}

// The CloudTrail error codes, as the reader normalizes them.
const (
	accessDenied         = "AccessDenied"
	invalidIdentityToken = "InvalidIdentityToken"
	expiredToken         = "ExpiredToken"
	idpRejectedClaim     = "IDPRejectedClaim"
	idpCommunication     = "IDPCommunicationError"
	regionDisabled       = "RegionDisabled"
	validationError      = "ValidationError"
	malformedPolicy      = "MalformedPolicyDocument"
	packedPolicyTooLarge = "PackedPolicyTooLarge"
)

// supersede drops findings that are consequences of a more specific one at
// the same place.
func supersede(found []Finding) []Finding {
	var kept []Finding
	for i := range found {
		if superseded(&found[i], found) {
			continue
		}
		if f := &found[i]; f.propose != nil {
			f.Proposals = f.propose()
		}
		kept = append(kept, found[i])
	}
	return kept
}

func superseded(f *Finding, all []Finding) bool {
	for i := range all {
		if all[i].place == f.place && f.place != (policy.Span{}) && codeSupersedes(all[i].Code, f.Code) {
			return true
		}
	}
	return false
}

func codeSupersedes(code, other report.Code) bool {
	for _, k := range Checks {
		if k.Code == code {
			for _, s := range k.Supersedes {
				if s == other {
					return true
				}
			}
		}
	}
	return false
}

// resort makes a proposal one that is shown only where nothing better holds.
func resort(p Proposal) Proposal {
	p.Resort = true
	return p
}
