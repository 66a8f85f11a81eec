package diagnose_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// label is what a labelled case expects.
type label struct {
	Case struct {
		Expect struct {
			Causes           []report.Code
			Caller           []report.Caller
			FixedTrustPolicy json.RawMessage
		}
	}
}

// eachCase explains every labelled case of a folder.
func eachCase(t testing.TB, folder string, mine bool, visit func(name string, l label, r *report.Report)) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	if len(files) == 0 {
		t.Fatalf("no case in %s", folder)
	}
	for _, file := range files {
		var l label
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &l)
		}
		if err != nil {
			t.Fatal(err)
		}
		visit(filepath.Base(file), l, explainFile(t, file, mine))
	}
}

func explainFile(t testing.TB, file string, mine bool) *report.Report {
	t.Helper()
	ev, acct := sample(t, file)
	return diagnose.Explain(context.Background(), acct, ev, diagnose.Options{Mine: mine, Claims: acct.Claims, Context: acct.Context})
}

// TestLabelledCases holds the diagnosis against failures that people solved in
// public. testdata/score measures the same more closely (make score).
func TestLabelledCases(t *testing.T) {
	eachCase(t, "testdata/cases", true, func(name string, l label, r *report.Report) {
		var codes []report.Code
		for _, f := range r.Findings {
			codes = append(codes, f.Code)
		}
		if len(codes) == 0 || codes[0] != l.Case.Expect.Causes[0] {
			t.Errorf("%s: main cause is %v, want %v first", name, codes, l.Case.Expect.Causes)
		}
		for _, want := range l.Case.Expect.Causes {
			if !slices.Contains(codes, want) {
				t.Errorf("%s: causes are %v, %s is missing", name, codes, want)
			}
		}
	})
}

// TestStrangersAreTurnedAway holds the diagnosis against calls by people who
// have no business at the role.
func TestStrangersAreTurnedAway(t *testing.T) {
	eachCase(t, "testdata/strangers", false, func(name string, l label, r *report.Report) {
		if !slices.Contains(l.Case.Expect.Caller, r.Caller) {
			t.Errorf("%s: the caller is called %s, want one of %v", name, r.Caller, l.Case.Expect.Caller)
		}
		if r.Caller == report.Stranger && len(r.FixedTrustPolicy) > 0 {
			t.Errorf("%s: a stranger is offered a policy", name)
		}
	})
}
