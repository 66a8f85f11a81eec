package policy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// The vocabulary of random policies and requests is small, so that values meet.
var (
	someKeys   = []string{"k:sub", "K:SUB", "k:aud", "aws:TagKeys", "aws:SourceIp"}
	someValues = []string{
		"a", "A", "ab", "a*", "?", "*", "", "true", "false", "1", "1.0", "2", "2026-03-01", "10.0.0.1", "10.0.0.0/8",
		"arn:aws:iam::1:role/a", "arn:aws:iam::*:role/*", "arn:x", "${k:sub}", "a${k:aud}", "${k:none, 'a'}", "${k:aud, '*'}", "${*}", "arn:aws:iam::1:role/${k:sub}",
	}
	someProviders = []string{"p", "q", "P"}
	someActions   = []string{"sts:AssumeRoleWithWebIdentity", "sts:*", "sts:TagSession", "sts:assumerolewithwebidentity"}
)

func someOperator(t *rapid.T) string {
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(baseOperators))).Draw(t, "operator")
	return rapid.SampledFrom([]string{"", "", "ForAnyValue:", "ForAllValues:"}).Draw(t, "set") + name + rapid.SampledFrom([]string{"", "IfExists"}).Draw(t, "suffix")
}

// parsed is what a policy says, apart from how it is written.
type parsed struct{ Statements []parsedStatement }

type parsedStatement struct {
	Sid, Effect string
	Principals  [][2]string // type and value
	NotAction   bool
	Actions     []string
	Conditions  []parsedCondition
}

type parsedCondition struct {
	Operator, Key string
	Values        []string
}

func someStatement(t *rapid.T) parsedStatement {
	s := parsedStatement{
		Effect:    rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"),
		NotAction: rapid.IntRange(0, 9).Draw(t, "not") == 0,
		Actions:   rapid.SliceOfNDistinct(rapid.SampledFrom(someActions), 1, 2, rapid.ID[string]).Draw(t, "actions"),
	}
	for _, p := range rapid.SliceOfNDistinct(rapid.SampledFrom(someProviders), 1, 2, rapid.ID[string]).Draw(t, "principals") {
		s.Principals = append(s.Principals, [2]string{"Federated", p})
	}
	if rapid.IntRange(0, 4).Draw(t, "everyone") == 0 {
		s.Principals = append(s.Principals, [2]string{"AWS", "*"})
	}
	seen := map[string]bool{}
	for range rapid.IntRange(0, 3).Draw(t, "conditions") {
		c := parsedCondition{someOperator(t), rapid.SampledFrom(someKeys).Draw(t, "key"), rapid.SliceOfN(rapid.SampledFrom(someValues), 0, 3).Draw(t, "values")}
		if !seen[c.Operator+c.Key] {
			s.Conditions = append(s.Conditions, c)
		}
		seen[c.Operator+c.Key] = true
	}
	return s
}

func somePolicy(t *rapid.T) parsed {
	var p parsed
	for range rapid.IntRange(1, 3).Draw(t, "statements") {
		p.Statements = append(p.Statements, someStatement(t))
	}
	return p
}

// json writes a statement; a single value stands without brackets.
func (s parsedStatement) json() string {
	principals, conditions := map[string]any{}, map[string]map[string]any{}
	for kind, values := range group(s.Principals) {
		principals[kind] = one(values)
	}
	for _, c := range s.Conditions {
		if conditions[c.Operator] == nil {
			conditions[c.Operator] = map[string]any{}
		}
		conditions[c.Operator][c.Key] = one(c.Values)
	}
	action := "Action"
	if s.NotAction {
		action = "NotAction"
	}
	members := map[string]any{"Effect": s.Effect, "Principal": principals, action: one(s.Actions)}
	if len(conditions) > 0 {
		members["Condition"] = conditions
	}
	if s.Sid != "" {
		members["Sid"] = s.Sid
	}
	return encode(members)
}

// json writes a policy; a single statement of a single action stands without
// brackets.
func (p parsed) json() string {
	if len(p.Statements) == 1 && len(p.Statements[0].Actions) == 1 {
		return encode(map[string]any{"Version": "2012-10-17", "Statement": json.RawMessage(p.Statements[0].json())})
	}
	var list []json.RawMessage
	for _, s := range p.Statements {
		list = append(list, json.RawMessage(s.json()))
	}
	return encode(map[string]any{"Version": "2012-10-17", "Statement": list})
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own mistake
	}
	return string(text)
}

func group(principals [][2]string) map[string][]string {
	groups := map[string][]string{}
	for _, p := range principals {
		groups[p[0]] = append(groups[p[0]], p[1])
	}
	return groups
}

func one(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return append([]string{}, values...)
}

