package policyfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// FuzzRead wants that no file makes the reader fail otherwise than with a
// fault, and that every place lies in the file.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Read("f", text, Options{})
		if err != nil {
			return
		}
		for _, r := range file.Roles {
			for _, span := range []policy.Span{{}, {Start: 0, End: len(r.Policy)}, {Start: len(r.Policy) / 2, End: len(r.Policy)/2 + 1}} {
				p := r.Place(span)
				if p.Offset < 0 || p.Length < 0 || p.Offset+p.Length > len(text) || p.Line < 1 || p.Column < 1 {
					t.Fatalf("place %+v of %v in %d bytes", p, span, len(text))
				}
				r.Columns(p)
			}
			if r.Policy != nil && file.Form == Template && len(r.pieces) > 0 {
				_, _ = policy.Parse(r.Policy)
			}
		}
	})
}
