package diagnose

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected files anew")

const causesDocument = "../../docs/causes.md"

// TestCausesDocument holds docs/causes.md against the checks it is made of.
func TestCausesDocument(t *testing.T) {
	want := document(Checks)
	if *update {
		if err := os.WriteFile(causesDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(causesDocument)
	if err != nil {
		t.Fatalf("%v; make docs writes it", err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/causes.md is stale; make docs writes it anew (-want +got):\n%s", diff)
	}
}

func document(checks []*Check) string {
	var b strings.Builder
	b.WriteString("# Causes\n\nWhat rolewhy can find, each with the code that reports carry. This page is made from the checks by `make docs`.\n\n")
	for _, k := range checks {
		fmt.Fprintf(&b, "- [`%s`](#%s): %s\n", k.Code, k.Code, k.Title)
	}
	for _, k := range checks {
		fmt.Fprintf(&b, "\n## %s\n\n**%s.**\n\n%s\n\n", k.Code, k.Title, k.Doc)
		fmt.Fprintf(&b, "CloudTrail error codes: %s. Rests on: <%s>\n\nSample: [events/%s.json](../events/%s.json), explained in [events/%s.txt](../events/%s.txt)\n",
			strings.Join(k.Errors, ", "), k.URL, k.Code, k.Code, k.Code, k.Code)
	}
	return b.String()
}

// TestEveryCauseIsComplete wants documentation, a vendor page, error codes and
// a sample of every cause, and codes that are unique.
func TestEveryCauseIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Checks {
		code := string(k.Code)
		if seen[code] {
			t.Errorf("%s stands twice in Checks", code)
		}
		seen[code] = true
		if k.Title == "" || len(k.Doc) < 100 || !strings.HasPrefix(k.URL, "https://") || len(k.Errors) == 0 || k.Run == nil {
			t.Errorf("%s lacks a title, a text, a vendor page, error codes or its function", code)
		}
		for _, file := range []string{code + ".json", code + ".txt"} {
			if _, err := os.Stat(filepath.Join("../../events", file)); err != nil {
				t.Errorf("%s has no sample: %v", code, err)
			}
		}
		for _, s := range k.Supersedes {
			if find(string(s)) == nil {
				t.Errorf("%s supersedes %s, which is no cause", code, s)
			}
		}
	}
}

func find(code string) *Check {
	for _, k := range Checks {
		if string(k.Code) == code {
			return k
		}
	}
	return nil
}
