package policy_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// oracleInput is one request as the files of testdata write it.
type oracleInput struct {
	TrustPolicy             json.RawMessage   `json:"trustPolicy"`
	RoleARN                 string            `json:"roleArn"`
	Action                  string            `json:"action"`
	Principal               string            `json:"principal"`
	Context                 map[string]any    `json:"context"`
	ResourceControlPolicies []json.RawMessage `json:"resourceControlPolicies"`
}

type oracleLine struct {
	ID         string        `json:"id"`
	Input      oracleInput   `json:"input"`
	Expected   string        `json:"expected"`
	Documented *string       `json:"documented"`
	MayReject  []string      `json:"mayReject"`
	Trace      []oracleTrace `json:"trace"`
}

type oracleTrace struct {
	Policy     string   `json:"policy"`
	Statement  int      `json:"statement"`
	Matches    *bool    `json:"matches"`
	Action     *bool    `json:"action"`
	Principal  *bool    `json:"principal"`
	Condition  *bool    `json:"condition"`
	Conditions [][3]any `json:"conditions"`
}

// policies parses the trust policy and the resource control policies.
func (in *oracleInput) policies() (*policy.Document, []*policy.Document, error) {
	source := []byte(in.TrustPolicy)
	var text string
	if json.Unmarshal(source, &text) == nil {
		source = []byte(text)
	}
	doc, err := policy.Parse(source)
	if err != nil {
		return nil, nil, err
	}
	var controls []*policy.Document
	for _, raw := range in.ResourceControlPolicies {
		control, err := policy.ParseResourceControl(raw)
		if err != nil {
			return nil, nil, err
		}
		controls = append(controls, control)
	}
	return doc, controls, nil
}

func (in *oracleInput) request() *policy.Request {
	keys := map[string]policy.Values{}
	for key, value := range in.Context {
		keys[strings.ToLower(key)] = oracleValues(value)
	}
	return &policy.Request{
		Action: in.Action, Principal: in.Principal, RoleARN: in.RoleARN,
		Condition: func(key string) policy.Values {
			if v, ok := keys[strings.ToLower(key)]; ok {
				return v
			}
			return policy.AbsentValue
		},
	}
}

func oracleValues(value any) policy.Values {
	if s, ok := value.(string); ok {
		return policy.Value(s)
	}
	list := []string{}
	for _, v := range value.([]any) {
		list = append(list, v.(string))
	}
	return policy.MultiValue(list...)
}

// openGzip returns the decompressed content of a file of testdata.
func openGzip(tb testing.TB, name string) io.Reader {
	tb.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

func oracleLines(tb testing.TB, name string) []oracleLine {
	tb.Helper()
	var lines []oracleLine
	scanner := bufio.NewScanner(openGzip(tb, name))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line oracleLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		tb.Fatal(err)
	}
	return lines
}

func TestCorpus(t *testing.T) {
	lines := oracleLines(t, "corpus.jsonl.gz")
	if len(lines) != 2000 {
		t.Fatalf("%d lines, want 2000", len(lines))
	}
	for _, line := range lines {
		t.Run(line.ID, func(t *testing.T) {
			doc, controls, err := line.Input.policies()
			if err != nil {
				if line.Expected != "error" && len(line.MayReject) == 0 {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			if line.Expected == "error" {
				t.Fatalf("accepted a policy that IAM refuses: %s", line.Input.TrustPolicy)
			}
			r := line.Input.request()
			traces := evaluateAll(doc, controls, r)
			if got := policy.Combine(traces[0], traces[1:]...); got.String() != line.Expected {
				t.Errorf("verdict %v, want %s", got, line.Expected)
			}
			if got := policy.DecideWith(doc, controls, r); got.String() != line.Expected {
				t.Errorf("Decide: verdict %v, want %s", got, line.Expected)
			}
			compareTraces(t, line.Trace, traces)
		})
	}
}

func evaluateAll(doc *policy.Document, controls []*policy.Document, r *policy.Request) []*policy.Trace {
	traces := []*policy.Trace{policy.Evaluate(doc, r)}
	for _, c := range controls {
		traces = append(traces, policy.Evaluate(c, r))
	}
	return traces
}

func compareTraces(t *testing.T, want []oracleTrace, traces []*policy.Trace) {
	t.Helper()
	for _, w := range want {
		trace := traces[0]
		if w.Policy != "trust" {
			trace = traces[int(w.Policy[len("rcp-")]-'0')]
		}
		got := &trace.Statements[w.Statement-1]
		compareTruth(t, w, "matches", w.Matches, got.Result)
		compareTruth(t, w, "action", w.Action, got.Action)
		compareTruth(t, w, "principal", w.Principal, got.Principal)
		compareTruth(t, w, "condition", w.Condition, got.Condition)
		for i, c := range w.Conditions {
			if operator, key := got.Conditions[i].Operator.Value, got.Conditions[i].Key.Value; operator != c[0] || key != c[1] {
				t.Errorf("condition %d is %s %s, want %v %v", i, operator, key, c[0], c[1])
			}
			if truth, ok := c[2].(bool); ok {
				compareTruth(t, w, "condition "+c[0].(string)+" "+c[1].(string), &truth, got.Conditions[i].Result)
			}
		}
	}
}

// compareTruth accepts anything where the documentation leaves a part open.
func compareTruth(t *testing.T, w oracleTrace, what string, want *bool, got policy.Result) {
	t.Helper()
	if want == nil {
		return
	}
	if *want && got != policy.Yes || !*want && got != policy.No {
		t.Errorf("%s, statement %d: %s is %v, want %v", w.Policy, w.Statement, what, got, *want)
	}
}

func TestProbes(t *testing.T) {
	lines := oracleLines(t, "probes.jsonl.gz")
	if len(lines) != 260 {
		t.Fatalf("%d lines, want 260", len(lines))
	}
	for _, line := range lines {
		if line.Documented == nil {
			continue
		}
		t.Run(line.ID, func(t *testing.T) {
			got := "error"
			if doc, controls, err := line.Input.policies(); err == nil {
				got = policy.DecideWith(doc, controls, line.Input.request()).String()
			}
			if got != *line.Documented {
				t.Errorf("verdict %s, want %s", got, *line.Documented)
			}
		})
	}
}

// TestRejections keeps the parser from hiding behind mayReject: of what IAM may
// or may not refuse, policies are known to exist, so all of it is accepted.
func TestRejections(t *testing.T) {
	for _, line := range oracleLines(t, "corpus.jsonl.gz") {
		_, _, err := line.Input.policies()
		if err != nil && line.Expected != "error" {
			t.Errorf("%s: refused although %s: %v", line.ID, strings.Join(slices.Sorted(slices.Values(line.MayReject)), ", "), err)
		}
	}
}
