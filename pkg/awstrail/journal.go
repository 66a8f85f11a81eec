package awstrail

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// stateSchema names the form of a state file: JSON lines, a head and then a
// line for every page that was read.
const stateSchema = "rolewhy.lookup/1"

// head is the first line: what the scan was asked for, and the range of time
// that it made of it.
type head struct {
	Schema    string    `json:"schema"`
	Account   string    `json:"account"`
	Regions   []string  `json:"regions"`
	Since     string    `json:"since"`
	AskedFrom time.Time `json:"askedFrom,omitzero"`
	AskedTo   time.Time `json:"askedTo,omitzero"`
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
}

// same is whether another scan was asked for the same.
func (h *head) same(o *head) bool {
	return h.Account == o.Account && slices.Equal(h.Regions, o.Regions) && h.Since == o.Since &&
		h.AskedFrom.Equal(o.AskedFrom) && h.AskedTo.Equal(o.AskedTo)
}

// reached is how far the events of a name were read, with the records of the
// last page that matter.
type reached struct {
	Region  string    `json:"region"`
	Name    string    `json:"name"`
	Until   time.Time `json:"until,omitzero"` // of the oldest event; zero: there was none
	Done    bool      `json:"done,omitempty"`
	Records []string  `json:"records,omitempty"`
}

// journal is a state file.
type journal struct {
	head
	path    string
	kept    int64              // bytes of the records that it begins with
	read    int64              // bytes of the whole lines that it begins with
	reached map[string]reached // by the key of a lookup, without records

	mu    sync.Mutex
	file  *os.File
	added int // pages, since the file was opened
}

// openJournal reads a state file, or begins one. What a scan that ended amid a
// line has left of it is dropped: that page is read again.
func openJournal(path string, asked head) (*journal, error) {
	j := &journal{head: asked, path: path, reached: map[string]reached{}}
	err := j.load()
	if errors.Is(err, fs.ErrNotExist) {
		return j, j.begin()
	}
	if err != nil {
		return nil, fmt.Errorf("the state file %s: %w; remove it to begin anew", path, err)
	}
	if !j.same(&asked) {
		return nil, fmt.Errorf("the state file %s is of another scan (of account %s, %v, from %s to %s): give another file, or remove it to begin anew",
			path, j.Account, j.Regions, j.From.Format(time.RFC3339), j.To.Format(time.RFC3339))
	}
	if j.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err != nil {
		return nil, err
	}
	return j, j.file.Truncate(j.read)
}

func (j *journal) begin() (err error) {
	if j.file, err = os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return err
	}
	return j.write(j.head)
}

// load reads the whole lines of the file.
func (j *journal) load() error {
	file, err := os.Open(j.path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewReader(file)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return j.complete(n)
		}
		if err == nil {
			err = j.line(n, line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		j.read += int64(len(line))
	}
}

// complete is whether there was a first line.
func (j *journal) complete(lines int) error {
	if lines < 2 {
		return errors.New("it has no line")
	}
	return nil
}

func (j *journal) line(n int, line []byte) error {
	if n == 1 {
		j.head = head{}
		if err := json.Unmarshal(line, &j.head); err != nil || j.Schema != stateSchema {
			return fmt.Errorf("it is none of a scan: the schema %s is expected", stateSchema)
		}
		return nil
	}
	var at reached
	if err := json.Unmarshal(line, &at); err != nil {
		return err
	}
	for _, r := range at.Records {
		j.kept += int64(len(r))
	}
	at.Records = nil
	if at.Until.IsZero() {
		at.Until = j.reached[at.Region+" "+at.Name].Until
	}
	j.reached[at.Region+" "+at.Name] = at
	return nil
}

// add notes a page, before it is handed on.
func (j *journal) add(at reached, texts []string) error {
	at.Records = matter(texts)
	if err := j.write(at); err != nil {
		return &scan.InputError{Name: j.path, Err: fmt.Errorf("the state file cannot be written: %w", err)}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.added++
	return nil
}

// pages are about how many the file has; 0: none.
func (j *journal) pages() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.reached) + j.added
}

func (j *journal) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = j.file.Write(append(line, '\n'))
	return err
}

// input are the records that the file has begun with.
func (j *journal) input() scan.Input {
	return scan.Input{Name: j.path, Size: j.kept, Open: func(context.Context) (io.ReadCloser, error) {
		file, err := os.Open(j.path)
		if err != nil {
			return nil, err
		}
		return &kept{Closer: file, lines: bufio.NewReader(io.LimitReader(file, j.read))}, nil
	}}
}

func (j *journal) forget() error { return errors.Join(j.file.Close(), os.Remove(j.path)) }

// kept reads the records of a state file, one line after the other.
type kept struct {
	io.Closer
	lines *bufio.Reader
	rest  []byte
}

// Read yields the records, each on a line.
func (k *kept) Read(p []byte) (int, error) {
	for len(k.rest) == 0 {
		line, err := k.lines.ReadBytes('\n')
		if err != nil {
			return 0, err
		}
		var at reached
		if err := json.Unmarshal(line, &at); err != nil {
			return 0, err
		}
		for _, r := range at.Records {
			k.rest = append(append(k.rest, r...), '\n')
		}
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}
