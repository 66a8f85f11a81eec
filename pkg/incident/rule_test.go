package incident

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseRules(t *testing.T) {
	got, err := ParseRules([]byte(`[
		{"role": "deploy-*", "cause": "subject-*", "until": "2026-12-31", "why": "the cluster moves"},
		{"until": "2026-12-01T08:00:00+02:00", "subject": "repo:acme/*", "provider": "token.actions.githubusercontent.com"}
	]`))
	want := []Rule{
		{Role: "deploy-*", Cause: "subject-*", Until: time.Date(2026, 12, 31, 23, 59, 59, 999999999, time.UTC), Why: "the cluster moves"},
		{Subject: "repo:acme/*", Provider: "token.actions.githubusercontent.com", Until: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got, err := ParseRules([]byte(" [] ")); len(got) != 0 || err != nil {
		t.Errorf("no rules: %v, %v", got, err)
	}
}

// The sample of the documentation is in order.
func TestSampleRules(t *testing.T) {
	src, err := os.ReadFile("testdata/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	if rules, err := ParseRules(src); err != nil || len(rules) != 3 {
		t.Errorf("%d rules, %v", len(rules), err)
	}
}

func TestFaultsOfRules(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{name: "empty", src: "", want: "line 1, column 1: this is no JSON: unexpected end of JSON input"},
		{name: "broken", src: "[\n  {\"role\" \"x\"}]", want: "line 2, column 11: this is no JSON: invalid character '\"' after object key"},
		{name: "text behind it", src: "[] x", want: "line 1, column 4: this is no JSON: invalid character 'x' after top-level value"},
		{name: "no UTF-8", src: "[{\"role\": \"ä\xff\"}]", want: "line 1, column 13: this is no UTF-8"},
		{name: "no list", src: `{"role": "x"}`, want: `line 1, column 1: a list of rules is expected, such as [{"role": "deploy-*", "until": "2026-12-31"}]`},
		{name: "null", src: "null", want: `line 1, column 1: a list of rules is expected, such as [{"role": "deploy-*", "until": "2026-12-31"}]`},
		{name: "no object", src: "[\n7]", want: `rule 1, line 2, column 1: a rule is an object, such as {"role": "deploy-*", "until": "2026-12-31"}`},
		{
			name: "another member", src: `[{"role": "x", "until": "2026-12-31"}, {"rôle": "x" , "until": "2026-12-31"}]`,
			want: `rule 2, line 1, column 41: "rôle" is no member of a rule; "role", "provider", "subject", "cause", "until" and "why" are`,
		},
		{
			name: "another case", src: `[{"Role": "x", "until": "2026-12-31"}]`,
			want: `rule 1, line 1, column 3: "Role" is no member of a rule; "role", "provider", "subject", "cause", "until" and "why" are`,
		},
		{name: "twice", src: `[{"role": "x", "role": "y", "until": "2026-12-31"}]`, want: `rule 1, line 1, column 16: "role" is given twice`},
		{name: "no string", src: `[{"role":["x"],"until":"2026-12-31"}]`, want: `rule 1, line 1, column 10: "role" is to be a string`},
		{name: "empty pattern", src: `[{"role":"","until":"2026-12-31"}]`, want: `rule 1, line 1, column 10: "role" is empty; leave it out where it does not matter`},
		{name: "long", src: `[{"role":"` + strings.Repeat("x", 513) + `","until":"2026-12-31"}]`, want: `rule 1, line 1, column 10: "role" is longer than 512 bytes`},
		{name: "no end", src: `[{"role":"x"}]`, want: `rule 1, line 1, column 2: "until" is missing: say when the rule ends, such as "2026-12-31"`},
		{name: "no pattern", src: `[{"until":"2026-12-31"}]`, want: `rule 1, line 1, column 2: there is no pattern: give one of "role", "provider", "subject" and "cause"`},
		{name: "no time", src: `[{"role":"x","until":"31.12.2026"}]`, want: `rule 1, line 1, column 22: "31.12.2026" is no time; write it as 2026-12-31 or 2026-12-31T18:00:00Z`},
		{name: "no such day", src: `[{"role":"x","until":"2026-02-30"}]`, want: `rule 1, line 1, column 22: "2026-02-30" is no time; write it as 2026-12-31 or 2026-12-31T18:00:00Z`},
		{name: "no cause", src: `[{"cause":"subject-mismach","until":"2026-12-31"}]`, want: `rule 1, line 1, column 11: "subject-mismach" matches no cause; "rolewhy causes" lists them`},
		{
			name: "several", src: "[\n{\"role\":\"x\"},\n{\"until\":\"2026-12-31\"}\n]",
			want: "rule 1, line 2, column 1: \"until\" is missing: say when the rule ends, such as \"2026-12-31\"\n" +
				"rule 2, line 3, column 1: there is no pattern: give one of \"role\", \"provider\", \"subject\" and \"cause\"",
		},
		{name: "endless", src: strings.Repeat(" ", 65<<10), want: "line 1, column 1: the rules have 66560 bytes; at most 65536 are taken"},
		{name: "many", src: "[" + strings.Repeat("{},", 200) + "{}]", want: "line 1, column 1: 201 rules are too many; at most 200 are taken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rules, err := ParseRules([]byte(tt.src))
			if err == nil || len(rules) > 0 {
				t.Fatalf("taken: %+v", rules)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRuleKeeps(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	branches := &Incident{
		Role: "arn:aws:iam::111122223333:role/ci/deploy-api", Provider: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
		Subjects: []string{"repo:acme/api:ref:refs/heads/bot/a", "repo:acme/api:ref:refs/heads/bot/b"},
		Causes:   []Cause{{Code: "subject-mismatch"}, {Code: "role-not-found"}},
	}
	crowd := *branches
	crowd.MoreSubjects = true
	builtIn := &Incident{Provider: "accounts.google.com"}
	for _, tt := range []struct {
		name string
		rule Rule
		of   *Incident
		want bool
	}{
		{name: "role by name", rule: Rule{Role: "deploy-*"}, of: branches, want: true},
		{name: "role by ARN", rule: Rule{Role: "arn:aws:iam::111122223333:role/ci/*"}, of: branches, want: true},
		{name: "role by its path alone", rule: Rule{Role: "ci/deploy-api"}, of: branches},
		{name: "role in another case", rule: Rule{Role: "Deploy-*"}, of: branches},
		{name: "one character", rule: Rule{Role: "deploy-ap?"}, of: branches, want: true},
		{name: "provider by issuer", rule: Rule{Provider: "token.actions.githubusercontent.com"}, of: branches, want: true},
		{name: "provider by ARN", rule: Rule{Provider: "arn:aws:iam::*:oidc-provider/token.actions.*"}, of: branches, want: true},
		{name: "built-in provider", rule: Rule{Provider: "accounts.google.com"}, of: builtIn, want: true},
		{name: "another provider", rule: Rule{Provider: "gitlab.com"}, of: branches},
		{name: "all subjects", rule: Rule{Subject: "repo:acme/api:ref:refs/heads/bot/*"}, of: branches, want: true},
		{name: "one of the subjects", rule: Rule{Subject: "*/bot/a"}, of: branches},
		{name: "no subject is known", rule: Rule{Subject: "*"}, of: builtIn},
		{name: "all of a crowd", rule: Rule{Subject: "repo:acme/api:*"}, of: &crowd, want: true},
		{name: "those of a crowd that are known", rule: Rule{Subject: "repo:acme/api:ref:refs/heads/bot/*"}, of: &crowd},
		{name: "those of a crowd of one length", rule: Rule{Subject: "repo:acme/api:?"}, of: &crowd},
		{name: "the latest cause", rule: Rule{Cause: "role-not-*"}, of: branches, want: true},
		{name: "an earlier cause", rule: Rule{Cause: "subject-mismatch"}, of: branches},
		{name: "no cause is known", rule: Rule{Cause: "role-not-found"}, of: builtIn},
		{name: "all of several", rule: Rule{Role: "deploy-api", Cause: "role-not-found"}, of: branches, want: true},
		{name: "some of several", rule: Rule{Role: "deploy-api", Cause: "token-expired"}, of: branches},
		{name: "its last moment", rule: Rule{Role: "*", Until: now.Add(1)}, of: branches, want: true},
		{name: "its end", rule: Rule{Role: "*", Until: now}, of: branches},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.rule.Until.IsZero() {
				tt.rule.Until = now.Add(time.Hour)
			}
			if got := tt.rule.Keeps(tt.of, now); got != tt.want {
				t.Errorf("%v keeps it quiet: %v", tt.rule, got)
			}
		})
	}
}

func TestRuleInWords(t *testing.T) {
	for want, r := range map[string]Rule{
		"role deploy-*, cause subject-mismatch (the cluster moves)": {Role: "deploy-*", Cause: "subject-mismatch", Why: "the cluster moves"},
		"provider accounts.google.com, subject 1*":                  {Provider: "accounts.google.com", Subject: "1*"},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestManyFaultsOfRules(t *testing.T) {
	_, err := ParseRules([]byte("[" + strings.Repeat("7,", 120) + "7]"))
	lines := strings.Split(err.Error(), "\n")
	if last := lines[len(lines)-1]; len(lines) != mostTold+1 || last != "rule 101, line 1, column 202: there are more faults from here on" {
		t.Errorf("%d lines, the last is %q", len(lines), last)
	}
}

// Whatever stands in the parameter, it is either rules that have an end and a
// pattern, or faults that each name a place.
func FuzzParseRules(f *testing.F) {
	for _, src := range []string{
		"", "null", "[", `[{}]`, `[{"role":"x","until":"2026-12-31"}]`, `[{"r\u006fle":"x","until":"2026-12-31"}]`, "[\xff]",
		`[{"role":{"a":[1]}, "until":null},3]`, "[{\n\"until\": \"2026-12-31T00:00:00Z\", \"subject\": \"\\ud800\"}]",
	} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		rules, err := ParseRules(src)
		for _, r := range rules {
			if r.Until.IsZero() || r.String() == "" || err != nil {
				t.Errorf("%+v, %v", r, err)
			}
			r.Keeps(&Incident{Subjects: []string{"s"}, MoreSubjects: true}, time.Time{})
		}
		if err == nil {
			return
		}
		for _, line := range strings.Split(err.Error(), "\n") {
			if !strings.Contains(line, "line ") || !strings.Contains(line, ", column ") {
				t.Errorf("%q has no place", line)
			}
		}
	})
}
