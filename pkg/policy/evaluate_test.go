package policy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// requestWith is a call of the provider "p" with the given keys; every other key
// is hidden where hidden is set, else absent.
func requestWith(keys map[string]policy.Values) *policy.Request {
	return &policy.Request{
		Action: "sts:AssumeRoleWithWebIdentity", Principal: "p", RoleARN: "arn:aws:iam::111122223333:role/r",
		Condition: func(key string) policy.Values {
			for name, v := range keys {
				if strings.EqualFold(name, key) {
					return v
				}
			}
			return policy.AbsentValue
		},
	}
}

// TestConditions tells what one condition on the key k comes to, and why.
func TestConditions(t *testing.T) {
	present, multi := policy.Value, policy.MultiValue
	tests := []struct {
		name      string
		condition string
		k         policy.Values
		result    policy.Result
		reason    policy.Reason
	}{
		{"equal", `{"StringEquals":{"k":["a","b"]}}`, present("b"), policy.Yes, policy.Equal},
		{"differs", `{"StringEquals":{"k":"a"}}`, present("b"), policy.No, policy.Differs},
		{"differs in case", `{"StringEquals":{"k":["c","A"]}}`, present("a"), policy.No, policy.DiffersInCase},
		{"differs in case, pattern", `{"StringLike":{"k":"REPO:*"}}`, present("repo:x"), policy.No, policy.DiffersInCase},
		{"wildcard under an exact operator", `{"StringEquals":{"k":["c","a*"]}}`, present("ab"), policy.No, policy.WildcardLiteral},
		{"wildcard that would not match", `{"StringEquals":{"k":"a*"}}`, present("b"), policy.No, policy.Differs},
		{"wildcard ignoring case", `{"StringEqualsIgnoreCase":{"k":"A?"}}`, present("ab"), policy.No, policy.WildcardLiteral},
		{"wildcard as such", `{"StringEquals":{"k":"a*"}}`, present("a*"), policy.Yes, policy.Equal},
		{"pattern", `{"StringLike":{"k":"a*"}}`, present("ab"), policy.Yes, policy.PatternMatches},
		{"pattern differs", `{"StringLike":{"k":"a*"}}`, present("b"), policy.No, policy.PatternDiffers},
		{"pattern without wildcard", `{"StringLike":{"k":"a"}}`, present("b"), policy.No, policy.Differs},
		{"negated", `{"StringNotLike":{"k":"a*"}}`, present("ab"), policy.No, policy.PatternMatches},
		{"negated and absent", `{"StringNotLike":{"k":"a*"}}`, policy.AbsentValue, policy.Yes, policy.AbsentSatisfies},
		{"absent", `{"StringLike":{"k":"*"}}`, policy.AbsentValue, policy.No, policy.KeyAbsent},
		{"hidden", `{"StringLike":{"k":"*"}}`, policy.HiddenValue, policy.Unknown, policy.KeyHidden},
		{"hidden, Null", `{"Null":{"k":"true"}}`, policy.HiddenValue, policy.Unknown, policy.KeyHidden},
		{"if it exists", `{"StringEqualsIfExists":{"k":"a"}}`, policy.AbsentValue, policy.Yes, policy.AbsentSatisfies},
		{"any value if it exists", `{"ForAnyValue:StringEqualsIfExists":{"k":"a"}}`, policy.AbsentValue, policy.Unknown, policy.Undocumented},
		{"no values", `{"StringEquals":{"k":[]}}`, present("a"), policy.No, policy.NoValues},
		{"no values, negated", `{"StringNotEquals":{"k":[]}}`, present("a"), policy.Unknown, policy.NoValues},
		{"multivalued", `{"StringEquals":{"k":"a"}}`, multi("a"), policy.Unknown, policy.Multivalued},
		{"all values", `{"ForAllValues:StringEquals":{"k":["a","b"]}}`, multi("a", "b"), policy.Yes, policy.Equal},
		{"not all values", `{"ForAllValues:StringEquals":{"k":["a"]}}`, multi("a", "A"), policy.No, policy.DiffersInCase},
		{"all values of none", `{"ForAllValues:StringEquals":{"k":["a"]}}`, multi(), policy.Yes, policy.EmptyRequest},
		{"any value of none", `{"ForAnyValue:StringLike":{"k":["*"]}}`, multi("", ""), policy.No, policy.EmptyRequest},
		{"an empty value beside another", `{"ForAnyValue:StringLike":{"k":["?*"]}}`, multi("", "a"), policy.Yes, policy.PatternMatches},
		{"an empty value decides, any", `{"ForAnyValue:StringEquals":{"k":[""]}}`, multi("", "a"), policy.Unknown, policy.Equal},
		{"an empty value decides, all", `{"ForAllValues:StringEquals":{"k":["a"]}}`, multi("", "a"), policy.Unknown, policy.Differs},
		{"null", `{"Null":{"k":true}}`, policy.AbsentValue, policy.Yes, policy.AbsentSatisfies},
		{"null of a present key", `{"Null":{"k":true}}`, present("a"), policy.No, policy.KeyPresent},
		{"not null", `{"Null":{"k":"false"}}`, present("a"), policy.Yes, policy.KeyPresent},
		{"not null of an absent key", `{"Null":{"k":"False"}}`, policy.AbsentValue, policy.No, policy.KeyAbsent},
		{"null of an empty string", `{"Null":{"k":"false"}}`, present(""), policy.Unknown, policy.EmptyRequest},
		{"null of a set", `{"ForAnyValue:Null":{"k":"false"}}`, present("a"), policy.Unknown, policy.Undocumented},
		{"null of what", `{"Null":{"k":"maybe"}}`, present("a"), policy.Unknown, policy.NotABoolean},
		{"number", `{"NumericLessThanEquals":{"k":"9007199254740993.50"}}`, present("9007199254740993.5"), policy.Yes, policy.InRange},
		{"number too large", `{"NumericLessThan":{"k":"-1.5"}}`, present("-1.25"), policy.No, policy.OutOfRange},
		{"no number", `{"NumericEquals":{"k":"1e3"}}`, present("1000"), policy.Unknown, policy.NotANumber},
		{"date", `{"DateGreaterThan":{"k":"2026-02-28T23:59:60Z"}}`, present("2026-03-01"), policy.Unknown, policy.NotADate},
		{"date without zone", `{"DateGreaterThan":{"k":"2026-02-28T10:00:00"}}`, present("2026-03-01"), policy.Unknown, policy.NotADate},
		{"date equal", `{"DateEquals":{"k":"1772323200"}}`, present("2026-03-01T01:00+01:00"), policy.Yes, policy.Equal},
		{"boolean", `{"Bool":{"k":"True"}}`, present("true"), policy.Yes, policy.Equal},
		{"no boolean", `{"Bool":{"k":"yes"}}`, present("true"), policy.Unknown, policy.NotABoolean},
		{"binary", `{"BinaryEquals":{"k":"QQ=="}}`, present("A"), policy.Unknown, policy.Undocumented},
		{"address", `{"IpAddress":{"k":"2001:DB8::/32"}}`, present("2001:db8::1"), policy.Yes, policy.InRange},
		{"address outside", `{"IpAddress":{"k":"10.0.0.1"}}`, present("10.0.0.2"), policy.No, policy.OutOfRange},
		{"no address", `{"NotIpAddress":{"k":"10.0.0.*"}}`, present("10.0.0.2"), policy.Unknown, policy.NotAnAddress},
		{"address with a zone", `{"IpAddress":{"k":"fe80::/10"}}`, present("fe80::1%eth0"), policy.Unknown, policy.NotAnAddress},
		{"mapped address", `{"IpAddress":{"k":"10.0.0.0/8"}}`, present("::ffff:10.0.0.2"), policy.Unknown, policy.Undocumented},
		{"ARN", `{"ArnEquals":{"k":"arn:*:iam::*:role/a*"}}`, present("arn:aws:iam::1:role/a:b"), policy.Yes, policy.PatternMatches},
		{"ARN over a colon", `{"ArnLike":{"k":"arn:aws:*:role/a"}}`, present("arn:aws:iam::1:role/a"), policy.Unknown, policy.NotAnARN},
		{"ARN pattern that is none", `{"ArnLike":{"k":"arn:b*"}}`, present("arn:aws:iam::1:role/a"), policy.No, policy.NotAnARN},
		{"no ARN in the request", `{"ArnLike":{"k":"*"}}`, present("a"), policy.Unknown, policy.NotAnARN},
		{"ARN in another case", `{"ArnLike":{"k":"arn:aws:iam::1:ROLE/a"}}`, present("arn:aws:iam::1:role/a"), policy.No, policy.DiffersInCase},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, trusting("p", test.condition))
			r := requestWith(map[string]policy.Values{"k": test.k})
			trace := policy.Evaluate(doc, r)
			c := trace.Statements[0].Conditions[0]
			if c.Result != test.result || c.Reason != test.reason {
				t.Errorf("%v, %v; want %v, %v", c.Result, c.Reason, test.result, test.reason)
			}
			if c.Got.State != test.k.State || !slices.Equal(c.Got.List, test.k.List) {
				t.Errorf("got %+v, want %+v", c.Got, test.k)
			}
			if trace.Verdict() != policy.Decide(doc, r) {
				t.Errorf("Evaluate says %v, Decide %v", trace.Verdict(), policy.Decide(doc, r))
			}
		})
	}
}

