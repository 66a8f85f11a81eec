package report

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// longLine is the length from which a policy in one line is laid out anew
// before it is compared: a diff of one line shows nothing.
const longLine = 120

// policyDiff is the unified diff of two policies with three lines of context,
// "" where they are equal. Where their layouts differ it is one of both laid
// out anew.
func policyDiff(before, after string) string {
	if oneLine(before) || after == indentJSON(after) {
		before, after = indentJSON(before), indentJSON(after)
	}
	return udiff.Unified("trust policy", "trust policy, fixed", finishLine(before), finishLine(after))
}

func oneLine(policy string) bool {
	policy = strings.TrimSpace(policy)
	return len(policy) > longLine && !strings.Contains(policy, "\n")
}

// indentJSON lays JSON out with two blanks a level, and returns what is not
// JSON as it is.
func indentJSON(src string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(strings.TrimSpace(src)), "", "  "); err != nil {
		return src
	}
	return b.String()
}

func finishLine(s string) string { return strings.TrimRight(s, "\r\n") + "\n" }
