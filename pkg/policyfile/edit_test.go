package policyfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// TestEditsOfFiles makes each edit in the file and reads that again.
func TestEditsOfFiles(t *testing.T) {
	const value = "repo:acme/*"
	for name, c := range map[string]struct {
		file, role, from string
		exact            bool
	}{
		"policy as it is":          {"policy.json", "", "repo:acme/api:*", true},
		"account":                  {"account.json", "arn:aws:iam::111122223333:role/deploy", "repo:acme/api:*", true},
		"text with escapes":        {"account.json", "arn:aws:iam::111122223333:role/docs", "repo:acme/docs:*", false},
		"value of YAML":            {"template.yaml", "Function", "repo:acme/function:*", true},
		"what a function gives":    {"template.yaml", "Deploy", "repo:acme/api:*", false},
		"text of YAML, filled in":  {"template.yaml", "Docs", "repo:acme/docs:ref:refs/heads/main", false},
		"plan, which is no source": {"plan.json", "aws_iam_role.deploy", "repo:acme/api:*", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := roleOf(t, read(t, c.file, Options{}), c.role)
			changed := strings.Replace(string(r.Policy), c.from, value, 1)
			if changed == string(r.Policy) {
				t.Fatalf("%q is not in %s", c.from, r.Policy)
			}
			place, text, ok := r.Edit(changed)
			if ok != c.exact {
				t.Fatalf("exact: %v, %q for %+v", ok, text, place)
			}
			if !ok {
				return
			}
			source, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			edited := string(source[:place.Offset]) + text + string(source[place.Offset+place.Length:])
			f, err := Read(c.file, []byte(edited), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := string(roleOf(t, f, c.role).Policy); got != changed {
				t.Errorf("the edited file has\n%s\nwant\n%s", got, changed)
			}
		})
	}
}

func roleOf(t *testing.T, f *File, address string) *Role {
	t.Helper()
	for _, r := range f.Roles {
		if r.Address == address {
			return r
		}
	}
	t.Fatalf("no role %q", address)
	return nil
}

func TestNoEditWithoutChange(t *testing.T) {
	r := roleOf(t, read(t, "policy.json", Options{}), "")
	if _, text, ok := r.Edit(string(r.Policy)); ok {
		t.Errorf("edit %q", text)
	}
}

func TestNoEditOfAnEncodedPolicy(t *testing.T) {
	f, err := Read("f", []byte(`{"Arn": "a", "AssumeRolePolicyDocument": "%7B%22Statement%22%3A%5B%5D%7D"}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, text, ok := f.Roles[0].Edit(`{"Statement":[]}`); ok {
		t.Errorf("edit %q", text)
	}
}

func TestColumnsAreUTF16(t *testing.T) {
	f, err := Read("f", []byte("Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties: {\"é😀\": 1, AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(f.Roles[0].Policy), `"Statement"`)
	p := f.Roles[0].Place(policy.Span{Start: at, End: at + len(`"Statement"`)})
	start, end := f.Roles[0].Columns(p)
	line := []rune("    Properties: {\"é😀\": 1, AssumeRolePolicyDocument: {Version: '2012-10-17', ")
	if want := len(line) + 2; p.Line != 4 || start != want || end != want+len("Statement") {
		t.Errorf("line %d, columns %d to %d, want line 4, %d", p.Line, start, end, want)
	}
}
