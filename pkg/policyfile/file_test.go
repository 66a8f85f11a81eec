package policyfile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// found is what is told of a role in these tests.
type found struct {
	Address string
	Line    int
	Open    []string
	Account bool
	// Subject is the value of the first condition on a sub, and SubjectAt the
	// text of the file that its place covers.
	Subject, SubjectAt string
	Provider           string
}

func TestRead(t *testing.T) {
	const host = "token.actions.githubusercontent.com"
	arn := func(account string) string { return "arn:aws:iam::" + account + ":oidc-provider/" + host }
	for name, c := range map[string]struct {
		form   Form
		params map[string]string
		want   []found
	}{
		"policy.json": {form: Policy, want: []found{
			{Line: 1, Subject: "repo:acme/api:*", SubjectAt: `"repo:acme/api:*"`, Provider: arn("111122223333")},
		}},
		"account.json": {form: Account, want: []found{
			{Address: "arn:aws:iam::111122223333:role/deploy", Line: 4, Subject: "repo:acme/api:*", SubjectAt: `"repo:acme/api:*"`, Provider: arn("111122223333")},
			{Address: "arn:aws:iam::111122223333:role/docs", Line: 11, Subject: "repo:acme/docs:*", SubjectAt: `\"repo:acme/docs:*\"`, Provider: arn("111122223333")},
		}},
		"template.yaml": {form: Template, want: []found{
			{Address: "Deploy", Line: 22, Account: true, Subject: "repo:acme/api:*", SubjectAt: "'repo:${Organization}/api:*'", Provider: arn(AnyAccount)},
			{Address: "Docs", Line: 37, Account: true, Subject: "repo:acme/docs:ref:refs/heads/main", SubjectAt: `"repo:${Organization}/docs:ref:refs/heads/${Branch}"`, Provider: arn(AnyAccount)},
			{Address: "Open", Line: 55, Open: []string{"Fn::ImportValue", "Unknown"}, Subject: "repo:${Unknown}/x:*", SubjectAt: "repo:${Unknown}/x:*", Provider: "${Fn::ImportValue}"},
			{Address: "Function", Line: 68, Account: true, Subject: "repo:acme/function:*", SubjectAt: "repo:acme/function:*", Provider: arn(AnyAccount)},
		}},
		"template.json": {form: Template, params: map[string]string{"AWS::AccountId": "111122223333", "Branch": "release"}, want: []found{
			{Address: "Deploy", Line: 7, Subject: "repo:acme/api:ref:refs/heads/release", SubjectAt: `{"Fn::Join": [":", ["repo", "acme/api", "ref", {"Fn::Sub": "refs/heads/${Branch}"}]]}`, Provider: arn("111122223333")},
		}},
		"plan.json": {form: Terraform, want: []found{
			{Address: "aws_iam_role.deploy", Line: 2, Subject: "repo:acme/api:*", SubjectAt: `\"repo:acme/api:*\"`, Provider: arn("111122223333")},
			{Address: "aws_iam_role.later", Line: 3, Open: []string{"assume_role_policy, which is known after apply"}},
			{Address: `module.apps["x"].aws_iam_role.docs`, Line: 4, Subject: "repo:acme/docs:*", SubjectAt: `\"repo:acme/docs:*\"`, Provider: arn("111122223333")},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, name, Options{Params: c.params})
			var got []found
			for _, r := range f.Roles {
				got = append(got, describe(t, f, r))
			}
			if diff := cmp.Diff(c.want, got); diff != "" || f.Form != c.form || len(f.Faults) > 0 {
				t.Errorf("%s, %v (-want +got):\n%s", f.Form, f.Faults, diff)
			}
		})
	}
}

func read(t *testing.T, name string, o Options) *File {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(name, text, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func describe(t *testing.T, f *File, r *Role) found {
	t.Helper()
	d := found{Address: r.Address, Line: r.Line, Open: r.Open, Account: r.Account}
	if r.Policy == nil {
		return d
	}
	doc, err := policy.Parse(r.Policy)
	if err != nil {
		t.Fatalf("%v:\n%s", err, r.Policy)
	}
	s := doc.Statements[0]
	d.Provider = s.Principals[0].Value
	i := slices.IndexFunc(s.Conditions, func(k policy.Condition) bool { return strings.HasSuffix(k.Key.Value, ":sub") })
	d.Subject = s.Conditions[i].Values[0].Value
	p := r.Place(s.Conditions[i].Values[0].Span)
	d.SubjectAt = string(f.source.text[p.Offset : p.Offset+p.Length])
	if p.Text != "" && !strings.HasPrefix(p.Text[p.Column-1:], d.SubjectAt) {
		t.Errorf("line %d, column %d of %q is not %q", p.Line, p.Column, p.Text, d.SubjectAt)
	}
	return d
}

func TestProvidersOfFiles(t *testing.T) {
	for name, want := range map[string]string{
		"template.yaml": "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com sts.amazonaws.com",
		"plan.json":     "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com sts.amazonaws.com",
	} {
		var got []string
		for _, p := range read(t, name, Options{}).Providers {
			got = append(got, p.ARN+" "+strings.Join(p.ClientIDs, " "))
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%s has %q, want %s", name, got, want)
		}
	}
}

func TestFaultsHaveTheirPlace(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for _, next := range []string{"ba", "cb", "dc", "ed", "fe", "gf"} {
		bomb += string(next[0]) + ": &" + string(next[0]) + " [" + strings.Repeat("*"+string(next[1])+", ", 9) + "*" + string(next[1]) + "]\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"empty", " \n", "f: the file is empty"},
		{"a list", "[]", "f:1:1: an object is expected: a trust policy, a template, a Terraform plan or an account"},
		{"broken JSON", "{\n  \"Statement\": [,]\n}", "f:2:16: broken JSON: invalid character ',' looking for beginning of value"},
		{"cut JSON", `{"Statement": [`, "f:1:16: the JSON ends too early"},
		{"two values", `{"Statement": []} {}`, "f:1:20: more follows after the end of the JSON"},
		{"deep JSON", strings.Repeat("[", 500) + strings.Repeat("]", 500), "f:1:202: nested more than 200 deep"},
		{"broken YAML", "a: b\n c: d\n", "f:2:1: broken YAML: mapping values are not allowed in this context"},
		{"aliases of aliases", bomb, "more than 500000 values, or nested more than 200 deep, with all aliases followed"},
		{"alias of itself", "a: &a [*a]\n", "f:1:4: more than 500000 values, or nested more than 200 deep, with all aliases followed"},
		{"text", "hello", "f:1:1: an object is expected: a trust policy, a template, a Terraform plan or an account"},
	} {
		if _, err := Read("f", []byte(c.text), Options{}); err == nil || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestFaultsOfPartsLeaveTheRest(t *testing.T) {
	f, err := Read("f", []byte(`{"RoleDetailList": [{"Arn": "a", "AssumeRolePolicyDocument": []}, {"Arn": "b", "AssumeRolePolicyDocument": {"x": 1}}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Roles) != 1 || f.Roles[0].Address != "b" || len(f.Faults) != 1 || f.Faults[0].Error() != "f:1:62: a trust policy is an object, or a text with one" {
		t.Errorf("roles %v, faults %v", f.Roles, f.Faults)
	}
}
