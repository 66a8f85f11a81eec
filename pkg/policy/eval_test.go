package policy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestEvalLinesCorpus(t *testing.T) {
	var out bytes.Buffer
	if err := policy.EvalLines(openGzip(t, "corpus.jsonl.gz"), &out, 2); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	lines := oracleLines(t, "corpus.jsonl.gz")
	if len(got) != len(lines) {
		t.Fatalf("%d outcomes for %d lines", len(got), len(lines))
	}
	for i, line := range lines {
		var outcome struct{ ID, Result, Error string }
		if err := json.Unmarshal([]byte(got[i]), &outcome); err != nil {
			t.Fatalf("%s: %v", got[i], err)
		}
		if outcome.ID != line.ID || outcome.Result != line.Expected {
			t.Errorf("%+v, want %s %s", outcome, line.ID, line.Expected)
		}
		if (outcome.Error != "") != (outcome.Result == "error") {
			t.Errorf("%s: result %s with error %q", outcome.ID, outcome.Result, outcome.Error)
		}
	}
}

const (
	evalTrust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"p"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"p:sub":"me"}}}}`
	evalFlat  = `"roleArn":"arn:aws:iam::1:role/r","action":"sts:AssumeRoleWithWebIdentity","principal":"p"`
)

func TestEvalLines(t *testing.T) {
	const (
		deny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"arn:aws:iam::*:role/r"}]}`
		full = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`
	)
	quoted, _ := json.Marshal(evalTrust)
	tests := []struct{ name, line, want string }{
		{"flat", `{"id":1,"trustPolicy":` + evalTrust + `,` + evalFlat + `,"context":{"P:SUB":"me"}}`, `{"id":1,"result":"Allowed"}`},
		{"nested", `{"id":"a\"b","input":{"trustPolicy":` + evalTrust + `,` + evalFlat + `,"context":{"p:sub":"me"}}}`, `{"id":"a\"b","result":"Allowed"}`},
		{"policy as text", `{"id":"s","trustPolicy":` + string(quoted) + `,` + evalFlat + `,"context":{"p:sub":"me"}}`, `{"id":"s","result":"Allowed"}`},
		{"no context", `{"id":"n","trustPolicy":` + evalTrust + `,` + evalFlat + `}`, `{"id":"n","result":"ImplicitlyDenied"}`},
		{"no id", `{"trustPolicy":` + evalTrust + `,` + evalFlat + `}`, `{"id":null,"result":"ImplicitlyDenied"}`},
		{"multivalued", `{"id":"m","trustPolicy":` + evalTrust + `,` + evalFlat + `,"context":{"p:sub":["me"]}}`, `{"id":"m","result":"ImplicitlyDenied","undecided":true}`},
		{"control denies", `{"id":"d","trustPolicy":` + evalTrust + `,` + evalFlat + `,"context":{"p:sub":"me"},"resourceControlPolicies":[` + full + `,` + deny + `]}`, `{"id":"d","result":"ExplicitlyDenied"}`},
		{"control does not grant", `{"id":"g","trustPolicy":` + evalTrust + `,` + evalFlat + `,"resourceControlPolicies":[` + full + `]}`, `{"id":"g","result":"ImplicitlyDenied"}`},
		{"refused", `{"id":"r","trustPolicy":{"Statement":[]  ,"X":1},` + evalFlat + `}`, `{"id":"r","result":"error","error":"trust policy: line 1, column 19, X: unknown element of a policy; known are Version, Id and Statement"}`},
		{"refused control", `{"id":"c","trustPolicy":` + evalTrust + `,` + evalFlat + `,"resourceControlPolicies":[{}]}`, `{"id":"c","result":"error","error":"resource control policy: line 1, column 1: the element Statement is missing"}`},
	}
	var in, want strings.Builder
	for _, test := range tests {
		in.WriteString(test.line + "\n")
		want.WriteString(test.want + "\n")
	}
	var out bytes.Buffer
	if err := policy.EvalLines(strings.NewReader(in.String()), &out, 3); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(out.String(), "\n")
	for i, test := range tests {
		if got[i] != test.want {
			t.Errorf("%s: got %s\nwant %s", test.name, got[i], test.want)
		}
	}
}

func TestEvalLinesMalformed(t *testing.T) {
	good := `{"id":"good","trustPolicy":` + evalTrust + `,` + evalFlat + `,"context":{"p:sub":"me"}}`
	tests := []struct{ name, line, want string }{
		{"not JSON", `{"id":`, "line 2: column 7: unexpected end, a value is missing"},
		{"a list", `[]`, "line 2: action is missing or no string"},
		{"no principal", `{"action":"a"}`, "line 2: principal is missing or no string"},
		{"no policy", `{"action":"a","principal":"p"}`, "line 2: trustPolicy is missing"},
		{"context of numbers", `{"action":"a","principal":"p","trustPolicy":{},"context":{"k":1}}`, "line 2: context is no object of strings and lists of strings"},
		{"list of numbers", `{"action":"a","principal":"p","trustPolicy":{},"context":{"k":[1]}}`, "line 2: context is no object of strings and lists of strings"},
		{"context of another type", `{"action":"a","principal":"p","trustPolicy":{},"context":[]}`, "line 2: context is no object of strings and lists of strings"},
		{"controls of another type", `{"trustPolicy":` + evalTrust + `,` + evalFlat + `,"resourceControlPolicies":{}}`, "line 2: resourceControlPolicies is no list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			err := policy.EvalLines(strings.NewReader("\n"+test.line+"\n  \n"+good), &out, 2)
			if err == nil || err.Error() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
			want := fmt.Sprintf("{\"id\":null,\"result\":\"error\",\"error\":%q}\n{\"id\":\"good\",\"result\":\"Allowed\"}\n", test.want)
			if out.String() != want {
				t.Errorf("got %s\nwant %s", out.String(), want)
			}
		})
	}
}

func TestEvalLinesBoundsErrors(t *testing.T) {
	err := policy.EvalLines(strings.NewReader(strings.Repeat("x\n", 50000)), io.Discard, 2)
	if err == nil || strings.Count(err.Error(), "\n") != 20 || !strings.HasSuffix(err.Error(), "and 49980 more malformed lines") {
		t.Errorf("error %.200v", err)
	}
}

func TestEvalLinesLongLine(t *testing.T) {
	line := `{"id":"long","trustPolicy":` + evalTrust + `,` + evalFlat + `,"context":{"x":"` + strings.Repeat("a", 300_000) + `"}}`
	var out bytes.Buffer
	if err := policy.EvalLines(strings.NewReader(line), &out, 1); err != nil || out.String() != `{"id":"long","result":"ImplicitlyDenied"}`+"\n" {
		t.Errorf("%s, %v", out.String(), err)
	}
}

// brokenStream fails after what it holds, and on every write.
type brokenStream struct{ io.Reader }

var errBroken = errors.New("broken")

func (s brokenStream) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF {
		err = errBroken
	}
	return n, err
}

func (brokenStream) Write([]byte) (int, error) { return 0, errBroken }

func TestEvalLinesStreamErrors(t *testing.T) {
	good := `{"id":1,"trustPolicy":` + evalTrust + `,` + evalFlat + `}` + "\n"
	var out bytes.Buffer
	err := policy.EvalLines(brokenStream{strings.NewReader(good)}, &out, 2)
	if !errors.Is(err, errBroken) || out.Len() == 0 {
		t.Errorf("reading: error %v after %s", err, out.String())
	}
	if err := policy.EvalLines(strings.NewReader(strings.Repeat(good, 5000)), brokenStream{}, 2); !errors.Is(err, errBroken) {
		t.Errorf("writing: error %v", err)
	}
}
