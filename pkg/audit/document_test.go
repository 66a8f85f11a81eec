package audit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/report"
)

const rulesDocument = "../../docs/audit.md"

// shown are the bad accounts that the document shows for each rule.
var shown = map[report.Code]string{
	"strangers-admitted":      "github-prefix",
	"any-workload":            "eks-every-namespace",
	"statement-never-matches": "wildcard-exact",
	"providers-both-wanted":   "github-gitlab",
	"provider-misspelt":       "scheme",
	"provider-gone":           "alone",
	"immutable-subject":       "repository",
	"organization-refuses":    "new-subjects",
	"thumbprint-dependent":    "own-issuer",
}

// TestRulesDocument holds docs/audit.md against the rules it is made of.
func TestRulesDocument(t *testing.T) {
	want := document(t)
	if *update {
		if err := os.WriteFile(rulesDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(rulesDocument)
	if err != nil {
		t.Fatalf("%v; make docs writes it", err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/audit.md is stale; make docs writes it anew (-want +got):\n%s", diff)
	}
}

func document(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# Audit rules\n\nWhat `rolewhy audit` finds in trust policies before anything fails, each with the code that findings carry. This page is made from the rules by `make docs`.\n")
	for _, k := range audit.Kinds {
		fmt.Fprintf(&b, "\n**%s** (`%s`). %s\n\n", k.Title, k.Kind, k.Doc)
		for _, r := range audit.Rules {
			if r.Kind == k.Kind {
				fmt.Fprintf(&b, "- [`%s`](#%s): %s\n", r.Code, r.Code, r.Title)
			}
		}
	}
	b.WriteString("\nEvery change of a policy that is offered was evaluated: IAM saves the policy, no stranger that rolewhy makes is admitted after it, and whom the policy names still is.\n")
	for _, r := range audit.Rules {
		fmt.Fprintf(&b, "\n## %s\n\n**%s.** Kind: `%s`.\n\n%s\n\nRests on: <%s>\n\n%s", r.Code, r.Title, r.Kind, r.Doc, r.URL, exampleOf(t, r))
	}
	return b.String()
}

// exampleOf is the policy of a bad account, with what the rule finds in it.
func exampleOf(t *testing.T, r *audit.Rule) string {
	t.Helper()
	for _, f := range auditFile(t, filepath.Join("testdata", "bad", string(r.Code)+"-"+shown[r.Code]+".json")).Findings {
		if f.Code == r.Code {
			return example(t, &f)
		}
	}
	t.Fatalf("the example of %s has no finding", r.Code)
	return ""
}

func example(t *testing.T, f *audit.Finding) string {
	t.Helper()
	var policy, b bytes.Buffer
	if err := json.Indent(&policy, []byte(f.Policy), "", "  "); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "Example:\n\n```json\n%s\n```\n\n- Found (%s): %s\n", policy.String(), f.Certainty, f.Message)
	if f.Cause != "" {
		fmt.Fprintf(&b, "- Cause: [`%s`](causes.md#%s)\n", f.Cause, f.Cause)
	}
	if f.Admitted != nil {
		fmt.Fprintf(&b, "- Admitted: `%s`, audience `%s`: %s\n", f.Admitted.Subject, f.Admitted.Audience, f.Admitted.Who)
	}
	for _, fix := range f.Fixes {
		fmt.Fprintf(&b, "- Fix: %s\n", fix.Message)
	}
	return b.String()
}

// Every rule is documented whole, and has a code of its own.
func TestEveryRuleIsComplete(t *testing.T) {
	seen := map[report.Code]bool{}
	for _, r := range audit.Rules {
		if seen[r.Code] {
			t.Errorf("%s stands twice in Rules", r.Code)
		}
		seen[r.Code] = true
		if r.Title == "" || len(r.Doc) < 100 || !strings.HasPrefix(r.URL, "https://") || r.Run == nil {
			t.Errorf("%s lacks a title, a text, a vendor page or its function", r.Code)
		}
	}
}
