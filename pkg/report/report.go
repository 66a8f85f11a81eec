// Package report holds the outcome of a diagnosis as data, and renders it.
// Text, Markdown and JSON are rendered from the same value; a rendering never
// computes anything about the case again.
package report

import (
	"encoding/json"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// Schema names the form of the JSON report, described by
// docs/report.schema.json.
const Schema = "rolewhy.report/1"

// Verdict says what came of the diagnosis.
type Verdict string

const (
	Explained   Verdict = "explained"    // at least one cause is certain or likely
	Unexplained Verdict = "unexplained"  // no cause beyond the possible
	AllowedNow  Verdict = "allowed-now"  // the policy as it stands allows the call
	NotADenial  Verdict = "not-a-denial" // the record shows no failed AssumeRoleWithWebIdentity
)

// Caller says whose call it was.
type Caller string

const (
	Known        Caller = "known"        // an issuer of one's own, or an owner that the account trusts
	Stranger     Caller = "stranger"     // open issuer, policies read, nobody trusts this owner
	Undetermined Caller = "undetermined" // it could not be looked at
)

// Code names a cause; docs/causes.md explains each.
type Code string

// Certainty grades a finding: certain follows from present facts, likely is
// one inference away, possible needs a fact that is hidden.
type Certainty string

const (
	Certain  Certainty = "certain"
	Likely   Certainty = "likely"
	Possible Certainty = "possible"
)

// Report is the outcome for one event.
type Report struct {
	Schema           string          `json:"schema"`
	Event            Event           `json:"event"`
	Verdict          Verdict         `json:"verdict"`
	Caller           Caller          `json:"caller"`
	CallerReason     string          `json:"callerReason,omitempty"` // one sentence: why it is called so
	Findings         []Finding       `json:"findings"`               // most important first
	TrustPolicy      string          `json:"trustPolicy,omitempty"`  // the text that was judged, as the user wrote it
	TrustPolicyNote  string          `json:"trustPolicyNote,omitempty"`
	FixedTrustPolicy json.RawMessage `json:"fixedTrustPolicy"`    // null where there is none
	FixedText        string          `json:"fixedText,omitempty"` // the same in the layout of TrustPolicy
	Changes          []Change        `json:"changes,omitempty"`
	Gaps             []Gap           `json:"gaps"`
	Fingerprint      string          `json:"fingerprint"`
}

// Event is the call in question.
type Event struct {
	ID             string    `json:"id,omitempty"`
	Time           time.Time `json:"time,omitzero"`
	Account        string    `json:"account,omitempty"`
	AccountAlias   string    `json:"accountAlias,omitempty"` // empty where it has none or was not looked at
	Region         string    `json:"region,omitempty"`
	Role           string    `json:"role,omitempty"` // ARN as requested
	SessionName    string    `json:"sessionName,omitempty"`
	Tags           []Pair    `json:"tags,omitempty"` // session tags
	SourceIdentity string    `json:"sourceIdentity,omitempty"`
	Provider       string    `json:"provider,omitempty"`     // ARN, or host of a built-in one
	ProviderName   string    `json:"providerName,omitempty"` // in words, for example GitHub Actions
	Issuer         string    `json:"issuer,omitempty"`
	Subject        string    `json:"subject,omitempty"`
	Audience       string    `json:"audience,omitempty"`
	Derived        []Pair    `json:"derived,omitempty"` // read off the subject
	ErrorCode      string    `json:"errorCode,omitempty"`
	ErrorMessage   string    `json:"errorMessage,omitempty"`
	SourceIP       string    `json:"sourceIP,omitempty"`
	UserAgent      string    `json:"userAgent,omitempty"`
}

// Pair is a name with its value.
type Pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Finding is one cause.
type Finding struct {
	Code      Code      `json:"code"`
	Certainty Certainty `json:"certainty"`
	Message   string    `json:"message"`            // what is wrong: lower case, no full stop, stands alone, no remedy
	Where     *Where    `json:"where,omitempty"`    // nil where the fault is not in the policy
	Expected  string    `json:"expected,omitempty"` // what the policy asks for
	Actual    string    `json:"actual,omitempty"`   // what the call carried
	Pattern   bool      `json:"pattern,omitempty"`  // Expected is a pattern with * and ?
	Notes     []string  `json:"notes,omitempty"`    // why
	Fixes     []Fix     `json:"fixes"`              // alternatives, the best first; never null in JSON
	Docs      string    `json:"docs,omitempty"`     // vendor page it rests on
}

// Where is a place in the trust policy (Report.TrustPolicy).
type Where struct {
	Statement int         `json:"statement"`        // from 1
	Path      string      `json:"path"`             // for example Statement[0].Condition.StringEquals["x:sub"]
	Line      int         `json:"line"`             // from 1
	Column    int         `json:"column"`           // from 1, in bytes
	Span      policy.Span `json:"-"`                // in the bytes of TrustPolicy
	Length    int         `json:"length"`           // of the span, in bytes
	Source    string      `json:"source,omitempty"` // other document than the trust policy: its name
	Text      string      `json:"text,omitempty"`   // with Source: the document from Line on, as far as the place goes
}

// Target says what a fix changes.
type Target string

const (
	TrustPolicy Target = "trust-policy"
	Provider    Target = "provider" // the IAM OIDC provider
	CallerSide  Target = "caller"   // workflow, service account, application
	Elsewhere   Target = "elsewhere"
)

// Fix is one change that was evaluated before it is shown.
type Fix struct {
	Message  string        `json:"message"` // verb phrase: what to do, on which object, where
	Target   Target        `json:"target"`
	Edits    []policy.Edit `json:"edits,omitempty"`
	Policy   string        `json:"policy,omitempty"`   // the whole trust policy after the edits
	Commands []string      `json:"commands,omitempty"` // safe to paste; the policy command is made by the renderer
	Loosens  bool          `json:"loosens,omitempty"`  // admits more than the denied call
	Admits   string        `json:"admits,omitempty"`   // who else gets in, or who no longer does
	Notes    []string      `json:"notes,omitempty"`
}

// Change is one change of the role or provider near the denial.
type Change struct {
	Time    time.Time `json:"time"`
	Name    string    `json:"name"` // CloudTrail event name
	By      string    `json:"by"`
	Via     string    `json:"via,omitempty"` // user agent or service
	EventID string    `json:"eventId,omitempty"`
	Effect  string    `json:"effect,omitempty"` // in words, what it did to this call
}

// Gap is something that could not be looked at.
type Gap struct {
	What string `json:"what"`
	Why  string `json:"why"`
}
