package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Of many places that cannot be read as many are told of as there are.
func TestScanOfManyDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	for n := range 1_030 {
		write(t, filepath.Join(dir, fmt.Sprintf("%d.json", n)), "{")
	}
	code, stdout, stderr := scans(t, &Command{}, dir)
	const want = "rolewhy: and 1,010 more places could not be read; --output json lists the first 1,000\n"
	if code != exitFailure || !strings.HasSuffix(stderr, want) || strings.Count(stderr, "\n") != mostTold+1 {
		t.Errorf("exit %d, %d lines\n%s", code, strings.Count(stderr, "\n"), stderr)
	}
	if !strings.Contains(stdout, "; 1,030 places could not be read to the end.") {
		t.Error(stdout)
	}
	_, stdout, _ = scans(t, &Command{}, dir, "-o", "json")
	if !strings.Contains(stdout, `"moreUnreadable":30`) {
		t.Errorf("%.300s", stdout)
	}
}
