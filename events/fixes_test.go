package events_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The changed policy, put in the place of the sample's own, lets the call in.
func TestFixedPolicyAdmitsTheCall(t *testing.T) {
	offered := 0
	for _, s := range samples(t) {
		fixed := s.outcome(t).FixedTrustPolicy
		if string(fixed) == "null" {
			continue
		}
		offered++
		t.Run(s.name, func(t *testing.T) {
			if o := s.with(t, fixed).outcome(t); o.Verdict != "allowed-now" {
				t.Errorf("with the changed policy the verdict is %s: %q\n%s", o.Verdict, o.sure(), fixed)
			}
		})
	}
	if offered < 50 {
		t.Errorf("a changed policy is offered for %d samples only", offered)
	}
}

// with is a copy of the sample whose role has another trust policy.
func (s *sample) with(t *testing.T, policy json.RawMessage) *sample {
	t.Helper()
	var copied map[string]any
	if err := json.Unmarshal(s.raw, &copied); err != nil {
		t.Fatal(err)
	}
	wanted := copied["detail"].(map[string]any)["requestParameters"].(map[string]any)["roleArn"]
	account := copied["case"].(map[string]any)["account"].(map[string]any)
	for _, r := range account["roles"].([]any) {
		if role := r.(map[string]any); role["Arn"] == wanted {
			role["AssumeRolePolicyDocument"] = policy
		}
	}
	raw, err := json.Marshal(copied)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "fixed")
	if err := os.WriteFile(name+".json", raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return &sample{name: name, raw: raw}
}

// wrongAdvice is what people are told in answers, and what either does nothing
// or opens the role.
var wrongAdvice = map[string]*regexp.Regexp{
	"ForAllValues is true where the key is absent": regexp.MustCompile(`ForAllValues`),
	"every service account":                        regexp.MustCompile(`system:serviceaccount:\*`),
	"every repository of an owner":                 regexp.MustCompile(`repo:[^/" ]+/\*`),
	"every owner's id":                             regexp.MustCompile(`@\*`),
	"everybody":                                    regexp.MustCompile(`"AWS": ?"\*"`),
	"permission policies have no bearing":          regexp.MustCompile(`(?i)AdministratorAccess|(attach|put)-role-policy`),
	"a regional host is no audience":               regexp.MustCompile(`client-id[a-z-]* sts\.[a-z]{2}-`),
}

func TestNoWrongAdvice(t *testing.T) {
	for _, s := range samples(t) {
		if s.name == "resource-control-policy-deny" {
			continue // a Deny may well spare an owner with all its repositories
		}
		for _, f := range s.outcome(t).Findings {
			for _, fix := range f.Fixes {
				for why, advice := range wrongAdvice {
					if advice.Match(fix) {
						t.Errorf("%s: %s: %s", s.name, why, fix)
					}
				}
			}
		}
	}
}
