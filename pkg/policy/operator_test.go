package policy_test

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// baseOperators are all names of IAM's documentation, the negated ones with what
// they negate.
var baseOperators = map[string]string{
	"StringEquals": "", "StringNotEquals": "StringEquals", "StringEqualsIgnoreCase": "",
	"StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase", "StringLike": "", "StringNotLike": "StringLike",
	"NumericEquals": "", "NumericNotEquals": "NumericEquals", "NumericLessThan": "", "NumericLessThanEquals": "",
	"NumericGreaterThan": "", "NumericGreaterThanEquals": "",
	"DateEquals": "", "DateNotEquals": "DateEquals", "DateLessThan": "", "DateLessThanEquals": "",
	"DateGreaterThan": "", "DateGreaterThanEquals": "",
	"Bool": "", "BinaryEquals": "", "IpAddress": "", "NotIpAddress": "IpAddress",
	"ArnEquals": "", "ArnLike": "", "ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike", "Null": "",
}

func TestParseOperator(t *testing.T) {
	for name, negates := range baseOperators {
		for _, suffix := range []string{"", "IfExists"} {
			for set, prefix := range map[policy.SetOperator]string{policy.NoSet: "", policy.ForAnyValue: "ForAnyValue:", policy.ForAllValues: "ForAllValues:"} {
				want := policy.Operator{Set: set, Base: name, IfExists: suffix != ""}
				if negates != "" {
					want.Base, want.Negated = negates, true
				}
				got, ok := policy.ParseOperator(prefix + name + suffix)
				if !ok || got != want {
					t.Errorf("%s: %+v, %v; want %+v", prefix+name+suffix, got, ok, want)
				}
				if got.String() != prefix+name+suffix {
					t.Errorf("%s is written %s", prefix+name+suffix, got)
				}
			}
		}
	}
}

func TestParseOperatorRefuses(t *testing.T) {
	for _, name := range []string{
		"", "IfExists", "ForAnyValue:", "stringEquals", "String Equals", "StringEqualsifexists", "StringEqualsIfExistsIfExists",
		"forAnyValue:StringEquals", "ForSomeValues:StringEquals", "ForAnyValue:ForAllValues:StringEquals", "StringEquals:ForAnyValue",
		"NotStringEquals", "NumericNotLessThan", "BoolNot", "NotNull", "IpNotAddress", "StringNotMatches", "BinaryNotEquals",
	} {
		if op, ok := policy.ParseOperator(name); ok {
			t.Errorf("%q is taken for %+v", name, op)
		}
	}
}

func TestOperatorKinds(t *testing.T) {
	tests := []struct {
		name           string
		exact, pattern bool
	}{
		{"StringEquals", true, false},
		{"ForAnyValue:StringNotEqualsIgnoreCaseIfExists", true, false},
		{"StringNotLike", false, true},
		{"ArnEquals", false, true},
		{"ArnLike", false, true},
		{"NumericEquals", false, false},
		{"Null", false, false},
	}
	for _, test := range tests {
		op, _ := policy.ParseOperator(test.name)
		if op.Exact() != test.exact || op.Pattern() != test.pattern {
			t.Errorf("%s: exact %v, pattern %v", test.name, op.Exact(), op.Pattern())
		}
	}
	if policy.ForAnyValue.String() != "ForAnyValue" || policy.NoSet.String() != "" {
		t.Error("set operators are misnamed")
	}
}