func TestVariables(t *testing.T) {
	keys := map[string]policy.Values{
		"one": policy.Value("Eins"), "many": policy.MultiValue("a", "b"), "star": policy.Value("a*"),
		"hidden": policy.HiddenValue, "bytes": policy.Value("\xff"),
	}
	tests := []struct {
		name, operator, value, got string
		result                     policy.Result
		reason                     policy.Reason
		expanded                   string
	}{
		{"known", "StringEquals", "x${ONE}y", "xEinsy", policy.Yes, policy.Equal, "xEinsy"},
		{"in another case", "StringEquals", "x${one}", "xEINS", policy.No, policy.DiffersInCase, "xEins"},
		{"ignoring case", "StringEqualsIgnoreCase", "x${one}", "xEINS", policy.Yes, policy.Equal, "xEins"},
		{"differs", "StringLike", "x${one}*", "xZwei", policy.No, policy.PatternDiffers, "xEins*"},
		{"missing", "StringLike", "${none}*", "x", policy.No, policy.UnresolvedVariable, "${none}*"},
		{"missing beside hidden", "StringLike", "${none}${hidden}", "x", policy.No, policy.UnresolvedVariable, "${none}${hidden}"},
		{"default", "StringLike", "${none, 'a b'}?", "a bc", policy.Yes, policy.PatternMatches, "a b?"},
		{"default unused", "StringEquals", "${one, 'x'}", "x", policy.No, policy.Differs, "Eins"},
		{"broken default", "StringEquals", "${none, x}", "x", policy.No, policy.UnresolvedVariable, "${none, x}"},
		{"hidden that could match", "StringLike", "a:${hidden}:*", "a:b:c", policy.Unknown, policy.HiddenVariable, "a:${hidden}:*"},
		{"hidden that cannot match", "StringEquals", "a:${hidden}", "b:c", policy.No, policy.Differs, "a:${hidden}"},
		{"multivalued", "StringEquals", "${many}", "a", policy.Unknown, policy.MultivaluedVariable, "${many}"},
		{"wildcard in the value, literal", "StringLike", "${star}", "a*", policy.Yes, policy.PatternMatches, "a*"},
		{"wildcard in the value, open", "StringLike", "${star}", "ab", policy.Unknown, policy.WildcardInVariable, "a*"},
		{"wildcard in the value, neither", "StringLike", "${star}", "b", policy.No, policy.PatternDiffers, "a*"},
		{"wildcard in the value, exact", "StringEquals", "${star}", "ab", policy.No, policy.Differs, "a*"},
		{"escaped star", "StringLike", "a${*}*", "a*b", policy.Yes, policy.PatternMatches, "a**"},
		{"escaped question mark", "StringLike", "a${?}", "ab", policy.No, policy.PatternDiffers, "a?"},
		{"escaped dollar", "StringEquals", "${$}{one}", "${one}", policy.Yes, policy.Equal, "${one}"},
		{"unfinished", "StringEquals", "${one", "${one", policy.Yes, policy.Equal, "${one"},
		{"bytes that are no text", "StringEquals", "a${bytes}", "a\xff", policy.Yes, policy.Equal, "a\xff"},
		{"other bytes", "StringEquals", "a${bytes}", "a\xfe", policy.No, policy.Differs, "a\xff"},
		{"in the resource of an ARN", "ArnLike", "arn:aws:iam::1:role/${one}", "arn:aws:iam::1:role/Eins", policy.Yes, policy.PatternMatches, "arn:aws:iam::1:role/Eins"},
		{"in the account of an ARN", "ArnLike", "arn:aws:iam::${one}:role/a", "arn:aws:iam::Eins:role/a", policy.Unknown, policy.Undocumented, "arn:aws:iam::Eins:role/a"},
		{"in the account of another ARN", "ArnLike", "arn:aws:iam::${one}:role/a", "arn:aws:iam::Zwei:role/a", policy.No, policy.PatternDiffers, "arn:aws:iam::Eins:role/a"},
		{"beside another account", "ArnLike", "arn:aws:iam::2:role/${one}", "arn:aws:iam::1:role/Eins", policy.No, policy.PatternDiffers, "arn:aws:iam::2:role/Eins"},
		{"against no ARN", "ArnLike", "arn:aws:iam::1:role/${one}", "x", policy.Unknown, policy.NotAnARN, "arn:aws:iam::1:role/Eins"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			keys["k"] = policy.Value(test.got)
			doc := mustParse(t, trusting("p", `{"`+test.operator+`":{"k":"`+test.value+`"}}`))
			c := policy.Evaluate(doc, requestWith(keys)).Statements[0].Conditions[0]
			if c.Result != test.result || c.Reason != test.reason || c.Values[0].Expanded != test.expanded {
				t.Errorf("%v, %v, %s; want %v, %v, %s", c.Result, c.Reason, c.Values[0].Expanded, test.result, test.reason, test.expanded)
			}
		})
	}
}

