package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// hostileFiles are files in which values that others wrote stand wherever they
// can; each has a role that is too open and one that denies.
func hostileFiles(t *testing.T, value string) (names []string) {
	t.Helper()
	const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	policy := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
		"Sid": "x", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": map[string]any{"Federated": provider},
		"Condition": map[string]any{"StringLike": map[string]any{"token.actions.githubusercontent.com:sub": []string{"repo:acme*", "repo:acme/" + value}}},
	}}}
	text, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]any{
		"policy.json":   policy,
		"template.json": map[string]any{"Resources": map[string]any{value: map[string]any{"Type": "AWS::IAM::Role", "Properties": map[string]any{"AssumeRolePolicyDocument": policy}}}},
		"open.json": map[string]any{"Resources": map[string]any{"A": map[string]any{"Type": "AWS::IAM::Role", "Properties": map[string]any{
			"AssumeRolePolicyDocument": map[string]any{"Version": map[string]any{"Ref": value}, "Statement": policy["Statement"]},
		}}}},
		"plan.json": map[string]any{"format_version": "1.2", "planned_values": map[string]any{"root_module": map[string]any{"resources": []any{
			map[string]any{"address": value, "type": "aws_iam_role", "values": map[string]any{"assume_role_policy": string(text)}},
		}}}},
		"account.json": map[string]any{"roles": []any{map[string]any{"Arn": "arn:aws:iam::111122223333:role/" + value, "AssumeRolePolicyDocument": policy}}},
		"invalid.json": map[string]any{"Version": value, "Statement": []any{}},
	} {
		raw, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.Join(t.TempDir(), name))
		if err := os.WriteFile(names[len(names)-1], raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestHostileFilesReachNoTerminal(t *testing.T) {
	for kind, value := range hostileValues {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, name := range hostileFiles(t, value) {
				for _, output := range []string{"text", "json", "markdown", "sarif"} { // the page has tests of its own
					_, out := run("", "audit", name, "-o", output)
					harmless(t, out)
					if output == "markdown" {
						plainMarkdown(t, out)
					}
				}
				for _, output := range checkOutputs {
					_, out := run("", "check", name, "--as", "repo:other/"+strings.ReplaceAll(value, "\x00", ""), "-o", output)
					harmless(t, out)
					if output == "markdown" {
						plainMarkdown(t, out)
					}
				}
			}
		})
	}
}

func TestHostileArgumentsOfAuditAndCheck(t *testing.T) {
	for _, args := range [][]string{
		{"audit", nasty},
		{"audit", "-o", nasty, "x"},
		{"audit", "--fail-on", nasty, "x"},
		{"audit", "--param", nasty, "x"},
		{"audit", "--account", nasty},
		{"check", nasty, "--as", nasty},
		{"check", "x", "--as", nasty, "--expect", nasty},
		{"check", "x", "--as", nasty, "--claim", nasty},
		{"check", "x", "--as", nasty, "--role", nasty, "--provider", nasty},
	} {
		code, out := run(nasty, args...)
		if code < exitUsage || out == "" {
			t.Errorf("%q exits with %d and says %q", args, code, out)
		}
		harmless(t, out)
	}
}

// TestJSONFitsItsSchema holds what audit and check write against the schemas.
func TestJSONFitsItsSchema(t *testing.T) {
	names := append(hostileFiles(t, "plain"), "../policyfile/testdata/template.yaml", "../policyfile/testdata/plan.json", "../policyfile/testdata/account.json")
	for _, output := range []string{"sarif", "json"} {
		for _, name := range names {
			for _, args := range [][]string{
				{"audit", name},
				{"check", name, "--as", "repo:acme/x:pull_request"},
				{"check", name, "--as", "repo:other/x:pull_request", "--expect", "allowed"},
				{"check", name, "--as", "repo:acme/api:pull_request", "--expect", "denied"},
			} {
				schema := "../../docs/" + args[0] + ".schema.json"
				if output == "sarif" {
					schema = "../sarif/testdata/sarif-schema-2.1.0.json"
				}
				_, out := run("", append(args, "-o", output)...)
				if _, out, ok := strings.Cut("\n"+out, "\n{"); ok { // else there is nothing to check in it, which is told
					fits(t, schema, "{"+out)
				}
			}
		}
	}
}

// fits holds a text against a schema.
func fits(t *testing.T, name, text string) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	for _, other := range []string{"report", "audit"} {
		raw, err := os.ReadFile("../../docs/" + other + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("https://github.com/rolewhy/rolewhy/docs/"+other+".schema.json", value); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err == nil {
		err = schema.Validate(value)
	}
	if err != nil {
		t.Errorf("%v\n%.4000s", err, text)
	}
}

func TestTokenIsNoSubject(t *testing.T) {
	const token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJyZXBvOmFjbWUvYXBpIn0.c2lnbmF0dXJlc2lnbmF0dXJl"
	code, out := run("", "check", "x", "--as", token)
	if code != exitUsage || strings.Contains(out, "eyJ") {
		t.Errorf("exits with %d: %s", code, out)
	}
}
