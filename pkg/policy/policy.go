// Package policy parses IAM trust policies and resource control policies with
// the place of every part, evaluates them for one request into a trace that
// keeps every part, and applies edits to the text the user wrote.
//
// It knows nothing of events, providers or reports, and imports the standard
// library alone.
package policy

// Result is the three-valued outcome of a test. The zero value is Unknown.
// And is the minimum, or is the maximum, not is the negation.
type Result int8

const (
	No      Result = -1
	Unknown Result = 0
	Yes     Result = 1
)

// Span is a range of byte offsets in Document.Source, end exclusive.
type Span struct{ Start, End int }

// Text is a JSON string literal of the document: its decoded value, and the
// span of the literal with its quotes.
type Text struct {
	Value string
	Span  Span
}

// Document is a parsed policy.
type Document struct {
	Source     []byte // the JSON text, URL decoding undone
	Span       Span
	Version    Text // zero Span where the document names none
	Statements []Statement

	grammar grammar // what edited text is held against
}

// Statement is one member of the document's Statement list.
type Statement struct {
	Index        int // from 0
	Span         Span
	Sid          Text
	Effect       Text
	Deny         bool
	NotPrincipal bool
	Principals   []Principal // one per value; Type "*" for the bare "*"
	PrincipalAt  Span        // the value of the Principal member; zero where there is none
	NotAction    bool
	Actions      []Text
	ActionAt     Span // the value of the Action or NotAction member
	NotResource  bool
	Resources    []Text
	Conditions   []Condition // one per operator and key, in the order of the text
	ConditionAt  Span        // the value of the Condition member; zero where there is none
}

// Principal is one principal of a statement.
type Principal struct {
	Type string // Federated, AWS, Service, CanonicalUser or "*"
	Text
}

// Condition is one key under one operator of a statement.
type Condition struct {
	Operator   Text // as written, for example ForAnyValue:StringLikeIfExists
	Key        Text
	Values     []Text // booleans and numbers as their JSON text
	ValuesAt   Span   // the string, or the list with its brackets
	OperatorAt Span   // the block of the operator, with its braces
	Op         Operator
}