func TestVariablesNeedVersion(t *testing.T) {
	source := strings.Replace(trusting("p", `{"StringEquals":{"k":"${one}"}}`), "2012", "2008", 1)
	c := policy.Evaluate(mustParse(t, source), requestWith(map[string]policy.Values{"k": policy.Value("${one}")})).Statements[0].Conditions[0]
	if c.Result != policy.Yes || c.Values[0].Expanded != "${one}" {
		t.Errorf("%v, %s", c.Result, c.Values[0].Expanded)
	}
}

func TestPrincipals(t *testing.T) {
	const caller = "arn:aws:iam::111122223333:oidc-provider/idp.example"
	tests := []struct {
		name, effect, principal string
		caller, role            string
		result                  policy.Result
		reason                  policy.Reason
	}{
		{"the provider", "Allow", `{"Federated":["x","` + caller + `"]}`, caller, "", policy.Yes, policy.Equal},
		{"another", "Allow", `{"Federated":"` + caller + `/"}`, caller, "", policy.No, policy.Differs},
		{"in another case", "Allow", `{"Federated":["x","` + strings.ToUpper(caller) + `"],"Service":"y"}`, caller, "", policy.No, policy.DiffersInCase},
		{"pattern", "Allow", `{"Federated":"arn:aws:iam::*:oidc-provider/*"}`, caller, "", policy.No, policy.WildcardLiteral},
		{"caller not known", "Allow", `{"Federated":"` + caller + `"}`, "", "", policy.Unknown, policy.PrincipalUnknown},
		{"everyone", "Allow", `{"AWS":"*"}`, caller, "", policy.Yes, policy.Everyone},
		{"service", "Allow", `{"Service":"idp.example"}`, "idp.example", "", policy.No, policy.WrongPrincipalType},
		{"wrong type beside another provider", "Allow", `{"AWS":"111122223333","Federated":"x"}`, caller, "", policy.No, policy.Differs},
		{"own account", "Allow", `{"AWS":"111122223333"}`, caller, "", policy.No, policy.WrongPrincipalType},
		{"own account denied", "Deny", `{"AWS":"111122223333"}`, caller, "", policy.Unknown, policy.OwnAccount},
		{"own root denied", "Deny", `{"AWS":"arn:aws:iam::111122223333:root"}`, "idp.example", "arn:aws:iam::111122223333:role/r", policy.Unknown, policy.OwnAccount},
		{"other root denied", "Deny", `{"AWS":"arn:aws:iam::444455556666:root"}`, caller, "", policy.No, policy.WrongPrincipalType},
		{"own role denied", "Deny", `{"AWS":"arn:aws:iam::111122223333:role/x"}`, caller, "", policy.No, policy.WrongPrincipalType},
		{"some account denied, own not known", "Deny", `{"AWS":"1"}`, "idp.example", "", policy.Unknown, policy.OwnAccount},
		{"nobody", "Allow", `{}`, caller, "", policy.No, policy.NoValues},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := mustParse(t, `{"Statement":{"Effect":"`+test.effect+`","Principal":`+test.principal+`,"Action":"sts:*"}}`)
			r := &policy.Request{Action: "sts:AssumeRoleWithWebIdentity", Principal: test.caller, RoleARN: test.role}
			s := policy.Evaluate(doc, r).Statements[0]
			if s.Principal != test.result || s.PrincipalReason != test.reason {
				t.Errorf("%v, %v; want %v, %v", s.Principal, s.PrincipalReason, test.result, test.reason)
			}
		})
	}
}

