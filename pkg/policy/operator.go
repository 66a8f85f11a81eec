package policy

// Operator is a condition operator taken apart.
type Operator struct {
	Set      SetOperator
	Base     string // without prefix, IfExists and Not: StringEquals, StringLike, NumericLessThan, Null …
	Negated  bool
	IfExists bool
}

// SetOperator is the prefix of an operator for multivalued keys.
type SetOperator uint8

const (
	NoSet SetOperator = iota
	ForAnyValue
	ForAllValues
)
