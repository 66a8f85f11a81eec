package scan

import (
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/report"
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
		"sub/CloudTrail-Insight/c.json", "111122223333_CloudTrail-Digest_us-east-1_trail_us-east-1_20260102T030405Z.json.gz",
		"AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/d.json.gz",
		"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/e.json.gz", "AWSLogs/111122223333/Config/f.json.gz",
		"AWSLogs/o-abcdefghij/111122223333/CloudTrail/g.json.gz", "AWSLogs/o-abcdefghij/111122223333/vpcflowlogs/h.log.gz",
	)
	names, errs := listed(t, dir, dir)
	want := []string{
		"/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/d.json.gz", "/AWSLogs/o-abcdefghij/111122223333/CloudTrail/g.json.gz",
		"/a.json", "/b.json.gz", "/no-extension",
	}
	if !slices.Equal(names, want) || len(errs) > 0 {
		t.Errorf("listed %q, %q; want %q", names, errs, want)
	}
	t.Chdir(filepath.Join(dir, "AWSLogs"))
	if names, _ := listed(t, "", "."); !slices.Equal(names, []string{"111122223333/CloudTrail/us-east-1/2026/01/02/d.json.gz", "o-abcdefghij/111122223333/CloudTrail/g.json.gz"}) {
		t.Errorf("from within: listed %q", names)
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
	for _, pipe := range []string{"pipe", "pipes/logs"} {
		fifo(t, filepath.Join(dir, pipe))
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
		{"a pipe within a folder", "pipes", nil, []string{"/pipes/logs: a pipe or device within a folder is not read; name it"}},
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

// What is named twice, or within what is named, is listed once.
func TestFilesThatOverlap(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", "sub/b.json", "sub/notes.md")
	in := func(name string) string { return filepath.Join(dir, name) }
	want := []string{"/a.json", "/sub/b.json", "/sub/notes.md"}
	for _, paths := range [][]string{
		{dir, dir + "/", in("a.json"), in("sub/notes.md")}, {in("sub"), dir, in("sub/notes.md")}, {in("sub/notes.md"), in("sub/../sub"), dir},
	} {
		names, errs := listed(t, dir, paths...)
		slices.Sort(names)
		if !slices.Equal(names, want) || len(errs) > 0 {
			t.Errorf("%q: %q, %q", paths, names, errs)
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

// What is no log by its name is told of and left out, unless it is named.
func TestFilesThatArePassedOver(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", "b.log", "sub/c.JSON.GZ", "trail.2026-01-02", "README.md", "sub/notes.txt", "sub/more.TXT", "d.zip")
	names, errs := listed(t, dir, dir, filepath.Join(dir, "README.md"))
	if want := []string{"/a.json", "/b.log", "/sub/c.JSON.GZ", "/trail.2026-01-02", "/README.md"}; !slices.Equal(names, want) || len(errs) != 3 {
		t.Errorf("listed %q, %q; want %q", names, errs, want)
	}
	result := scanned(t, new(Scanner), Files(dir))
	const want = "Files whose names do not end as those of logs do were passed over: 2 .txt, 1 .md, 1 .zip. One that is named itself is read."
	if !slices.Contains(result.Notes, want) || len(result.Unreadable) > 0 || result.Files != 4 {
		t.Errorf("%d files, %q, %q", result.Files, result.Notes, result.Unreadable)
	}
	if got, want := kinds(map[string]int{".a": 1, ".b": 9, ".c": 1, ".d": 1, ".e": 1, ".f": 1, ".g": 1, ".h": 1}), "9 .b, 1 .a, 1 .c, 1 .d, 1 .e, 1 .f, 2 others"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Standard input that yields nothing more does not keep a scan that was
// interrupted from ending.
func TestStdinIsAbandoned(t *testing.T) {
	read, write := io.Pipe()
	t.Cleanup(func() { read.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		io.WriteString(write, logOf(denied("e-1", "2026-03-02T09:00:00Z", "api", "main"))+"\n")
		io.WriteString(write, strings.Repeat(usual("2026-03-02T09:00:00Z")+"\n", 10_000)) // so that the first is read by then
		cancel()
	}()
	result, err := new(Scanner).Scan(ctx, Stdin(read))
	if err != nil || !result.Interrupted || result.Denials != 1 || len(result.Unreadable) > 0 {
		t.Errorf("%v: %+v", err, result)
	}
}

func fifo(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
}

// interrupting ends a scan once an input was opened.
type interrupting struct {
	Source
	end func()
}

func (i interrupting) Inputs(ctx context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		for in, err := range i.Source.Inputs(ctx) {
			open := in.Open
			in.Open = func(ctx context.Context) (io.ReadCloser, error) {
				defer i.end()
				return open(ctx)
			}
			if !yield(in, err) {
				return
			}
		}
	}
}

// Neither a pipe that nobody opens for writing nor one through which nothing
// comes keeps a scan that was interrupted from ending.
func TestPipesAreAbandoned(t *testing.T) {
	for _, silent := range []bool{false, true} {
		pipe := filepath.Join(t.TempDir(), "pipe")
		fifo(t, pipe)
		writer := func() *os.File {
			f, err := os.OpenFile(pipe, os.O_RDWR, 0) // which waits for no reader
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		if silent {
			defer writer().Close()
		}
		ctx, cancel := context.WithCancel(t.Context())
		result, err := new(Scanner).Scan(ctx, interrupting{Files(pipe), cancel})
		if err != nil || !result.Interrupted || len(result.Unreadable) > 0 || result.Records > 0 {
			t.Errorf("silent: %v: %v: %+v", silent, err, result)
		}
		writer().Close() // sets free what waits for it
	}
}

// What is written into a pipe is read to its end.
func TestPipesAreRead(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	fifo(t, pipe)
	go func() { os.WriteFile(pipe, []byte(soundLog), 0o600) }()
	if result := scanned(t, new(Scanner), Files(pipe)); result.Denials != 1 || len(result.Unreadable) > 0 {
		t.Errorf("%+v", result)
	}
}

// An input whose size is not known counts as endless until it was read.
func TestEndlessInputs(t *testing.T) {
	r := newRun(new(Scanner))
	todo := make(chan Input, 1)
	r.list(t.Context(), Stdin(strings.NewReader(soundLog)), todo)
	if p := r.now(); p.Endless != 1 || p.Size != 0 {
		t.Errorf("before it is read: %+v", p)
	}
	newWorker(r).read(t.Context(), <-todo)
	if p := r.now(); p.Endless != 0 || p.Size != int64(len(soundLog)) {
		t.Errorf("afterwards: %+v", p)
	}
}

func TestStrangersComeLast(t *testing.T) {
	incident := func(s Standing, c report.Caller) *Incident {
		return &Incident{Standing: s, Report: &report.Report{Caller: c}}
	}
	inOrder := []*Incident{
		incident(Failing, report.Known), incident(Unclear, report.Undetermined), incident(Allowed, report.Stranger), incident(Failing, report.Stranger),
	}
	for i := range inOrder[1:] {
		if inOrder[i].rank() >= inOrder[i+1].rank() {
			t.Errorf("%d does not come before %d", i, i+1)
		}
	}
}
