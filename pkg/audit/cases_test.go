package audit_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/casefile"
)

// argued are cases whose fixed policy is rightly told of.
var argued = map[string]string{
	"ci-030.json": "the fix is to create the provider, which the account of the case does not have yet",
	"ci-047.json": "the issuer is shared by all its customers, who all use this audience, and no condition tests sub",
}

// The working policies of the labelled cases are silent.
func TestWorkingPoliciesAreSilent(t *testing.T) {
	files, err := filepath.Glob("../diagnose/testdata/cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Account string
			Case    struct {
				Account struct {
					Roles         []map[string]any `json:"roles"`
					OIDCProviders any              `json:"oidcProviders"`
				}
				Expect struct{ FixedTrustPolicy any }
			}
		}
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		if c.Case.Expect.FixedTrustPolicy == nil || len(c.Case.Account.Roles) == 0 {
			continue
		}
		c.Case.Account.Roles[0]["AssumeRolePolicyDocument"] = c.Case.Expect.FixedTrustPolicy
		raw, err := json.Marshal(map[string]any{"account": c.Case.Account})
		if err != nil {
			t.Fatal(err)
		}
		acct, err := casefile.FromCase(raw)
		if err != nil {
			t.Fatal(file, err)
		}
		r := audit.Audit(t.Context(), acct, c.Account, audit.Options{Now: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
		for _, f := range r.Findings {
			if f.Kind != audit.AboutToBreak && argued[filepath.Base(file)] == "" {
				t.Errorf("%s: %s %s: %s %v %+v", filepath.Base(file), f.Kind, f.Code, f.Message, f.Notes, f.Admitted)
			}
		}
	}
}
