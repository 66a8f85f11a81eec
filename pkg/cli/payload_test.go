package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

const (
	sampleOfOurs   = "../../events/subject-environment.json"
	sampleStranger = "../../events/stranger-miner.json"
)

// lines runs explain and decodes what it prints, a payload a line.
func lines[T any](t *testing.T, args ...string) (payloads []T) {
	t.Helper()
	code, out := run("", append([]string{"explain"}, args...)...)
	if code != exitExplained {
		t.Fatalf("exit code %d:\n%s", code, out)
	}
	for line := range strings.Lines(out) {
		var p T
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		payloads = append(payloads, p)
	}
	return payloads
}

func TestOutputSlackPrintsThePayload(t *testing.T) {
	type message struct {
		Text   string
		Blocks []struct{ Type string }
	}
	got := lines[message](t, "-o", "slack", sampleOfOurs, sampleStranger)
	if len(got) != 2 {
		t.Fatalf("%d payloads of 2 events", len(got))
	}
	for i, want := range []string{"🔴 repo larkfield/storefront ", "🛡️ Stranger refused: repo free-coins-4412/ci-test "} {
		if m := got[i]; !strings.HasPrefix(m.Text, want) || len(m.Blocks) < 4 || m.Blocks[0].Type != "header" {
			t.Errorf("payload %d: %q in %d blocks", i, m.Text, len(m.Blocks))
		}
	}
}

func TestOutputSNSPrintsThePayload(t *testing.T) {
	type publication struct {
		Subject, Message, MessageStructure string
		MessageAttributes                  map[string]struct{ DataType, StringValue string }
	}
	got := lines[publication](t, "-o", "sns", sampleOfOurs)
	if len(got) != 1 || got[0].MessageStructure != "json" || !strings.HasPrefix(got[0].Subject, "rolewhy: repo larkfield/storefront ") {
		t.Fatalf("%+.300v", got)
	}
	if a := got[0].MessageAttributes["cause"]; a.DataType != "String" || a.StringValue != "subject-mismatch" {
		t.Errorf("attribute cause %+v", a)
	}
	var variants map[string]string
	if err := json.Unmarshal([]byte(got[0].Message), &variants); err != nil || variants["default"] == "" {
		t.Errorf("variants %v, %v", len(variants), err)
	}
}
