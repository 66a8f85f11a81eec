package policy

// condition evaluates one condition. Its values are told of in values, one for
// each, or not at all where values is nil.
func (e *evaluation) condition(c *Condition, values []ValueTrace) (Result, Reason, Values) {
	got := e.Condition(c.Key.Value)
	result, reason := e.test(c, got, values)
	return result, reason, got
}

func (e *evaluation) test(c *Condition, got Values, values []ValueTrace) (Result, Reason) {
	switch {
	case got.State == Hidden:
		fill(values, Unknown, KeyHidden)
		return Unknown, KeyHidden
	case c.Op.Base == "Null":
		return null(c, got, values)
	case got.State == Absent:
		fill(values, No, KeyAbsent)
		return absent(c.Op)
	case len(c.Values) == 0:
		return empty(c.Op)
	case c.Op.Set != NoSet:
		return e.set(c, got.List, values)
	case got.Multi || len(got.List) != 1:
		// What an operator without ForAnyValue or ForAllValues makes of a
		// multivalued key is not documented, be it of one value.
		fill(values, Unknown, Multivalued)
		return Unknown, Multivalued
	}
	result, reason := e.anyValue(c, got.List[0], values)
	if c.Op.Negated {
		result = -result
	}
	return result, reason
}

// absent is the outcome where the request does not have the key: positive
// operators fail, negated ones and …IfExists hold, ForAllValues holds and
// ForAnyValue fails. Which of the two last words counts in
// ForAnyValue:…IfExists is not documented.
func absent(op Operator) (Result, Reason) {
	switch {
	case op.Set == ForAnyValue && op.IfExists:
		return Unknown, Undocumented
	case op.Set == ForAnyValue:
		return No, KeyAbsent
	case op.Set == ForAllValues || op.IfExists || op.Negated:
		return Yes, AbsentSatisfies
	}
	return No, KeyAbsent
}

// empty is the outcome of an empty list of values where the request has the
// key: no value is in it. Whether that satisfies a negated operator is not
// documented.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func empty(op Operator) (Result, Reason) {
	if op.Negated {
		return Unknown, NoValues
	}
	return No, NoValues
}

// null is the operator Null. What it makes of an empty string or an empty list,
// of a set operator or of IfExists is not documented.
func null(c *Condition, got Values, values []ValueTrace) (Result, Reason) {
	missing := got.State == Absent
	result, reason := No, NoValues
	for i := range c.Values {
		r, why := nullValue(&c.Op, c.Values[i].Value, got, missing)
		if i == 0 || r > result {
			result, reason = r, why
		}
		if values != nil {
			values[i].Result, values[i].Reason = r, why
		}
	}
	return result, reason
}

func nullValue(op *Operator, value string, got Values, missing bool) (Result, Reason) {
	switch {
	case !isBool(value):
		return Unknown, NotABoolean
	case op.Set != NoSet || op.IfExists:
		return Unknown, Undocumented
	case !missing && (len(got.List) == 0 || !got.Multi && got.List[0] == ""):
		return Unknown, EmptyRequest
	}
	wanted := value[0] == 't' || value[0] == 'T'
	switch {
	case wanted && missing:
		return Yes, AbsentSatisfies
	case wanted:
		return No, KeyPresent
	case missing:
		return No, KeyAbsent
	}
	return Yes, KeyPresent
}

// isNothing reports what IAM calls a null data set: no values, or empty ones.
func isNothing(list []string) bool {
	for _, s := range list {
		if s != "" {
			return false
		}
	}
	return true
}

// set is ForAnyValue and ForAllValues; a single-valued key is a set of one.
// Negated, each value of the request must differ from all of the policy. The
// documentation takes a set of empty values for none; what an empty value
// counts beside others is left open.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (e *evaluation) set(c *Condition, list []string, values []ValueTrace) (Result, Reason) {
	anyOf := c.Op.Set == ForAnyValue
	if isNothing(list) {
		fill(values, No, EmptyRequest)
		return resultOf(!anyOf), EmptyRequest
	}
	result, reason := Yes, NoReason
	if anyOf {
		result = No
	}
	for _, got := range list {
		r, why := e.anyValue(c, got, values)
		if c.Op.Negated {
			r = -r
		}
		switch {
		case anyOf && got == "":
			r = min(r, Unknown)
		case got == "":
			r = max(r, Unknown)
		}
		if reason == NoReason || anyOf && r > result || !anyOf && r < result {
			result, reason = r, why
		}
	}
	return result, reason
}

// anyValue compares one value of the request with those of the policy, of which
// one is enough.
func (e *evaluation) anyValue(c *Condition, got string, values []ValueTrace) (Result, Reason) {
	result, reason := No, NoReason
	for i := range c.Values {
		r, why := e.compare(&c.Op, c.Values[i].Value, got)
		if reason == NoReason || r > result || r == result && telling(why) > telling(reason) {
			result, reason = r, why
		}
		if values == nil {
			if result == Yes {
				break
			}
			continue
		}
		v := &values[i]
		if v.Reason == NoReason || r > v.Result || r == v.Result && telling(why) > telling(v.Reason) {
			v.Result, v.Reason = r, why
		}
	}
	return result, reason
}

// telling ranks reasons by how near they are to the cause of a failure.
func telling(r Reason) int {
	switch r {
	case WildcardLiteral:
		return 3
	case DiffersInCase:
		return 2
	case UnresolvedVariable, NotANumber, NotADate, NotABoolean, NotAnAddress, NotAnARN:
		return 1
	}
	return 0
}

// fill gives all values the same outcome.
func fill(values []ValueTrace, r Result, why Reason) {
	for i := range values {
		values[i].Result, values[i].Reason = r, why
	}
}
