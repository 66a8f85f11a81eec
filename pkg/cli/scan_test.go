package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

func TestScanTexts(t *testing.T) {
	logs, account := sampleLogs(t)
	for _, tt := range []struct {
		golden string
		args   []string
	}{
		{"table-80.txt", []string{"--width", "80"}},
		{"table-100.txt", []string{"--width", "100"}},
		{"table-120.txt", nil},
		{"table-160.txt", []string{"--width", "160"}},
		{"table.csv", []string{"-o", "csv"}},
		{"table.md", []string{"-o", "markdown"}},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			code, stdout, stderr := scans(t, &Command{}, append([]string{logs, "--account", account}, tt.args...)...)
			if code != 0 || stderr != "" {
				t.Errorf("exit %d, %s", code, stderr)
			}
			golden(t, filepath.Join("testdata", "scan", tt.golden), stdout)
		})
	}
	t.Run("without an account", func(t *testing.T) {
		_, stdout, _ := scans(t, &Command{}, logs, "--width", "100")
		golden(t, filepath.Join("testdata", "scan", "no-account.txt"), stdout)
	})
}

// No line of the table is longer than the terminal, and no two callers that
// differ look the same.
func TestScanTableFits(t *testing.T) {
	logs, account := sampleLogs(t)
	for width := 60; width <= 200; width += 10 {
		_, stdout, _ := scans(t, &Command{Columns: width}, logs, "--account", account)
		for line := range strings.Lines(stdout) {
			if n := ansi.StringWidth(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns of %d: %s", n, width, line)
			}
		}
	}
	rows := [][]string{{"sa kube-system/controller-one"}, {"sa kube-system/controller-two"}, {"repo acme/some-long-name"}}
	cutColumn(rows, 0, 16)
	if want := [][]string{{"sa kube-…ler-one"}, {"sa kube-…ler-two"}, {"repo acme/some-…"}}; cmp.Diff(want, rows) != "" {
		t.Errorf("%q, want %q", rows, want)
	}
}

// The same events are the same incidents, from wherever they are read, and
// however often.
func TestScanIsTheSameFromEverywhere(t *testing.T) {
	logs, account := sampleLogs(t)
	var all bytes.Buffer
	packed := t.TempDir()
	for n, path := range filesBelow(t, logs) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(text, '\n'))
		write(t, filepath.Join(packed, fmt.Sprintf("%d.json.gz", n)), gzipped(t, string(text)))
	}
	file := filepath.Join(t.TempDir(), "all.json")
	write(t, file, all.String())
	incidents := func(stdin string, args ...string) string {
		code, stdout, stderr := scans(t, &Command{Stdin: strings.NewReader(stdin)}, append(args, "--account", account, "-o", "jsonl")...)
		if code != 0 || stderr != "" {
			t.Fatalf("%v: exit %d, %s", args, code, stderr)
		}
		return stdout
	}
	want := incidents("", logs)
	if n := strings.Count(want, "\n"); n != len(scanSample) {
		t.Fatalf("%d incidents", n)
	}
	for name, got := range map[string]string{
		"again":                incidents("", logs),
		"one file":             incidents("", file),
		"gzip":                 incidents("", packed),
		"standard input":       incidents(all.String(), "-"),
		"gzip, standard input": incidents(gzipped(t, all.String()), "-"),
		"all twice":            incidents(all.String(), logs, packed, file, "-"),
		"one at a time":        incidents("", logs, "--workers", "1"),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-folder +%s):\n%s", name, name, diff)
		}
	}
}

func filesBelow(t *testing.T, dir string) (files []string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestScanJSONFollowsTheSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	text, err := os.Open("../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	reports, err := jsonschema.UnmarshalJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("https://github.com/rolewhy/rolewhy/docs/report.schema.json", reports); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("../../docs/scan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	logs, account := sampleLogs(t)
	bad := filepath.Join(t.TempDir(), "bad.json")
	write(t, bad, "{")
	for _, args := range [][]string{{logs, "--account", account}, {logs, bad, "--max-incidents", "2"}, {bad}, {t.TempDir()}} {
		_, stdout, _ := scans(t, &Command{}, append(args, "-o", "json")...)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(stdout))
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// A member that the schema does not describe is one that nobody can rely on.
func TestScanSchemaDescribesEveryMember(t *testing.T) {
	raw, err := os.ReadFile("../../docs/scan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type described struct{ Properties map[string]any }
	var schema struct {
		described
		Defs map[string]described `json:"$defs"`
	}
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		value any
		in    described
	}{
		"result":     {scan.Result{Interrupted: true, MoreUnreadable: 1, Scanned: time.Unix(3, 0), From: time.Unix(1, 0), To: time.Unix(2, 0)}, schema.described},
		"incident":   {scan.Incident{First: time.Unix(1, 0), Last: time.Unix(2, 0), MoreSubjects: true, MoreDays: true, Changed: &report.Change{}, Earlier: &report.Report{}}, schema.Defs["incident"]},
		"account":    {scan.Account{Alias: "x"}, schema.Defs["account"]},
		"unreadable": {scan.Unreadable{}, schema.Defs["unreadable"]},
	} {
		text, err := json.Marshal(tt.value)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		if err := json.Unmarshal(text, &members); err != nil {
			t.Fatal(err)
		}
		if len(members) != len(tt.in.Properties) {
			t.Errorf("%s has %d members, described are %d", name, len(members), len(tt.in.Properties))
		}
		for member := range members {
			if tt.in.Properties[member] == nil {
				t.Errorf("%s.%s is not described", name, member)
			}
		}
	}
}
