package report

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func TestTerraform(t *testing.T) {
	const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Condition":{
		"StringEquals":{"x:sub":["a","b"]},"Bool":{"aws:MultiFactorAuthPresent":true},"NumericLessThan":{"x:n":5}}}]}`
	const want = `assume_role_policy = jsonencode({
  Version = "2012-10-17"
  Statement = [{
    Effect = "Allow"
    Condition = {
      StringEquals = {
        "x:sub" = ["a", "b"]
      }
      Bool = {
        "aws:MultiFactorAuthPresent" = true
      }
      NumericLessThan = {
        "x:n" = 5
      }
    }
  }]
})
`
	if d := cmp.Diff(want, Terraform(policy)); d != "" {
		t.Error(d)
	}
}

func TestTerraformOfWhatIsNoPolicy(t *testing.T) {
	for _, policy := range []string{"", "{", `{"a"}`, `{"a":[1}`, "[]", `"x"`, "{\"a\":\x01}"} {
		if got := Terraform(policy); got != "" {
			t.Errorf("Terraform(%q) = %q", policy, got)
		}
	}
}

// Terraform itself must read the policy that was meant, whatever the values.
func TestTerraformEvaluatesToThePolicy(t *testing.T) {
	for name, value := range map[string]string{
		"plain":           "repo:acme/api:*",
		"policy variable": "${aws:PrincipalTag/x}",
		"template":        "%{ if true }x%{ endif }",
		"escaped already": "$${x} %%{x}",
		"quotes":          `a "b" \ 'c' \n`,
		"for":             "for",
		"hostile":         nasty,
	} {
		raw, err := json.Marshal(map[string]any{"Statement": []any{map[string]any{value: []string{value, "x"}, "for": nil}}})
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(evaluate(t, Terraform(string(raw)))), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-policy +evaluated)\n%s", name, d)
		}
	}
}

func evaluate(t *testing.T, src string) string {
	t.Helper()
	noControls(t, "Terraform", src, "\n")
	file, diags := hclsyntax.ParseConfig([]byte(src), "role.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v in\n%s", diags, src)
	}
	attrs, _ := file.Body.JustAttributes()
	value, diags := attrs["assume_role_policy"].Expr.Value(&hcl.EvalContext{
		Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc},
	})
	if diags.HasErrors() {
		t.Fatalf("%v in\n%s", diags, src)
	}
	if value.Type() != cty.String {
		t.Fatalf("it is a %s", value.Type().FriendlyName())
	}
	return value.AsString()
}
