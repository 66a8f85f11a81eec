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

// Value is a single-valued key that the request has.
func Value(s string) Values { return Values{State: Present, List: []string{s}} }

// MultiValue is a multivalued key that the request has.
func MultiValue(ss ...string) Values { return Values{State: Present, Multi: true, List: ss} }

// AbsentValue is a key that the request is known not to have.
var AbsentValue = Values{State: Absent}

// HiddenValue is a key of which nothing is known.
var HiddenValue = Values{}

// Verdict is the outcome of an evaluation.
type Verdict uint8

const (
	Undecided Verdict = iota
	Allowed
	ImplicitlyDenied
	ExplicitlyDenied
)
