package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// marked are the marked lines of the sections of a kind.
func marked(r *Report, kind Kind) (all []Marked) {
	for _, s := range Sections(r, 40) {
		if s.Kind == kind {
			all = append(all, s.Marked...)
		}
	}
	return all
}

func TestComparisonsAreMarked(t *testing.T) {
	want := []Marked{
		{"expected", "repo:acme/api:", "ref:refs/heads/main", ""},
		{"actual", "repo:acme/api:", "environment:production", ""},
	}
	r := &Report{Findings: []Finding{{
		Expected: "repo:acme/api:ref:refs/heads/main", Actual: "repo:acme/api:environment:production",
	}}}
	if d := cmp.Diff(want, marked(r, CompareSection)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	r.Findings[0].Expected = ""
	if got := marked(r, CompareSection); len(got) != 1 || got[0].Label != "actual" {
		t.Errorf("of an actual value alone: %+v", got)
	}
}

func TestSourcesAreMarked(t *testing.T) {
	r := &Report{TrustPolicy: "{\n  \"a\": \"b\u202e\"\n}\n", Findings: []Finding{{Where: &Where{Path: "a", Line: 2, Column: 8, Length: 6}}}}
	want := []Marked{{"2", `"a": `, `"b⟨U+202E⟩"`, ""}}
	if d := cmp.Diff(want, marked(r, SourceSection)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestRoleNameOfWhatIsNoARN(t *testing.T) {
	for arn, want := range map[string]string{"arn:aws:iam::123456789012:role/ci/deploy": "deploy", "deploy\x1b": "deploy⟨U+001B⟩", "": ""} {
		if got := RoleName(arn); got != want {
			t.Errorf("RoleName(%q) = %q, want %q", arn, got, want)
		}
	}
}
