package policy_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// apply is what an edit means, told on what a policy says.
func (p parsed) apply(e policy.Edit) parsed {
	if e.Kind == policy.AddStatement {
		p.Statements = append(p.Statements, parsedOf(mustParseText(`{"Statement":`+e.New+`}`)).Statements...)
		return p
	}
	s := &p.Statements[e.Statement]
	at := slices.IndexFunc(s.Conditions, func(c parsedCondition) bool { return c.Operator == e.Operator && c.Key == e.Key })
	switch e.Kind {
	case policy.ReplaceValue:
		replace(s.Conditions[at].Values, e)
	case policy.AddValue:
		s.Conditions[at].Values = include(s.Conditions[at].Values, e.New)
	case policy.RemoveValue:
		s.Conditions[at].Values = exclude(s.Conditions[at].Values, e.Value)
	case policy.RenameKey:
		s.Conditions[at].Key = e.New
	case policy.ChangeOperator:
		s.moveCondition(at, e.New)
	case policy.RemoveCondition:
		s.Conditions = slices.Delete(s.Conditions, at, at+1)
	case policy.AddCondition:
		var value string
		_ = json.Unmarshal([]byte(e.New), &value)
		s.Conditions = append(s.Conditions, parsedCondition{e.Operator, e.Key, []string{value}})
	case policy.ReplaceAction:
		replace(s.Actions, e)
	case policy.AddAction:
		s.Actions = include(s.Actions, e.New)
	case policy.ReplacePrincipal:
		i := slices.IndexFunc(s.Principals, func(p [2]string) bool { return p[1] == e.Value })
		s.Principals[i][1] = e.New
	case policy.SetPrincipal:
		s.Principals = [][2]string{{"Federated", "new"}}
	case policy.RemovePrincipal:
		i := slices.IndexFunc(s.Principals, func(p [2]string) bool { return p[1] == e.Value })
		s.Principals = slices.Delete(s.Principals, i, i+1)
	case policy.ReplaceStatement:
		*s = parsedOf(mustParseText(`{"Statement":` + e.New + `}`)).Statements[0]
	case policy.RemoveStatement:
		p.Statements = slices.Delete(p.Statements, e.Statement, e.Statement+1)
	}
	return p
}

func (s *parsedStatement) moveCondition(at int, operator string) {
	moved := s.Conditions[at]
	s.Conditions = slices.Delete(s.Conditions, at, at+1)
	for i := range s.Conditions {
		if c := &s.Conditions[i]; c.Operator == operator && strings.EqualFold(c.Key, moved.Key) {
			for _, v := range moved.Values {
				c.Values = include(c.Values, v)
			}
			return
		}
	}
	moved.Operator = operator
	s.Conditions = append(s.Conditions, moved)
}

func mustParseText(source string) *policy.Document {
	doc, err := policy.Parse([]byte(source))
	if err != nil {
		panic(err) // a test's own mistake
	}
	return doc
}

func replace(list []string, e policy.Edit) { list[slices.Index(list, e.Value)] = e.New }

