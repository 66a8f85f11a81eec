package report

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

var samples = map[string]func() *Report{
	"subject-mismatch":   subjectMismatch,
	"wildcard":           wildcard,
	"provider-not-found": providerNotFound,
	"stranger":           stranger,
	"unexplained":        unexplained,
	"two-causes":         twoCauses,
	"record-alone":       recordAlone,
	"hostile":            hostile,
}

func TestGolden(t *testing.T) {
	for name, sample := range samples {
		for _, width := range []int{80, 120} {
			golden(t, fmt.Sprintf("%s.%d.txt", name, width), textOf(t, sample(), width))
		}
		golden(t, name+".md", markdownOf(t, sample()))
		if name != "hostile" { // 100 kB per value
			golden(t, name+".json", jsonOf(t, sample()))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; -update writes it anew)\n%s", name, d)
	}
}

func textOf(t rapid.TB, r *Report, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, r, TextOptions{Width: width}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdownOf(t rapid.TB, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Markdown(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func jsonOf(t rapid.TB, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
