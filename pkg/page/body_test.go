package page

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// What is copied is what is shown, and still means the same.
func TestSpelledDocumentsKeepTheirValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := strings.ToValidUTF8(rapid.String().Draw(t, "text"), "") + "\u200b\u202e\U000e0041"
		raw, _ := json.Marshal(want) // a string always can
		shown := spelled(string(raw), false)
		if report.Escape(shown) != shown {
			t.Fatalf("shows what cannot be seen: %q", shown)
		}
		var got string
		if err := json.Unmarshal([]byte(shown), &got); err != nil || got != want {
			t.Fatalf("%s decodes to %q, %v; want %q", shown, got, err, want)
		}
	})
}

func TestSpelledTerraformKeepsItsValues(t *testing.T) {
	const want = "repo:acme\u200b\u202e/api\U000e0041"
	shown := spelled(report.Terraform(`{"a":"`+want+`"}`), true)
	if visible(shown) != shown {
		t.Errorf("shows what cannot be seen: %q", shown)
	}
	literal := shown[strings.IndexByte(shown, '"') : strings.LastIndexByte(shown, '"')+1]
	e, diags := hclsyntax.ParseExpression([]byte(literal), "x", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if v, _ := e.Value(nil); v.AsString() != want {
		t.Errorf("%s is %q", literal, v.AsString())
	}
}

// Half of a policy must not be applied.
func TestCodeIsWholeOrAbsent(t *testing.T) {
	d := newDocument("scan", "")
	long := d.section(report.Section{Kind: report.LongSection, Label: "Terraform", Text: strings.Repeat("x", longestCode+1)})
	if long.Kind != report.ProseSection || !strings.HasPrefix(d.Texts[long.Lines[0]], "Terraform is too long") {
		t.Errorf("told as %s: %.80s", long.Kind, d.Texts[long.Lines[0]])
	}
	whole := d.section(report.Section{Kind: report.LongSection, Label: "Terraform", Text: "a\n\tb\r\n"})
	if len(whole.Lines) != 2 || d.Texts[whole.Lines[1]] != "  b" {
		t.Errorf("lines %v of %q", whole.Lines, d.Texts)
	}
}

func TestTextsAreInTheDocumentOnce(t *testing.T) {
	d := newDocument("scan", "")
	if a, b := d.lines("x\ny"), d.lines("y\nx"); a[0] != b[1] || a[1] != b[0] || len(d.Texts) != 3 {
		t.Errorf("%v and %v of %q", a, b, d.Texts)
	}
}
