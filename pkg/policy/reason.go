package policy

// Reason says why a test came out as it did.
type Reason uint8

const (
	NoReason            Reason = iota
	Equal                      // the value is the one asked for
	Differs                    // it is another
	DiffersInCase              // only letter case keeps them apart
	PatternMatches             // the pattern covers the value
	PatternDiffers             // it does not
	WildcardLiteral            // an exact operator takes * or ? for itself; as a pattern the value would match
	InRange                    // a number, date or address lies where it should
	OutOfRange                 // it does not
	KeyAbsent                  // the request does not have the key
	AbsentSatisfies            // it does not have the key, and that satisfies the operator
	KeyPresent                 // Null asks for a missing key, the request has it
	KeyHidden                  // whether and how the request has the key cannot be seen
	NoValues                   // the policy lists no values
	EmptyRequest               // the request has the key with nothing in it
	Multivalued                // a multivalued key under an operator without ForAnyValue or ForAllValues
	UnresolvedVariable         // a policy variable has no value in the request
	HiddenVariable             // a policy variable's value cannot be seen
	MultivaluedVariable        // a policy variable names a multivalued key, which is not usable
	WildcardInVariable         // a policy variable's value holds * or ?; whether they are wildcards is not documented
	NotANumber                 // one side is not a number
	NotADate                   // one side is not a date
	NotABoolean                // one side is neither true nor false
	NotAnAddress               // one side is not an address or a range of addresses
	NotAnARN                   // one side has not the six components of an ARN
	Undocumented               // IAM's documentation does not say
	WrongPrincipalType         // the type of principal never admits this caller
	Everyone                   // the principal "*"
	OwnAccount                 // a Deny names the role's own account; whether that covers the caller is not documented
	PrincipalUnknown           // the request's principal is not known
	ResourceUnknown            // the role's ARN is not known
	reasonCount
)

var reasonNames = [reasonCount]string{
	NoReason: "", Equal: "equal", Differs: "differs", DiffersInCase: "differs-in-case",
	PatternMatches: "pattern-matches", PatternDiffers: "pattern-differs", WildcardLiteral: "wildcard-literal",
	InRange: "in-range", OutOfRange: "out-of-range",
	KeyAbsent: "key-absent", AbsentSatisfies: "absent-satisfies", KeyPresent: "key-present", KeyHidden: "key-hidden",
	NoValues: "no-values", EmptyRequest: "empty-request", Multivalued: "multivalued",
	UnresolvedVariable: "unresolved-variable", HiddenVariable: "hidden-variable",
	MultivaluedVariable: "multivalued-variable", WildcardInVariable: "wildcard-in-variable",
	NotANumber: "not-a-number", NotADate: "not-a-date", NotABoolean: "not-a-boolean",
	NotAnAddress: "not-an-address", NotAnARN: "not-an-arn", Undocumented: "undocumented",
	WrongPrincipalType: "wrong-principal-type", Everyone: "everyone", OwnAccount: "own-account",
	PrincipalUnknown: "principal-unknown", ResourceUnknown: "resource-unknown",
}

// String returns the reason as one lower-case word with hyphens, "" for NoReason.
func (r Reason) String() string {
	if r < reasonCount {
		return reasonNames[r]
	}
	return "unknown-reason"
}
