package report

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "../../docs/report.schema.json"

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJSONFollowsTheSchema(t *testing.T) {
	schema := schema(t)
	for name, sample := range samples {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(jsonOf(t, sample())))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A member that the schema does not describe is one that nobody can rely on.
func TestSchemaDescribesEveryMember(t *testing.T) {
	raw, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	r := hostile()
	r.CallerReason, r.FixedTrustPolicy = "x", json.RawMessage(`{}`)
	r.Event.Issuer = "x"
	f := &r.Findings[0]
	f.Where.Source, f.Where.Text = "x", "x"
	f.Fixes[0].Edits = subjectMismatch().Findings[0].Fixes[0].Edits
	f.Fixes[0].Policy, r.Event.Role = githubPolicy, subjectMismatch().Event.Role
	var doc map[string]any
	if err := json.Unmarshal([]byte(jsonOf(t, r)), &doc); err != nil {
		t.Fatal(err)
	}
	finding := first(doc["findings"])
	fix := first(finding["fixes"])
	for name, c := range map[string]struct{ described, written map[string]any }{
		"report":  {s.Properties, doc},
		"event":   {s.Defs["event"].Properties, doc["event"].(map[string]any)},
		"finding": {s.Defs["finding"].Properties, finding},
		"where":   {s.Defs["where"].Properties, finding["where"].(map[string]any)},
		"fix":     {s.Defs["fix"].Properties, fix},
		"edit":    {s.Defs["edit"].Properties, first(fix["edits"])},
		"change":  {s.Defs["change"].Properties, first(doc["changes"])},
	} {
		if d := cmp.Diff(keys(c.described), keys(c.written)); d != "" {
			t.Errorf("%s (-described +written)\n%s", name, d)
		}
	}
}

func first(list any) map[string]any { return list.([]any)[0].(map[string]any) }

func keys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

func TestJSONIsOneLineWithoutNulls(t *testing.T) {
	const want = `{"schema":"rolewhy.report/1","event":{},"verdict":"unexplained","caller":"undetermined","fixedTrustPolicy":null,"fingerprint":"","findings":[],"gaps":[]}` + "\n"
	if got := jsonOf(t, &Report{Schema: Schema, Verdict: Unexplained, Caller: Undetermined}); got != want {
		t.Errorf("got %s want %s", got, want)
	}
	r := subjectMismatch()
	r.Findings[0].Fixes = nil
	if got := jsonOf(t, r); !strings.Contains(got, `"fixes":[]`) {
		t.Errorf("fixes are not an empty list in %s", got)
	}
}

func TestJSONWritesNoHTMLEscapesAndNoControls(t *testing.T) {
	r := subjectMismatch()
	r.Event.Subject = "<a>&b\u2028\u202e\x7f\u009b\U000e0041"
	if got, want := jsonOf(t, r), `"subject":"<a>&b\u2028\u202e\u007f\u009b\udb40\udc41"`; !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
}

func TestJSONReportsWhatIsNotJSON(t *testing.T) {
	r := subjectMismatch()
	r.FixedTrustPolicy = json.RawMessage(`{`)
	if err := JSON(&strings.Builder{}, r); err == nil || !strings.Contains(err.Error(), "encode report") {
		t.Errorf("err = %v", err)
	}
}

// Whoever has a report as JSON can render it as if it had just been made.
func TestReportsReadBackRenderTheSame(t *testing.T) {
	for name, sample := range samples {
		r := sample()
		var back Report
		if err := json.Unmarshal([]byte(jsonOf(t, r)), &back); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, width := range []int{80, 120} {
			if d := cmp.Diff(textOf(t, r, width), textOf(t, &back, width)); d != "" {
				t.Errorf("%s at %d\n%s", name, width, d)
			}
		}
		if d := cmp.Diff(markdownOf(t, r), markdownOf(t, &back)); d != "" {
			t.Errorf("%s in Markdown\n%s", name, d)
		}
	}
}

func TestJSONHasEveryFixReadyToApply(t *testing.T) {
	var doc document
	if err := json.Unmarshal([]byte(jsonOf(t, twoCauses())), &struct{ Fixed **rendered }{&doc.Fixed}); err != nil {
		t.Fatal(err)
	}
	want := render(twoCauses(), wholeFix(twoCauses()))
	if d := cmp.Diff(want, doc.Fixed, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	for what, part := range map[string]string{"diff": want.Diff, "command": want.Command, "Terraform": want.Terraform} {
		for _, value := range []string{"sts:AssumeRoleWithWebIdentity", "repo:acme/api:environment:production"} {
			if !strings.Contains(part, value) {
				t.Errorf("the %s lacks %s:\n%s", what, value, part)
			}
		}
	}
}
