package policy_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// seedPolicies adds policies of all forms, among them some that are refused.
func seedPolicies(f *testing.F, add func(source string)) {
	f.Helper()
	for _, source := range []string{prettyPolicy, compactPolicy, spacedPolicy, typicalPolicy, "%7B%7D", "{", `[{"a":"\ud83d"}]`} {
		add(source)
	}
	for i, line := range oracleLines(f, "corpus.jsonl.gz") {
		if i%50 == 0 {
			add(string(line.Input.TrustPolicy))
		}
	}
}

func FuzzParse(f *testing.F) {
	seedPolicies(f, func(source string) { f.Add(source) })
	f.Fuzz(func(t *testing.T, source string) {
		doc, err := policy.Parse([]byte(source))
		if err != nil {
			var syntax *policy.SyntaxError
			if !errors.As(err, &syntax) || syntax.Msg == "" || syntax.Line < 1 || syntax.Column < 1 || syntax.Offset < 0 {
				t.Errorf("error %#v", err)
			}
			return
		}
		if !json.Valid(doc.Source) {
			t.Errorf("accepted what is not JSON: %s", doc.Source)
		}
		for _, s := range doc.Statements {
			checkText(t, doc, s.Effect)
			for _, p := range s.Principals {
				checkText(t, doc, p.Text)
			}
			for _, c := range s.Conditions {
				checkText(t, doc, c.Key)
				for _, v := range c.Values {
					checkText(t, doc, v)
				}
				if c.Op.String() != c.Operator.Value {
					t.Errorf("operator %s is taken for %s", c.Operator.Value, c.Op)
				}
			}
		}
	})
}

// checkText holds a text against the literal at its place.
func checkText(t *testing.T, doc *policy.Document, text policy.Text) {
	t.Helper()
	literal := doc.Source[text.Span.Start:text.Span.End]
	var value string
	if literal[0] != '"' {
		value = string(literal)
	} else if err := json.Unmarshal(literal, &value); err != nil {
		t.Fatal(err)
	}
	if value != text.Value {
		t.Errorf("%s is read as %q", literal, text.Value)
	}
}

// FuzzEvaluate puts a request with one value for every key to a policy, and the
// same request with that value hidden.
func FuzzEvaluate(f *testing.F) {
	seedPolicies(f, func(source string) { f.Add(source, "repo:octo-org/x:ref:refs/heads/main", "sts.amazonaws.com", true) })
	f.Fuzz(func(t *testing.T, source, value, other string, multi bool) {
		doc, err := policy.Parse([]byte(source))
		if err != nil {
			return
		}
		v := policy.Value(value)
		if multi {
			v = policy.MultiValue(value, other)
		}
		every := func(v policy.Values) *policy.Request {
			return &policy.Request{
				Action: "sts:AssumeRoleWithWebIdentity", Principal: other, RoleARN: value,
				Condition: func(key string) policy.Values {
					if strings.HasSuffix(key, "s") {
						return policy.AbsentValue
					}
					return v
				},
			}
		}
		open, known := policy.Evaluate(doc, every(policy.HiddenValue)), policy.Evaluate(doc, every(v))
		mustAgree(t, open, known)
		if got := policy.Decide(doc, every(v)); got != known.Verdict() {
			t.Errorf("Decide says %v, Evaluate %v", got, known.Verdict())
		}
		if known.Distance() == 0 && known.Denied == policy.No && known.Allowed == policy.No {
			t.Error("nothing known stands in the way, yet the call is denied")
		}
	})
}

func FuzzApply(f *testing.F) {
	for _, kind := range allKinds {
		f.Add(prettyPolicy, string(kind), 0, "StringEquals", "idp.example:sub", "one", `"new"`)
		f.Add(compactPolicy, string(kind), 0, "StringLike", "k:aud", "y", "StringEquals")
		f.Add(spacedPolicy, string(kind), 0, "Null", "k:sub", "a.example", `{"Federated":"p"}`)
	}
	f.Fuzz(func(t *testing.T, source, kind string, statement int, operator, key, value, text string) {
		doc, err := policy.Parse([]byte(source))
		if err != nil {
			return
		}
		edit := policy.Edit{Kind: policy.EditKind(kind), Statement: statement, Operator: operator, Key: key, Value: value, New: text}
		after, err := doc.Apply(edit)
		if err != nil {
			return
		}
		if again, err := policy.Parse(after.Source); err != nil || parsedOf(again).text() != parsedOf(after).text() {
			t.Errorf("the edited text does not parse to the edited document: %v\n%s", err, after.Source)
		}
		difference := len(after.Statements) - len(doc.Statements)
		if want := map[policy.EditKind]int{policy.AddStatement: 1, policy.RemoveStatement: -1}[edit.Kind]; difference != want {
			t.Errorf("%s changes the number of statements by %d\n%s", kind, difference, after.Source)
		}
	})
}
