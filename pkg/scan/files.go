package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
)

// Stdin is a source of one input: what r yields. It may be read on for as long
// as the process lasts after the context is done.
func Stdin(r io.Reader) Source { return stream{r} }

type stream struct{ io.Reader }

// Inputs implements Source.
func (s stream) Inputs(context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		yield(Input{Name: "standard input", Size: -1, Open: func(ctx context.Context) (io.ReadCloser, error) {
			return abandoned(ctx, func() (io.ReadCloser, error) { return io.NopCloser(s.Reader), nil }), nil
		}}, nil)
	}
}

// abandoned reads from what may never open or yield anything more, such as a
// terminal or a pipe, and does not wait for it once the context is done.
func abandoned(ctx context.Context, open func() (io.ReadCloser, error)) io.ReadCloser {
	out, in := io.Pipe()
	stop := context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	go func() {
		defer stop()
		r, err := open()
		if err == nil {
			defer r.Close()
			_, err = io.CopyBuffer(in, struct{ io.Reader }{r}, make([]byte, 256<<10))
		}
		in.CloseWithError(err)
	}()
	return out
}

// Files is a source of files, and of the files in and below folders. Whether a
// file is packed is told by what is in it. Of folders those files are read
// whose names end as those of logs do, or have no end; of the others a
// *PassedOver is told. Left out are names that begin with a dot, CloudTrail's
// digests and insights, and what other services leave in a folder of AWSLogs.
//
// What is named several times, or beside a folder that holds it, is read once.
func Files(paths ...string) Source { return files(paths) }

type files []string

// Inputs implements Source.
func (paths files) Inputs(ctx context.Context) iter.Seq2[Input, error] {
	return func(yield func(Input, error) bool) {
		here, _ := os.Getwd()
		l := &listing{here: here, named: map[string]bool{}, yield: yield}
		for _, path := range paths {
			l.named[l.absolute(path)] = true
		}
		seen := map[string]bool{}
		for _, path := range paths {
			if at := l.absolute(path); !seen[at] {
				seen[at] = true
				if ctx.Err() != nil || !l.walk(path) {
					return
				}
			}
		}
	}
}

// listing lists files.
type listing struct {
	here  string          // where relative paths begin; "" where that is not known
	named map[string]bool // what was named itself, absolute
	yield func(Input, error) bool
}

// absolute is a path in one writing. Unlike that of filepath it does not look for
// the working directory each time.
func (l *listing) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(l.here, path)
}

// walk lists a file, or what is below a folder but for what is named itself. It
// is false when nothing more is wanted.
func (l *listing) walk(root string) bool {
	info, err := os.Stat(root)
	if err != nil {
		return l.yield(Input{}, &InputError{root, reason(err)})
	}
	if !info.IsDir() {
		return l.yield(file(root, info, true))
	}
	if resolved, err := filepath.EvalSymlinks(root); err == nil && resolved != filepath.Clean(root) {
		root = resolved // a link to a folder is not walked otherwise
	}
	wanted := true
	tell := func(in Input, err error) error {
		if wanted = l.yield(in, err); !wanted {
			return fs.SkipAll
		}
		return nil
	}
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return tell(Input{}, &InputError{path, reason(err)})
		case path != root && (passedOver(path, entry) || len(l.named) > 1 && l.named[l.absolute(path)]):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		case path != root && Foreign(path) != nil:
			return tell(Input{}, Foreign(path))
		}
		info, err := os.Stat(path)
		if err != nil {
			return tell(Input{}, &InputError{path, reason(err)})
		}
		return tell(file(path, info, false))
	})
	return wanted
}

// file is a regular file, or a pipe or device that somebody named: one that
// lies in a folder may never end.
func file(path string, info fs.FileInfo, named bool) (Input, error) {
	endless := info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) != 0
	switch {
	case info.IsDir():
		return Input{}, &InputError{path, errors.New("a link to a folder within a folder is not followed; name it")}
	case endless && !named:
		return Input{}, &InputError{path, errors.New("a pipe or device within a folder is not read; name it")}
	case endless:
		return Input{Name: path, Size: -1, Open: func(ctx context.Context) (io.ReadCloser, error) {
			return abandoned(ctx, func() (io.ReadCloser, error) { return opened(path) }), nil
		}}, nil
	case !info.Mode().IsRegular():
		return Input{}, &InputError{path, fmt.Errorf("not a file but %s", info.Mode().Type())}
	}
	return Input{Name: path, Size: info.Size(), Open: func(context.Context) (io.ReadCloser, error) { return opened(path) }}, nil
}

func opened(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &InputError{path, reason(err)}
	}
	return f, nil
}

// reason is an error of the file system without the path, which is told beside.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// passedOver is whether a file or folder holds no events for sure.
func passedOver(path string, entry fs.DirEntry) bool {
	return LeftOut(entry.Name()) || entry.IsDir() && ofOthers(path)
}
