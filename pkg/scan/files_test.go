package scan

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func write(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(soundLog), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// listed are the names of the inputs below a folder, and the errors.
func listed(t *testing.T, dir string, paths ...string) (names, errs []string) {
	t.Helper()
	for in, err := range Files(paths...).Inputs(t.Context()) {
		if err != nil {
			errs = append(errs, strings.ReplaceAll(err.Error(), dir, ""))
			continue
		}
		names = append(names, strings.TrimPrefix(filepath.ToSlash(in.Name), dir))
	}
	return names, errs
}

func TestFilesOfAFolder(t *testing.T) {
	dir := t.TempDir()
	write(
		t, dir, "a.json", "b.json.gz", "no-extension", ".hidden", ".git/x.json", "sub/CloudTrail-Digest/c.json",
		"AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/d.json.gz",
		"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/e.json.gz", "AWSLogs/111122223333/Config/f.json.gz",
		"AWSLogs/o-abcdefghij/111122223333/CloudTrail/g.json.gz", "AWSLogs/o-abcdefghij/111122223333/vpcflowlogs/h.log.gz",
	)
	names, errs := listed(t, dir, dir)
	want := []string{
		"/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/d.json.gz", "/AWSLogs/o-abcdefghij/111122223333/CloudTrail/g.json.gz",
		"/a.json", "/b.json.gz", "/no-extension", "/sub/CloudTrail-Digest/c.json",
	}
	if !slices.Equal(names, want) || len(errs) > 0 {
		t.Errorf("listed %q, %q; want %q", names, errs, want)
	}
	digest := filepath.Join(dir, "AWSLogs/111122223333/CloudTrail-Digest")
	if names, _ := listed(t, dir, digest); len(names) != 1 {
		t.Errorf("a folder that was named: listed %q", names)
	}
}

func TestFilesThatCannotBeListed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "logs/a.json")
	for link, target := range map[string]string{"logs/broken": "nowhere", "logs/folder": dir, "logs/file": filepath.Join(dir, "logs/a.json"), "link": filepath.Join(dir, "logs")} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path  string
		names, errs []string
	}{
		{"not there", "absent", nil, []string{"/absent: no such file or directory"}},
		{"links within a folder", "logs", []string{"/logs/a.json", "/logs/file"}, []string{"/logs/broken: no such file or directory", "/logs/folder: a link to a folder within a folder is not followed; name it"}},
		{"a link to a folder", "link", []string{"/logs/a.json", "/logs/file"}, []string{"/logs/broken: no such file or directory", "/logs/folder: a link to a folder within a folder is not followed; name it"}},
		{"a hidden file that was named", "logs/a.json", []string{"/logs/a.json"}, nil},
		{"a pipe", "pipe", []string{"/pipe"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names, errs := listed(t, dir, filepath.Join(dir, tt.path))
			if !slices.Equal(names, tt.names) || !slices.Equal(errs, tt.errs) {
				t.Errorf("listed %q, %q; want %q, %q", names, errs, tt.names, tt.errs)
			}
		})
	}
}

func TestFilesStopWithTheirConsumer(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", "b.json")
	for _, paths := range [][]string{{dir, dir}, {filepath.Join(dir, "a.json"), dir}, {filepath.Join(dir, "absent"), dir}} {
		for range Files(paths...).Inputs(t.Context()) {
			break // the runtime panics if the iterator goes on
		}
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", "b.json")
	source := Files(dir)
	result := scanned(t, new(Scanner), vanishing{source, filepath.Join(dir, "a.json"), t})
	if len(result.Unreadable) != 1 || result.Unreadable[0] != (Unreadable{filepath.Join(dir, "a.json"), "no such file or directory"}) || result.Denials != 1 {
		t.Errorf("%d denials, unreadable %q", result.Denials, result.Unreadable)
	}
}