func include(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func exclude(list []string, s string) []string {
	i := slices.Index(list, s)
	return slices.Delete(list, i, i+1)
}

var allKinds = []policy.EditKind{
	policy.ReplaceValue, policy.AddValue, policy.RemoveValue, policy.RenameKey, policy.ChangeOperator, policy.RemoveCondition,
	policy.AddCondition, policy.ReplaceAction, policy.AddAction, policy.ReplacePrincipal, policy.SetPrincipal, policy.RemovePrincipal,
	policy.AddStatement, policy.ReplaceStatement, policy.RemoveStatement,
}

// someEdit draws an edit that addresses a part the policy has.
func someEdit(t *rapid.T, p parsed) policy.Edit {
	e := policy.Edit{Kind: rapid.SampledFrom(allKinds).Draw(t, "kind"), Statement: rapid.IntRange(0, len(p.Statements)-1).Draw(t, "statement")}
	s := p.Statements[e.Statement]
	if len(s.Conditions) > 0 {
		c := rapid.SampledFrom(s.Conditions).Draw(t, "condition")
		e.Operator, e.Key = c.Operator, c.Key
		if len(c.Values) > 0 {
			e.Value = rapid.SampledFrom(c.Values).Draw(t, "value")
		}
	}
	e.New = rapid.SampledFrom(someValues).Draw(t, "new")
	switch e.Kind {
	case policy.RenameKey:
		e.New = rapid.SampledFrom(someKeys).Draw(t, "new key")
	case policy.ChangeOperator:
		e.New = someOperator(t)
		if rapid.Bool().Draw(t, "join") && len(s.Conditions) > 0 {
			e.New = rapid.SampledFrom(s.Conditions).Draw(t, "joined").Operator
		}
	case policy.AddCondition:
		e.Operator, e.Key, e.New = someOperator(t), rapid.SampledFrom(someKeys).Draw(t, "new key"), encode(e.New)
	case policy.ReplaceAction, policy.AddAction:
		e.Value, e.New = rapid.SampledFrom(s.Actions).Draw(t, "action"), "sts:New"
	case policy.ReplacePrincipal, policy.RemovePrincipal:
		e.Value, e.New = rapid.SampledFrom(s.Principals).Draw(t, "principal")[1], "new"
	case policy.SetPrincipal:
		e.New = `{ "Federated" : "new" }`
	case policy.AddStatement, policy.ReplaceStatement:
		e.New = someStatement(t).json()
	}
	return e
}

// layouts write the same JSON in the ways that people and programs do.
func layout(t *rapid.T, text string) string {
	var b bytes.Buffer
	switch kind := rapid.SampledFrom([]string{"compact", "  ", "    ", "\t", "spaced", "crlf"}).Draw(t, "layout"); kind {
	case "compact":
		return text
	case "spaced", "crlf":
		_ = json.Indent(&b, []byte(text), "", " ")
		if kind == "crlf" {
			return strings.ReplaceAll(b.String(), "\n", "\r\n")
		}
		return strings.ReplaceAll(b.String(), "\n", "")
	default:
		_ = json.Indent(&b, []byte(text), "", kind)
		return b.String() + "\n"
	}
}

// TestApplyChangesWhatItNames compares an edit's outcome with what it means.
func TestApplyChangesWhatItNames(t *testing.T) {
	applied := map[policy.EditKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		source := layout(t, somePolicy(t).json())
		before := mustParseRapid(t, source)
		for range 10 {
			p := parsedOf(before)
			e := someEdit(t, p)
			after, err := before.Apply(e)
			if err != nil {
				continue // which edits fail is TestApplyRefuses's matter
			}
			applied[e.Kind]++
			if want, got := p.apply(e).normal().text(), parsedOf(after).text(); got != want {
				t.Errorf("%+v on\n%s\ngives\n%s\nwhich says %s\nwant %s", e, source, after.Source, got, want)
			}
			checkLayout(t, source, string(after.Source))
		}
	})
	for _, kind := range allKinds {
		if applied[kind] == 0 {
			t.Errorf("no edit %s was applied", kind)
		}
	}
}

