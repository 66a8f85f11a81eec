package sarif

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestWriteIsValid(t *testing.T) {
	rules := []Rule{
		{ID: "provider-gone", Title: "The provider is gone", Help: "It is.\n\nDelete the role.", URL: "https://example.com/", Level: Note},
		{ID: "strangers", Title: "Strangers", Level: Error, Security: "9.0", Tags: []string{"security"}},
	}
	region := Region{StartLine: 2, StartColumn: 3, EndLine: 2, EndColumn: 9}
	const nasty = "\x1b[2J\u202e\u2028 [x](javascript:alert) {0} <script>\xff"
	for name, results := range map[string][]Result{
		"none": {},
		"some": {
			{Rule: "strangers", Level: Error, Message: "anybody can enter", File: "a b/täst.yaml", Region: region, Name: "Deploy", Fingerprint: "12", Fix: &Fix{Message: "say who", Region: region, Text: "x"}, Properties: map[string]string{"kind": "too-open"}},
			{Rule: "other", Level: Warning, Message: "m", Name: "arn:aws:iam::111122223333:role/x"},
			{Rule: "other", Level: Note, Message: "m", File: "/etc/x:y.json"},
		},
		"hostile": {{Rule: nasty, Level: Error, Message: nasty, File: nasty, Region: region, Name: nasty, Fingerprint: nasty, Fix: &Fix{Message: nasty, Region: region, Text: nasty}}},
	} {
		var b bytes.Buffer
		if err := Write(&b, "v1.0.0", rules, results); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		validate(t, b.Bytes())
		for _, r := range b.String() {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Errorf("%s has %U", name, r)
			}
		}
	}
}

// validate holds a log against the schema of OASIS.
func validate(t *testing.T, log []byte) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, log)
	}
}

func TestMessagesHoldNoLinksAndPlaceholders(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, "", nil, []Result{{Rule: "x", Level: Note, Message: "a [b](c) {0}"}}); err != nil {
		t.Fatal(err)
	}
	var log file
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if got := log.Runs[0].Results[0].Message.Text; got != "a [b] (c) {{0}}" {
		t.Errorf("%q", got)
	}
}

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"infra/role.yaml": "infra/role.yaml", "./a b.json": "a%20b.json", "/etc/x.json": "file:///etc/x.json", "a:b.json": "./a:b.json", "../x#y": "../x%23y",
	} {
		if got := uri(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestNamesOfRules(t *testing.T) {
	if got := descriptors([]Rule{{ID: "provider-gone", Title: "T", Help: "one\ntwo\n\nthree"}})[0]; got.Name != "ProviderGone" || !strings.HasPrefix(got.Full.Text, "one two") {
		t.Errorf("%+v", got)
	}
}
