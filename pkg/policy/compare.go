package policy

import "strings"

// evaluation is one request put to one document.
type evaluation struct {
	*Request
	variables bool // the document's version knows policy variables
}

func newEvaluation(d *Document, r *Request) evaluation {
	return evaluation{Request: r, variables: d.Version.Value == version2012}
}

// compare puts one value of the request to one value of the policy, before
// negation.
func (e *evaluation) compare(op *Operator, value, got string) (Result, Reason) {
	switch op.Base {
	case "StringEquals":
		return e.exact(value, got, false)
	case "StringEqualsIgnoreCase":
		return e.exact(value, got, true)
	case "StringLike":
		return e.pattern(value, got)
	case "ArnEquals", "ArnLike":
		return e.arn(value, got)
	case "Bool":
		return compareBool(value, got)
	case "IpAddress":
		return compareAddress(value, got)
	case "BinaryEquals":
		// No key of this call is binary, and what IAM does with one of another
		// type is not documented.
		return Unknown, Undocumented
	}
	if order, ok := strings.CutPrefix(op.Base, "Numeric"); ok {
		return compareNumber(order, value, got)
	}
	return compareDate(strings.TrimPrefix(op.Base, "Date"), value, got)
}

// exact is StringEquals and StringEqualsIgnoreCase.
func (e *evaluation) exact(value, got string, fold bool) (Result, Reason) {
	if e.variables && hasVariable(value) {
		return e.expanded(value, got, false, fold)
	}
	switch {
	case value == got:
		return Yes, Equal
	case strings.EqualFold(value, got):
		if fold {
			return Yes, Equal
		}
		return No, DiffersInCase
	case hasWildcard(value) && like(value, got, fold):
		return No, WildcardLiteral
	}
	return No, Differs
}

// pattern is StringLike.
func (e *evaluation) pattern(value, got string) (Result, Reason) {
	if e.variables && hasVariable(value) {
		return e.expanded(value, got, true, false)
	}
	switch {
	case Like(value, got):
		return Yes, PatternMatches
	case LikeFold(value, got):
		return No, DiffersInCase
	case !hasWildcard(value):
		return No, Differs
	}
	return No, PatternDiffers
}

// expanded compares a value with policy variables in it. A variable without a
// value matches nothing; one whose value cannot be seen or used, or which brings
// wildcards in, leaves open what it cannot rule out.
func (e *evaluation) expanded(value, got string, wild, fold bool) (Result, Reason) {
	var buf [192]rune
	tokens, x := e.expand(buf[:0], value, wild)
	match, differ := Equal, Differs
	if wild {
		match, differ = PatternMatches, PatternDiffers
	}
	switch {
	case x.reason == UnresolvedVariable:
		return No, UnresolvedVariable
	case x.reason == NoReason && matchTokens(tokens, got, fold, false):
		return Yes, match
	case x.reason == NoReason && !x.soft:
		return No, e.whyNot(tokens, got, differ)
	case !matchTokens(tokens, got, fold, true):
		return No, differ
	case x.reason != NoReason:
		return Unknown, x.reason
	}
	return Unknown, WildcardInVariable
}

func (e *evaluation) whyNot(tokens []rune, got string, differ Reason) Reason {
	if matchTokens(tokens, got, true, false) {
		return DiffersInCase
	}
	return differ
}

// arn is ArnLike and ArnEquals, which are the same. What is no ARN is matched
// as a whole: where even that fails the components cannot match either, and
// else the documentation does not say.
func (e *evaluation) arn(value, got string) (Result, Reason) {
	if e.variables && hasVariable(value) {
		return e.expandedARN(value, got)
	}
	want, ok := cutARN(value)
	have, isARN := cutARN(got)
	switch {
	case !isARN:
		return Unknown, NotAnARN
	case !ok && Like(value, got):
		return Unknown, NotAnARN
	case !ok:
		return No, NotAnARN
	case likeARN(&want, &have):
		return Yes, PatternMatches
	case LikeFold(value, got) && strings.EqualFold(want[5], have[5]):
		return No, DiffersInCase
	case !hasWildcard(value):
		return No, Differs
	}
	return No, PatternDiffers
}

// expandedARN allows variables in the last component; in an earlier one, where
// a value may bring colons in, the documentation does not say how they count.
func (e *evaluation) expandedARN(value, got string) (Result, Reason) {
	have, isARN := cutARN(got)
	want, ok := cutARN(value)
	early := 0
	for i := range arnParts - 1 {
		if hasVariable(want[i]) {
			early++
		}
	}
	if !isARN || !ok || early > 0 {
		return e.expandedOpen(value, got, isARN)
	}
	for i := range arnParts - 1 {
		if !Like(want[i], have[i]) {
			return No, PatternDiffers
		}
	}
	return e.expanded(want[5], have[5], true, false)
}

func (e *evaluation) expandedOpen(value, got string, isARN bool) (Result, Reason) {
	switch result, reason := e.expanded(value, got, true, false); {
	case !isARN:
		return Unknown, NotAnARN
	case result == No:
		return No, reason
	}
	return Unknown, Undocumented
}