func TestActions(t *testing.T) {
	tests := []struct {
		element string
		result  policy.Result
		reason  policy.Reason
	}{
		{`"Action":"STS:assumeroleWITHwebidentity"`, policy.Yes, policy.Equal},
		{`"Action":["sts:TagSession","sts:AssumeRole*"]`, policy.Yes, policy.PatternMatches},
		{`"Action":"sts:AssumeRole"`, policy.No, policy.Differs},
		{`"Action":"sts:Tag*"`, policy.No, policy.PatternDiffers},
		{`"Action":[]`, policy.No, policy.NoValues},
		{`"NotAction":"sts:AssumeRole"`, policy.Yes, policy.Differs},
		{`"NotAction":["sts:AssumeRole","sts:*"]`, policy.No, policy.PatternMatches},
		{`"NotAction":[]`, policy.Unknown, policy.NoValues},
	}
	for _, test := range tests {
		s := policy.Evaluate(mustParse(t, statementWith(test.element)), requestWith(nil)).Statements[0]
		if s.Action != test.result || s.ActionReason != test.reason {
			t.Errorf("%s: %v, %v; want %v, %v", test.element, s.Action, s.ActionReason, test.result, test.reason)
		}
	}
}

func TestResources(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/ci/r"
	tests := []struct {
		element, role string
		result        policy.Result
		reason        policy.Reason
	}{
		{`"Resource":"*"`, "", policy.Yes, policy.PatternMatches},
		{`"Resource":["a","arn:aws:iam::*:role/*"]`, role, policy.Yes, policy.PatternMatches},
		{`"Resource":"arn:aws:iam::444455556666:role/*"`, role, policy.No, policy.PatternDiffers},
		{`"Resource":"arn:aws:iam::*:role/*"`, "", policy.Unknown, policy.ResourceUnknown},
		{`"NotResource":"arn:aws:iam::*:role/ci/*"`, role, policy.No, policy.PatternMatches},
		{`"NotResource":"arn:aws:iam::*:role/${aws:PrincipalTag/x, 'ci'}/*"`, role, policy.No, policy.PatternMatches},
	}
	for _, test := range tests {
		doc, err := policy.ParseResourceControl([]byte(control(`"Effect":"Deny","Principal":"*","Action":"sts:*",` + test.element)))
		if err != nil {
			t.Fatal(err)
		}
		r := requestWith(nil)
		r.RoleARN = test.role
		trace := policy.Evaluate(doc, r)
		if s := trace.Statements[0]; s.Resource != test.result || s.ResourceReason != test.reason {
			t.Errorf("%s: %v, %v; want %v, %v", test.element, s.Resource, s.ResourceReason, test.result, test.reason)
		}
		if trace.Denied != test.result {
			t.Errorf("%s: denied %v, want %v", test.element, trace.Denied, test.result)
		}
	}
}

