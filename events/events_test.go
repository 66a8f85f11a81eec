// Package events_test holds the sample events to what they promise: each is an
// event as EventBridge delivers it, and each is explained as its case expects.
package events_test

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

	"github.com/rolewhy/rolewhy/pkg/cli"
)

var update = flag.Bool("update", false, "write the expected texts anew")

// sample is one file of this directory.
type sample struct {
	name string // of the file, without .json
	raw  []byte
	event
}

type event struct {
	Version    string
	ID         string
	DetailType string `json:"detail-type"`
	Source     string
	Account    string
	Time       string
	Region     string
	Resources  []any
	Detail     map[string]any
	Case       struct {
		ID, Summary string
		Expect      struct {
			Caller []string
			Causes []string
		}
	}
}

// outcome is the part of a report that the cases tell about.
type outcome struct {
	Verdict  string
	Caller   string
	Findings []struct {
		Code, Certainty, Message string
		Fixes                    []json.RawMessage
	}
	FixedTrustPolicy json.RawMessage
}

// sure lists the causes that are certain or likely, the main one first.
func (o *outcome) sure() []string {
	var codes []string
	for _, f := range o.Findings {
		if f.Certainty != "possible" && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// samples reads every event of this directory.
func samples(t *testing.T) []*sample {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	var all []*sample
	for _, file := range files {
		s := &sample{name: strings.TrimSuffix(file, ".json")}
		if s.raw, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(s.raw, &s.event); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, s)
	}
	return all
}

// explain runs rolewhy explain on a sample, as a user would.
func (s *sample) explain(t *testing.T, output string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := cli.Command{
		Args:  []string{"explain", "--width", "80", "--output", output, s.name + ".json"},
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Env: func(string) string { return "" }, Now: func() time.Time { return time.Time{} },
	}
	if code := cmd.Run(t.Context()); code > 1 {
		t.Fatalf("rolewhy explain %s.json: exit code %d: %s", s.name, code, &stderr)
	}
	return stdout.Bytes()
}

func (s *sample) outcome(t *testing.T) *outcome {
	t.Helper()
	var o outcome
	if err := json.Unmarshal(s.explain(t, "json"), &o); err != nil {
		t.Fatal(err)
	}
	return &o
}

func TestText(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			got, golden := s.explain(t, "text"), s.name+".txt"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v (make golden writes it)", err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the text is not that of %s (make golden writes it anew)\n%s", golden, got)
			}
		})
	}
}

// Each golden belongs to a sample: a text of a sample that is gone misleads.
func TestNoStrayText(t *testing.T) {
	texts, err := filepath.Glob("*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if _, err := os.Stat(strings.TrimSuffix(text, ".txt") + ".json"); err != nil {
			t.Errorf("%s has no sample: %v", text, err)
		}
	}
}

func TestCauses(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			want, got := s.Case.Expect.Causes, s.outcome(t).sure()
			if !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))) {
				t.Fatalf("causes that are certain or likely: %q, want %q", got, want)
			}
			if len(want) > 0 && got[0] != want[0] {
				t.Errorf("the main cause is %s, want %s", got[0], want[0])
			}
		})
	}
}

// The main cause of a cause's own sample is certain, but for those that no
// record can prove.
func TestCertainty(t *testing.T) {
	unprovable := []string{"recently-changed", "vpc-endpoint-policy-deny"}
	for _, s := range samples(t) {
		if !slices.Contains(codes(), s.name) || slices.Contains(unprovable, s.name) {
			continue
		}
		if o := s.outcome(t); len(o.Findings) == 0 || o.Findings[0].Certainty != "certain" {
			t.Errorf("%s: the cause is not certain: %+v", s.name, o.Findings)
		}
	}
}

func TestCaller(t *testing.T) {
	for _, s := range samples(t) {
		if want := s.Case.Expect.Caller; len(want) > 0 {
			if got := s.outcome(t).Caller; !slices.Contains(want, got) {
				t.Errorf("%s: the caller is called %s, want one of %q", s.name, got, want)
			}
		}
	}
}

func TestStrangersGetNoFix(t *testing.T) {
	for _, s := range samples(t) {
		if !strings.HasPrefix(s.name, "stranger-") {
			continue
		}
		o := s.outcome(t)
		if o.Caller != "stranger" {
			t.Errorf("%s: the caller is called %s", s.name, o.Caller)
		}
		if string(o.FixedTrustPolicy) != "null" {
			t.Errorf("%s: a changed policy is offered: %s", s.name, o.FixedTrustPolicy)
		}
		for _, f := range o.Findings {
			if len(f.Fixes) > 0 {
				t.Errorf("%s: a fix is offered for %s: %s", s.name, f.Code, f.Fixes)
			}
		}
		if !bytes.Contains(s.explain(t, "text"), []byte("security:")) {
			t.Errorf("%s: the text does not warn", s.name)
		}
	}
}

func TestNothingWrongIsNoCause(t *testing.T) {
	for _, s := range samples(t) {
		if !strings.HasPrefix(s.name, "ok-") {
			continue
		}
		o := s.outcome(t)
		if codes := o.sure(); len(codes) > 0 {
			t.Errorf("%s: %q", s.name, codes)
		}
		if o.Verdict != "allowed-now" && o.Verdict != "not-a-denial" {
			t.Errorf("%s: the verdict is %s", s.name, o.Verdict)
		}
	}
}
