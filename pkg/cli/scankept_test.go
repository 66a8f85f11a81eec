package cli

import (
	"strings"
	"testing"
)

// Where there are more incidents than are kept, the text says how many calls
// are in those, and --fail-on does not hold good what nobody has looked at.
func TestScanOfMoreIncidentsThanAreKept(t *testing.T) {
	logs, account := sampleLogs(t)
	for _, tt := range []struct {
		name, failOn string
		code         int
		stderr       string
	}{
		{"nothing is asked", "", 0, ""},
		{"one that is kept", "provider-not-found", exitUnexplained, ""},
		{"one that may be left", "audience-mismatch", exitFailure, "--fail-on was not decided: denied calls in no incident: 79; a higher --max-incidents keeps more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{logs, "--account", account, "--max-incidents", "1"}
			if tt.failOn != "" {
				args = append(args, "--fail-on", tt.failOn)
			}
			code, stdout, stderr := scans(t, &Command{}, args...)
			if code != tt.code || !strings.Contains(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
				t.Errorf("exit %d, %s", code, stderr)
			}
			const found = "Found 1,359 denied calls, 1,280 of them in the 1 incident with the most calls: 1 still failing."
			if !strings.Contains(stdout, found) {
				t.Errorf("no %q in\n%s", found, stdout)
			}
		})
	}
}