// TestVerdicts goes through what Allow and Deny statements may come to together.
func TestVerdicts(t *testing.T) {
	statements := map[policy.Result]string{policy.Yes: `{}`, policy.No: `{"StringEquals":{"k":"x"}}`, policy.Unknown: `{"StringEquals":{"hidden":"x"}}`}
	tests := []struct {
		allow, deny policy.Result
		result      policy.Result
		verdict     string
	}{
		{policy.Yes, policy.No, policy.Yes, "Allowed"},
		{policy.Yes, policy.Unknown, policy.Unknown, "Undecided"},
		{policy.Yes, policy.Yes, policy.No, "ExplicitlyDenied"},
		{policy.Unknown, policy.No, policy.Unknown, "Undecided"},
		{policy.Unknown, policy.Unknown, policy.Unknown, "Undecided"},
		{policy.Unknown, policy.Yes, policy.No, "ExplicitlyDenied"},
		{policy.No, policy.No, policy.No, "ImplicitlyDenied"},
		{policy.No, policy.Unknown, policy.No, "Undecided"},
		{policy.No, policy.Yes, policy.No, "ExplicitlyDenied"},
	}
	r := requestWith(map[string]policy.Values{"hidden": policy.HiddenValue})
	for _, test := range tests {
		doc := mustParse(t, `{"Statement":[
			{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*","Condition":`+statements[test.deny]+`},
			{"Effect":"Allow","Principal":{"Federated":"p"},"Action":"sts:*","Condition":`+statements[test.allow]+`}]}`)
		trace := policy.Evaluate(doc, r)
		if trace.Allowed != test.allow || trace.Denied != test.deny || trace.Result != test.result || trace.Verdict().String() != test.verdict {
			t.Errorf("allow %v, deny %v: %v %v, want %v %v", test.allow, test.deny, trace.Result, trace.Verdict(), test.result, test.verdict)
		}
		if got := policy.Decide(doc, r); got.String() != test.verdict {
			t.Errorf("allow %v, deny %v: Decide says %v", test.allow, test.deny, got)
		}
	}
}

