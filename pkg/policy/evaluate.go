package policy

// State says what is known of a condition key's value.
type State int8

const (
	Hidden  State = iota // the request has it or not; it cannot be seen
	Absent               // known to be missing from the request
	Present              // Values.List holds it
)

// Values is what is known of one condition key in a request.
type Values struct {
	State State
	Multi bool // the key is multivalued
	List  []string
}

// Request is one call as a policy sees it.
type Request struct {
	Action    string // for example sts:AssumeRoleWithWebIdentity
	Principal string // ARN of the IAM OIDC provider, or the host of a built-in one
	RoleARN   string // matched by Resource in resource control policies
	// Condition tells what is known of a condition key. The key comes as the
	// policy writes it; letter case must not matter.
	Condition func(key string) Values
}

// Verdict is the outcome of an evaluation.
type Verdict uint8

const (
	Undecided Verdict = iota
	Allowed
	ImplicitlyDenied
	ExplicitlyDenied
)

// Reason says why a test came out as it did.
type Reason uint8

// Trace is an evaluation with every part kept.
type Trace struct {
	Doc                     *Document
	Result, Allowed, Denied Result // Result = min(Allowed, -Denied)
	Statements              []StatementTrace
}

// StatementTrace is one statement's part of a Trace.
type StatementTrace struct {
	*Statement
	Result, Principal, Action, Resource, Condition Result
	Principals                                     []ValueTrace
	Actions                                        []ValueTrace
	Conditions                                     []ConditionTrace
}

// ConditionTrace is one condition's part of a Trace.
type ConditionTrace struct {
	*Condition
	Result Result
	Reason Reason
	Got    Values
	Values []ValueTrace // one per value of the condition
}

// ValueTrace is one value's part of a Trace.
type ValueTrace struct {
	*Text
	Expanded string // after policy variables
	Result   Result
	Reason   Reason
}