// parsedOf reads back what a document says. Conditions and principals are put in
// an order of their own: their place in the text means nothing.
func parsedOf(d *policy.Document) parsed {
	var p parsed
	for _, s := range d.Statements {
		got := parsedStatement{Sid: s.Sid.Value, Effect: s.Effect.Value, NotAction: s.NotAction, Actions: texts(s.Actions)}
		for _, principal := range s.Principals {
			got.Principals = append(got.Principals, [2]string{principal.Type, principal.Value})
		}
		for _, c := range s.Conditions {
			got.Conditions = append(got.Conditions, parsedCondition{c.Operator.Value, c.Key.Value, texts(c.Values)})
		}
		p.Statements = append(p.Statements, got)
	}
	return p.normal()
}

func texts(list []policy.Text) []string {
	var values []string
	for _, v := range list {
		values = append(values, v.Value)
	}
	return values
}

func (p parsed) normal() parsed {
	for i := range p.Statements {
		s := &p.Statements[i]
		slices.SortStableFunc(s.Conditions, func(a, b parsedCondition) int {
			return slices.Compare([]string{a.Operator, a.Key}, []string{b.Operator, b.Key})
		})
		slices.SortStableFunc(s.Principals, func(a, b [2]string) int { return slices.Compare(a[:1], b[:1]) })
	}
	return p
}

// text is a form in which two parsed policies can be compared; it equates a
// missing list with an empty one.
func (p parsed) text() string { return fmt.Sprint(p.Statements) }

func someState(t *rapid.T, label string) policy.Values {
	switch rapid.IntRange(0, 3).Draw(t, label) {
	case 0:
		return policy.AbsentValue
	case 1:
		return policy.MultiValue(rapid.SliceOfN(rapid.SampledFrom(someValues), 0, 2).Draw(t, label+" list")...)
	}
	return policy.Value(rapid.SampledFrom(someValues).Draw(t, label+" value"))
}

// request is a call with known and hidden keys.
func request(keys map[string]policy.Values) *policy.Request { return requestWith(keys) }

func TestDecideIsEvaluate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := mustParseRapid(t, somePolicy(t).json())
		keys := map[string]policy.Values{}
		for _, key := range []string{"k:sub", "k:aud", "aws:TagKeys", "aws:SourceIp"} {
			if keys[key] = someState(t, key); rapid.IntRange(0, 3).Draw(t, "hide") == 0 {
				keys[key] = policy.HiddenValue
			}
		}
		r := request(keys)
		if trace := policy.Evaluate(doc, r); trace.Verdict() != policy.Decide(doc, r) {
			t.Errorf("Evaluate says %v, Decide %v", trace.Verdict(), policy.Decide(doc, r))
		}
	})
}

func mustParseRapid(t *rapid.T, source string) *policy.Document {
	doc, err := policy.Parse([]byte(source))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return doc
}

// TestHiddenIsSound hides keys, and checks that what is known of the outcome all
// the same stays true whatever the hidden keys are.
func TestHiddenIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := mustParseRapid(t, somePolicy(t).json())
		open, concrete := map[string]policy.Values{}, map[string]policy.Values{}
		for _, key := range []string{"k:sub", "k:aud", "aws:TagKeys", "aws:SourceIp"} {
			concrete[key] = someState(t, key)
			open[key] = concrete[key]
			if rapid.Bool().Draw(t, "hide "+key) {
				open[key] = policy.HiddenValue
			}
		}
		mustAgree(t, policy.Evaluate(doc, request(open)), policy.Evaluate(doc, request(concrete)))
	})
}

// failer is what testing.T and rapid.T have in common here.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// mustAgree fails where a result that was known is another once more is known.
func mustAgree(t failer, open, concrete *policy.Trace) {
	t.Helper()
	agree := func(what string, a, b policy.Result) {
		t.Helper()
		if a != policy.Unknown && a != b {
			t.Errorf("%s is %v with keys hidden, %v with all known", what, a, b)
		}
	}
	agree("the result", open.Result, concrete.Result)
	agree("allowed", open.Allowed, concrete.Allowed)
	agree("denied", open.Denied, concrete.Denied)
	for i := range open.Statements {
		a, b := &open.Statements[i], &concrete.Statements[i]
		agree(fmt.Sprintf("statement %d", i), a.Result, b.Result)
		for n := range a.Conditions {
			agree(fmt.Sprintf("statement %d, %s %s", i, a.Conditions[n].Operator.Value, a.Conditions[n].Key.Value), a.Conditions[n].Result, b.Conditions[n].Result)
		}
	}
	if v := open.Verdict(); v != policy.Undecided && v != concrete.Verdict() {
		t.Errorf("the verdict is %v with keys hidden, %v with all known", v, concrete.Verdict())
	}
}
