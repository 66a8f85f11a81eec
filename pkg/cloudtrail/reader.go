package cloudtrail

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// Reasons why a value of the input is no event. They come wrapped in an *Error.
var (
	ErrEmpty    = errors.New("the input is empty")
	ErrNoRecord = errors.New("not a CloudTrail record: no eventName, detail, body, CloudTrailEvent, Records or Events")
	// ErrNoRole is told of a denied call that does not name its role. The event
	// follows all the same: its error may say enough.
	ErrNoRole   = errors.New("the record has no requestParameters.roleArn, so it does not tell which role was asked for")
	ErrTooLarge = errors.New("the record is larger than the limit")
	ErrTooDeep  = errors.New("the JSON is nested too deeply")
)

// Error tells what in an input could not be read, and where.
type Error struct {
	Name   string // of the input, as given to NewReader
	Record int    // from 1, counting every record and every value in the place of one
	Offset int64  // into the uncompressed input: of the wrong byte where the JSON is broken, else of the record
	Err    error
}

// Error names the input, the record and the byte, where there is one.
func (e *Error) Error() string {
	var format FormatError
	if errors.As(e.Err, &format) {
		return fmt.Sprintf("%s: %v", e.Name, e.Err)
	}
	return fmt.Sprintf("%s: record %d at byte %d: %v", e.Name, e.Record, e.Offset, e.Err)
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// defaultMaxRecord is far above what CloudTrail writes: a record is limited
// to 256 KB, and to 1 MB where expanded event size is configured.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
const defaultMaxRecord = 4 << 20

// Reader reads CloudTrail records as a stream. Its memory is bounded by the
// largest record it accepts, never by the input.
type Reader struct {
	src       io.Reader
	name      string
	maxRecord int
	unpack    func(io.Reader) (io.Reader, error)
	sieve     *Sieve
	window    int
	seen      Seen
}

// Option sets what a Reader does by default.
type Option func(*Reader)

// MaxRecord sets the size in bytes beyond which a record is reported and
// skipped; 4 MiB without it.
func MaxRecord(n int) Option { return func(r *Reader) { r.maxRecord = n } }

// Unpack sets what unpacks gzip: it gets an input that begins as gzip does, and
// returns what is in all its members; package compress/gzip without it.
func Unpack(unpack func(packed io.Reader) (io.Reader, error)) Option {
	return func(r *Reader) { r.unpack = unpack }
}

// Sift makes Events pass over every event that does not matter (see
// Event.Matters), most of them before they are decoded. Of those no field that
// cannot be read is reported. Everything else is as without it.
func Sift(s *Sieve) Option { return func(r *Reader) { r.sieve = s } }

// NewReader reads records from r, plain or gzip, in any of these wrappings,
// also mixed: a bare record, an EventBridge event, an SQS batch of those,
// {"Records":[…]} as CloudTrail writes to S3, the output of LookupEvents or
// one item of it, JSON lines, concatenated values, and arrays of all of them.
// The name is for errors.
func NewReader(r io.Reader, name string, opts ...Option) *Reader {
	reader := &Reader{src: r, name: name, maxRecord: defaultMaxRecord, unpack: unpack, window: window}
	for _, set := range opts {
		set(reader)
	}
	return reader
}

// Events reads the input to its end, once. Of each pair exactly one is not
// nil, and every error is an *Error. Reading goes on after one. A record that
// is usable although a field of it is not comes as an error about the field,
// then as an event without it.
func (r *Reader) Events() iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		src, err := r.decompress()
		w := &walker{name: r.name, yield: yield, seen: &r.seen, sifts: r.sieve != nil, sieve: newSifting(r.sieve)}
		if err != nil {
			w.report(err, 0)
			return
		}
		w.scan = newScanner(src, r.maxRecord, r.window, r.sieve.window())
		w.input()
		r.sieve.leave(w.scan.buf)
	}
}

// Seen is what a Reader has read so far.
type Seen struct {
	Records     int       // every record and every value in the place of one
	First, Last time.Time // the earliest and the latest eventTime; zero where none was read
}

func (s *Seen) note(t time.Time) {
	if t.IsZero() {
		return
	}
	if s.First.IsZero() || t.Before(s.First) {
		s.First = t
	}
	if t.After(s.Last) {
		s.Last = t
	}
}

// Seen tells what was read so far. It may be called while Events goes on, by
// the same goroutine.
func (r *Reader) Seen() Seen { return r.seen }

// gzipHead begins every member.
const gzipHead = "\x1f\x8b"

// decompress looks at how the input begins, and at how what was packed does.
// Members may follow each other. Expansion needs no bound of its own, as nothing is
// kept of what is no record: a bomb costs time in proportion to its
// compressed size (deflate expands by 1032 at most), not memory.
func (r *Reader) decompress() (io.Reader, error) {
	buffered := bufio.NewReader(r.src)
	head, _ := buffered.Peek(mostHead)
	if !bytes.HasPrefix(head, []byte(gzipHead)) {
		return buffered, FormatOf(head)
	}
	unpacked, err := r.unpack(buffered)
	if err != nil {
		return nil, err
	}
	return &known{Reader: unpacked}, nil
}

func unpack(packed io.Reader) (io.Reader, error) { return gzip.NewReader(packed) }
