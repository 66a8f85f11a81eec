package policy_test

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// prettyPolicy is laid out as IAM's console does, compactPolicy as a program
// without spaces, spacedPolicy as Python writes JSON.
const prettyPolicy = `{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {
                "Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example"
            },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    "idp.example:aud": "sts.amazonaws.com",
                    "idp.example:sub": [
                        "one",
                        "two"
                    ]
                }
            }
        }
    ]
}
`

// paddedPolicy has short objects on one line, with spaces inside their braces.
const paddedPolicy = `{
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Federated": "p" },
    "Action": "sts:*",
    "Condition": { "StringEquals": { "k": "v" } }
  }
}`

const (
	compactPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":["a.example","b.example"]},"Action":["sts:AssumeRoleWithWebIdentity"],"Condition":{"StringEquals":{"k:sub":"x"},"StringLike":{"k:aud":["y","z"]}}}]}`
	mergePolicy   = `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:*","Condition":{"StringEquals":{"k:sub":["x","y"]},"StringLike":{"K:SUB":"y"}}}]}`
	spacedPolicy  = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Federated": "a.example"}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"Null": {"k:sub": false}}}}`
)

func TestApply(t *testing.T) {
	tests := []struct {
		name   string
		source string
		edit   policy.Edit
		old    string // the part of the source that is replaced
		new    string
	}{
		{"replace value", prettyPolicy, policy.Edit{Kind: policy.ReplaceValue, Operator: "StringEquals", Key: "idp.example:sub", Value: "two", New: `t"wo`}, `"two"`, `"t\"wo"`},
		{"replace a boolean", spacedPolicy, policy.Edit{Kind: policy.ReplaceValue, Operator: "Null", Key: "k:sub", Value: "false", New: "true"}, `false`, `"true"`},
		{
			"add to a list", prettyPolicy,
			policy.Edit{Kind: policy.AddValue, Operator: "StringEquals", Key: "idp.example:sub", New: "three"},
			"\"two\"\n", "\"two\",\n                        \"three\"\n",
		},
		{
			"make a list", prettyPolicy,
			policy.Edit{Kind: policy.AddValue, Operator: "StringEquals", Key: "idp.example:aud", New: "b"},
			`"sts.amazonaws.com"`, "[\n                        \"sts.amazonaws.com\",\n                        \"b\"\n                    ]",
		},
		{"make a compact list", compactPolicy, policy.Edit{Kind: policy.AddValue, Operator: "StringEquals", Key: "k:sub", New: "y"}, `"x"`, `["x","y"]`},
		{"add what is there", compactPolicy, policy.Edit{Kind: policy.AddValue, Operator: "StringEquals", Key: "k:sub", New: "x"}, "", ""},
		{"remove the first value", compactPolicy, policy.Edit{Kind: policy.RemoveValue, Operator: "StringLike", Key: "k:aud", Value: "y"}, `"y",`, ``},
		{
			"remove the last value", prettyPolicy,
			policy.Edit{Kind: policy.RemoveValue, Operator: "StringEquals", Key: "idp.example:sub", Value: "two"},
			",\n                        \"two\"", "",
		},
		{"rename a key", compactPolicy, policy.Edit{Kind: policy.RenameKey, Operator: "StringEquals", Key: "k:sub", New: "k:azp"}, `"k:sub"`, `"k:azp"`},
		{"change the operator of a lone key", compactPolicy, policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "k:sub", New: "StringNotLike"}, `"StringEquals"`, `"StringNotLike"`},
		{
			"join another operator", compactPolicy,
			policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "k:sub", New: "StringLike"},
			`"StringEquals":{"k:sub":"x"},"StringLike":{"k:aud":["y","z"]}`, `"StringLike":{"k:aud":["y","z"],"k:sub":"x"}`,
		},
		{
			"keep to one line with its spaces", paddedPolicy,
			policy.Edit{Kind: policy.AddCondition, Operator: "Bool", Key: "k:x", New: "true"},
			`{ "k": "v" } }`, `{ "k": "v" }, "Bool": { "k:x": true } }`,
		},
		{
			"merge values", mergePolicy,
			policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "k:sub", New: "StringLike"},
			`{"StringEquals":{"k:sub":["x","y"]},"StringLike":{"K:SUB":"y"}}`, `{"StringLike":{"K:SUB":["y","x"]}}`,
		},
		{
			"add the element Condition", spacedPolicy[:len(spacedPolicy)-len(`, "Condition": {"Null": {"k:sub": false}}}}`)] + "}}",
			policy.Edit{Kind: policy.AddCondition, Operator: "Bool", Key: "k:x", New: "true"},
			`WebIdentity"`, `WebIdentity", "Condition": {"Bool": {"k:x": true}}`,
		},
		{
			"leave a shared operator", prettyPolicy,
			policy.Edit{Kind: policy.ChangeOperator, Operator: "StringEquals", Key: "idp.example:aud", New: "StringLike"},
			`"idp.example:aud": "sts.amazonaws.com",
                    "idp.example:sub": [
                        "one",
                        "two"
                    ]
                }`,
			`"idp.example:sub": [
                        "one",
                        "two"
                    ]
                },
                "StringLike": {
                    "idp.example:aud": "sts.amazonaws.com"
                }`,
		},
		{"remove a condition with its operator", compactPolicy, policy.Edit{Kind: policy.RemoveCondition, Operator: "StringEquals", Key: "k:sub"}, `"StringEquals":{"k:sub":"x"},`, ``},
		{"remove the last condition", spacedPolicy, policy.Edit{Kind: policy.RemoveCondition, Operator: "Null", Key: "k:sub"}, `, "Condition": {"Null": {"k:sub": false}}`, ``},
		{
			"add a key", prettyPolicy,
			policy.Edit{Kind: policy.AddCondition, Operator: "StringEquals", Key: "k:x", New: `["a","b"]`},
			"\"two\"\n                    ]", "\"two\"\n                    ],\n                    \"k:x\": [\n                        \"a\",\n                        \"b\"\n                    ]",
		},
		{"add an operator", spacedPolicy, policy.Edit{Kind: policy.AddCondition, Operator: "StringLike", Key: "k:x", New: `["a","b"]`}, `{"k:sub": false}`, `{"k:sub": false}, "StringLike": {"k:x": ["a", "b"]}`},
		{"replace an action", compactPolicy, policy.Edit{Kind: policy.ReplaceAction, Value: "sts:AssumeRoleWithWebIdentity", New: "sts:*"}, `sts:AssumeRoleWithWebIdentity`, `sts:*`},
		{"add an action", compactPolicy, policy.Edit{Kind: policy.AddAction, New: "sts:TagSession"}, `WebIdentity"]`, `WebIdentity","sts:TagSession"]`},
		{"make a list of actions", spacedPolicy, policy.Edit{Kind: policy.AddAction, New: "sts:TagSession"}, `"sts:AssumeRoleWithWebIdentity"`, `["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]`},
		{"replace a principal", compactPolicy, policy.Edit{Kind: policy.ReplacePrincipal, Value: "b.example", New: "c.example"}, `b.example`, `c.example`},
		{"remove a principal", compactPolicy, policy.Edit{Kind: policy.RemovePrincipal, Value: "b.example"}, `,"b.example"`, ``},
		{"set the principal", spacedPolicy, policy.Edit{Kind: policy.SetPrincipal, New: `{"AWS":"*","Federated":["b.example","c.example"]}`}, `{"Federated": "a.example"}`, `{"AWS": "*", "Federated": ["b.example", "c.example"]}`},
		{
			"add a statement", prettyPolicy,
			policy.Edit{Kind: policy.AddStatement, New: `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*"}`},
			"}\n        }\n", `}
        },
        {
            "Effect": "Deny",
            "Principal": {
                "AWS": "*"
            },
            "Action": "sts:*"
        }
`,
		},
		{"add a statement to a single one", spacedPolicy, policy.Edit{Kind: policy.AddStatement, New: `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*"}`}, `false}}}}`, `false}}}, {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:*"}]}`},
		{"replace a statement", compactPolicy, policy.Edit{Kind: policy.ReplaceStatement, New: `{ "Effect": "Deny", "Principal": {"AWS":"*"}, "Action": "sts:*" }`}, compactPolicy[len(`{"Version":"2012-10-17","Statement":[`) : len(compactPolicy)-2], `{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:*"}`},
		{"remove the last statement", compactPolicy, policy.Edit{Kind: policy.RemoveStatement}, compactPolicy[len(`{"Version":"2012-10-17","Statement":[`) : len(compactPolicy)-2], ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := mustParse(t, test.source)
			after, err := before.Apply(test.edit)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Replace(test.source, test.old, test.new, 1)
			if test.name == "add a statement to a single one" {
				want = strings.Replace(want, `"Statement": {`, `"Statement": [{`, 1)
			}
			if got := string(after.Source); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if string(before.Source) != test.source {
				t.Error("the edited document itself has changed")
			}
		})
	}
}

func mustParse(tb testing.TB, source string) *policy.Document {
	tb.Helper()
	d, err := policy.Parse([]byte(source))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}