// checkLayout holds the text to the layout it had.
func checkLayout(t *rapid.T, before, after string) {
	if strings.Contains(before, "\n") != strings.Contains(after, "\n") {
		t.Errorf("one line and many are mixed up:\n%s\n%s", before, after)
	}
	if strings.Contains(before, "\r\n") && strings.Count(after, "\n") != strings.Count(after, "\r\n") {
		t.Errorf("line ends are mixed:\n%q", after)
	}
	if strings.Contains(before, "\n\t") && strings.Contains(after, "\n ") {
		t.Errorf("indentation is mixed:\n%s", after)
	}
	for line := range strings.Lines(after) {
		if strings.TrimRight(line, " \t\r\n") != strings.TrimRight(line, "\r\n") || strings.TrimSpace(line) == "" {
			t.Errorf("a line is empty or ends in white space:\n%s", after)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name, source string
		edit         policy.Edit
		want         string
	}{
		{"no kind", compactPolicy, policy.Edit{}, "apply edit 0, : unknown kind of edit"},
		{"no statement", compactPolicy, policy.Edit{Kind: policy.RemoveStatement, Statement: 1}, "apply edit 0, remove-statement: there is no statement 1"},
		{"no statement to replace", compactPolicy, policy.Edit{Kind: policy.ReplaceAction, Statement: -1}, "apply edit 0, replace-action: there is no statement -1"},
		{"no statement to trust", compactPolicy, policy.Edit{Kind: policy.SetPrincipal, Statement: 3}, "apply edit 0, set-principal: there is no statement 3"},
		{"no statement to limit", compactPolicy, policy.Edit{Kind: policy.AddCondition, Statement: 3}, "apply edit 0, add-condition: there is no statement 3"},
		{"no statement to edit", compactPolicy, policy.Edit{Kind: policy.RenameKey, Statement: 3}, "apply edit 0, rename-key: there is no statement 3"},
		{"no condition", compactPolicy, policy.Edit{Kind: policy.AddValue, Operator: "StringLike", Key: "k:sub"}, "apply edit 0, add-value: statement 0 has no condition StringLike on k:sub"},
		{"no value", compactPolicy, policy.Edit{Kind: policy.ReplaceValue, Operator: "StringLike", Key: "k:aud", Value: "x"}, `apply edit 0, replace-value: there is no "x" in statement 0`},
		{"no value to remove", compactPolicy, policy.Edit{Kind: policy.RemoveValue, Operator: "StringLike", Key: "k:aud", Value: "x"}, `apply edit 0, remove-value: there is no "x"`},
		{"the only value", compactPolicy, policy.Edit{Kind: policy.RemoveValue, Operator: "StringEquals", Key: "k:sub", Value: "x"}, `apply edit 0, remove-value: "x" is the only value`},
		{"key taken", prettyPolicy, policy.Edit{Kind: policy.RenameKey, Operator: "StringEquals", Key: "idp.example:sub", New: "IDP.example:aud"}, "apply edit 0, rename-key: StringEquals has the key IDP.example:aud already"},
		{"unknown operator", compactPolicy, policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "k:sub", New: "stringlike"}, `apply edit 0, change-operator: unknown condition operator "stringlike"`},
		{"same operator", compactPolicy, policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "k:sub", New: "StringEquals"}, "apply edit 0, change-operator: the operator is the same"},
		{"key there", compactPolicy, policy.Edit{Kind: policy.AddCondition, Operator: "StringEquals", Key: "K:SUB", New: `"x"`}, "apply edit 0, add-condition: StringEquals has the key K:SUB already"},
		{"new operator unknown", compactPolicy, policy.Edit{Kind: policy.AddCondition, Operator: "Like", Key: "k", New: `"x"`}, "unknown condition operator; their names are case-sensitive"},
		{"value no JSON", compactPolicy, policy.Edit{Kind: policy.AddCondition, Operator: "Bool", Key: "k", New: `x`}, "apply edit 0, add-condition: the new value is no JSON text: expected a value"},
		{"members smuggled in", compactPolicy, policy.Edit{Kind: policy.AddCondition, Operator: "Bool", Key: "k", New: `"x"},"Sid":{"y":"z"`}, "apply edit 0, add-condition: the new value is no JSON text: unexpected text after the document"},
		{"principal no JSON", compactPolicy, policy.Edit{Kind: policy.SetPrincipal, New: `{`}, "apply edit 0, set-principal: line 1, column 2: unexpected end, a member name in double quotes is missing"},
		{"principal refused", compactPolicy, policy.Edit{Kind: policy.SetPrincipal, New: `"*"`}, "Principal must be an object"},
		{"no principal", compactPolicy, policy.Edit{Kind: policy.RemovePrincipal, Value: "z"}, `apply edit 0, remove-principal: statement 0 has no principal "z"`},
		{"the only principal", spacedPolicy, policy.Edit{Kind: policy.RemovePrincipal, Value: "a.example"}, `apply edit 0, remove-principal: "a.example" is the only value`},
		{"statement no JSON", compactPolicy, policy.Edit{Kind: policy.AddStatement, New: `x`}, "apply edit 0, add-statement: line 1, column 1: expected a value"},
		{"statement refused", compactPolicy, policy.Edit{Kind: policy.AddStatement, New: `{}`}, "the element Effect is missing"},
		{"action refused", compactPolicy, policy.Edit{Kind: policy.AddAction, New: "s3:*"}, "a trust policy may name actions of sts only"},
		{"no Action", statementWith(`"NotAction":"sts:*"`), policy.Edit{Kind: policy.AddAction, New: "sts:TagSession"}, "apply edit 0, add-action: statement 0 has no Action to add to"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc, err := mustParse(t, test.source).Apply(test.edit)
			if doc != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) && !strings.Contains(err.Error(), ": "+test.want) {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func TestApplyInTurn(t *testing.T) {
	doc := mustParse(t, compactPolicy)
	after, err := doc.Apply(
		policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "k:sub", New: "StringLike"},
		policy.Edit{Kind: policy.ReplaceValue, Operator: "StringLike", Key: "k:sub", Value: "x", New: "x*"},
		policy.Edit{Kind: policy.AddAction, New: "sts:TagSession"},
	)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"Action":["sts:AssumeRoleWithWebIdentity","sts:TagSession"],"Condition":{"StringLike":{"k:aud":["y","z"],"k:sub":"x*"}}`; !strings.Contains(string(after.Source), want) {
		t.Errorf("got %s", after.Source)
	}
	_, err = doc.Apply(
		policy.Edit{Kind: policy.RemoveCondition, Operator: "StringEquals", Key: "k:sub"},
		policy.Edit{Kind: policy.RemoveCondition, Operator: "StringEquals", Key: "k:sub"},
	)
	if err == nil || !strings.HasPrefix(err.Error(), "apply edit 1, remove-condition: ") {
		t.Errorf("error %v", err)
	}
	if same, err := doc.Apply(); err != nil || same != doc {
		t.Errorf("no edits give %v, %v", same, err)
	}
}

func TestApplyKeepsGrammar(t *testing.T) {
	doc, err := policy.ParseResourceControl([]byte(control(`"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"`)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := doc.Apply(policy.Edit{Kind: policy.AddAction, New: "s3:*"}); err != nil {
		t.Errorf("refused: %v", err)
	}
	if _, err := doc.Apply(policy.Edit{Kind: policy.SetPrincipal, New: `{"AWS":"*"}`}); err == nil {
		t.Error("a resource control policy became one that is none")
	}
}
