package audit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/casefile"
)

var update = flag.Bool("update", false, "write the expected files anew")

// account is that of all fixtures.
const account = "111122223333"

var today = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// auditText audits an account file.
func auditText(t *testing.T, text []byte, name string) *audit.Result {
	t.Helper()
	acct, err := casefile.Load(bytes.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Audit(t.Context(), acct, account, audit.Options{Now: today})
}

func auditFile(t *testing.T, file string) *audit.Result {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return auditText(t, text, file)
}

// fixtures are the account files of a directory of testdata. Each is about the
// rule that its name begins with.
func fixtures(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	return files
}

// Every bad account is told of by the rule that its name begins with, in the
// words of its golden file.
func TestBadAccounts(t *testing.T) {
	for _, file := range fixtures(t, "bad") {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			r := auditFile(t, file)
			if !slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return about(name, f) }) {
				t.Errorf("no finding of the rule")
			}
			golden(t, strings.TrimSuffix(file, ".json")+".golden", r)
		})
	}
}

// about tells whether a fixture is about the rule of a finding.
func about(fixture string, f audit.Finding) bool {
	return strings.HasPrefix(fixture, string(f.Code)+"-")
}

// golden holds the findings against a file.
func golden(t *testing.T, file string, r *audit.Result) {
	t.Helper()
	if len(r.Gaps) > 0 {
		t.Errorf("gaps: %v", r.Gaps)
	}
	for i := range r.Findings {
		r.Findings[i].Policy = "" // it stands in the fixture
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(r.Findings); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got; -update writes it anew\n%s", diff)
	}
}

// Nobody has called: what is taken over from the causes of denied calls speaks of
// none.
func TestFindingsSpeakOfNoCall(t *testing.T) {
	for _, file := range fixtures(t, "bad") {
		for _, f := range auditFile(t, file).Findings {
			texts := append([]string{f.Message}, f.Notes...)
			for _, fix := range f.Fixes {
				texts = append(append(texts, fix.Message, fix.Admits), fix.Notes...)
			}
			for _, text := range texts {
				for _, word := range []string{"the call", "this call", "this caller", "the token's", "the request", "was denied"} {
					if strings.Contains(text, word) {
						t.Errorf("%s: %q speaks of %s", filepath.Base(file), text, word)
					}
				}
			}
		}
	}
}

// Good accounts are silent.
func TestGoodAccounts(t *testing.T) {
	for _, file := range fixtures(t, "good") {
		r := auditFile(t, file)
		for _, f := range r.Findings {
			t.Errorf("%s: %s %s: %s %v %+v", filepath.Base(file), f.Kind, f.Code, f.Message, f.Notes, f.Admitted)
		}
		for _, g := range r.Gaps {
			t.Errorf("%s: %s: %s", filepath.Base(file), g.What, g.Why)
		}
	}
}

// Every rule has fixtures of both kinds.
func TestEveryRuleHasFixtures(t *testing.T) {
	for _, dir := range []string{"bad", "good"} {
		files := fixtures(t, dir)
		for _, rule := range audit.Rules {
			if !slices.ContainsFunc(files, func(file string) bool {
				return strings.HasPrefix(filepath.Base(file), string(rule.Code)+"-")
			}) {
				t.Errorf("no %s account for %s", dir, rule.Code)
			}
		}
	}
}