// TestNothingShortCircuits has each part of a statement fail and looks at all.
func TestNothingShortCircuits(t *testing.T) {
	doc := mustParse(t, `{"Statement":{"Effect":"Allow","Principal":{"Federated":"other"},"Action":["sts:AssumeRole","sts:TagSession"],
		"Condition":{"StringEquals":{"a":["1","2"],"b":"3"},"Null":{"c":"false"}}}}`)
	s := policy.Evaluate(doc, requestWith(map[string]policy.Values{"a": policy.Value("x")})).Statements[0]
	if len(s.Principals) != 1 || len(s.Actions) != 2 || len(s.Conditions) != 3 || len(s.Conditions[0].Values) != 2 {
		t.Fatalf("parts are missing: %+v", s)
	}
	for _, r := range []policy.Result{s.Principal, s.Action, s.Condition, s.Result, s.Conditions[0].Result, s.Conditions[1].Result, s.Conditions[2].Result} {
		if r != policy.No {
			t.Errorf("a part is %v, want no", r)
		}
	}
	if s.Conditions[0].Values[1].Value != "2" || s.Conditions[0].Values[1].Reason != policy.Differs || s.Distance() != 5 {
		t.Errorf("value %+v, distance %d", s.Conditions[0].Values[1], s.Distance())
	}
}

func TestReasonNames(t *testing.T) {
	seen := map[string]policy.Reason{}
	for r := policy.NoReason; r <= policy.ResourceUnknown; r++ {
		name := r.String()
		if other, taken := seen[name]; taken {
			t.Errorf("%d and %d are both called %q", other, r, name)
		}
		seen[name] = r
		if (name == "") != (r == policy.NoReason) || strings.ToLower(name) != name || strings.Contains(name, " ") {
			t.Errorf("reason %d is called %q", r, name)
		}
	}
	if got := (policy.ResourceUnknown + 1).String(); got != "unknown-reason" {
		t.Errorf("a reason beyond the last is called %q", got)
	}
	if policy.Yes.String()+policy.No.String()+policy.Unknown.String() != "yesnounknown" {
		t.Error("results are misnamed")
	}
}
