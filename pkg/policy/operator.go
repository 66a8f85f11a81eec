package policy

import "strings"

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

// setPrefixes are the set operators as policies write them. IAM's documentation
// does not say whether they ignore letter case; operator names do not, so these
// are held to be as strict.
var setPrefixes = [...]string{NoSet: "", ForAnyValue: "ForAnyValue:", ForAllValues: "ForAllValues:"}

// ParseOperator takes an operator apart. ok is false where IAM knows none of
// this name; names are case-sensitive.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func ParseOperator(name string) (op Operator, ok bool) {
	for set := ForAnyValue; set <= ForAllValues; set++ {
		if rest, found := strings.CutPrefix(name, setPrefixes[set]); found {
			op.Set, name = set, rest
			break
		}
	}
	name, op.IfExists = strings.CutSuffix(name, "IfExists")
	op.Base, op.Negated, ok = baseOperator(name)
	return op, ok
}

func baseOperator(name string) (base string, negated, ok bool) {
	switch name {
	case "StringEquals", "StringEqualsIgnoreCase", "StringLike",
		"NumericEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
		"DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
		"Bool", "BinaryEquals", "IpAddress", "ArnEquals", "ArnLike", "Null":
		return name, false, true
	case "StringNotEquals":
		return "StringEquals", true, true
	case "StringNotEqualsIgnoreCase":
		return "StringEqualsIgnoreCase", true, true
	case "StringNotLike":
		return "StringLike", true, true
	case "NumericNotEquals":
		return "NumericEquals", true, true
	case "DateNotEquals":
		return "DateEquals", true, true
	case "NotIpAddress":
		return "IpAddress", true, true
	case "ArnNotEquals":
		return "ArnEquals", true, true
	case "ArnNotLike":
		return "ArnLike", true, true
	}
	return "", false, false
}

// String returns the operator as policies write it.
func (op Operator) String() string {
	name := op.Base
	switch {
	case op.Negated && op.Base == "IpAddress":
		name = "NotIpAddress"
	case op.Negated:
		for _, verb := range []string{"Equals", "Like"} {
			if family, rest, found := strings.Cut(op.Base, verb); found {
				name = family + "Not" + verb + rest
				break
			}
		}
	}
	if op.IfExists {
		name += "IfExists"
	}
	return setPrefixes[op.Set] + name
}

// Exact reports whether the operator compares text literally, so that a
// wildcard in a value stands for itself.
func (op Operator) Exact() bool {
	return op.Base == "StringEquals" || op.Base == "StringEqualsIgnoreCase"
}

// Pattern reports whether * and ? in a value are wildcards.
func (op Operator) Pattern() bool {
	return op.Base == "StringLike" || op.Base == "ArnLike" || op.Base == "ArnEquals"
}

// String returns the prefix without its colon, "" for NoSet.
func (s SetOperator) String() string { return strings.TrimSuffix(setPrefixes[s], ":") }
