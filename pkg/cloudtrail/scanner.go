package cloudtrail

import (
	"fmt"
	"io"
)

// scanner walks JSON text through a window that moves over the input. What
// lies between mark and pos stays in the window until it outgrows max.
type scanner struct {
	src  io.Reader
	buf  []byte
	pos  int
	base int64  // offset of buf[0] in the input
	mark int    // start of the value that is kept, or unmarked
	name int    // start of the name of a member that is being read, or unmarked
	max  int    // bytes of a value that are kept
	room int    // bytes of the window at first
	end  error  // why src gives no more; io.EOF at its regular end
	open []byte // the brackets pos is within, each '{' or '['

	fault *syntaxError // the first scalar that is not JSON, although its end is clear; nil where there is none
	word  []byte       // that was read last, as far as mostWord
}

const (
	unmarked = -1
	window   = 256 << 10
	maxDepth = 64  // records nest about ten deep
	mostName = 256 // bytes of a name that is kept; those that are looked for take less, escaped as well
)

// newScanner has a window of its own unless it is given one.
func newScanner(src io.Reader, maxValue, room int, given []byte) *scanner {
	if cap(given) != room {
		given = make([]byte, 0, room)
	}
	return &scanner{src: src, buf: given[:0], mark: unmarked, name: unmarked, max: maxValue, room: room}
}

// textScanner walks a text that is in memory.
func textScanner(text []byte) *scanner {
	return &scanner{buf: text, mark: unmarked, name: unmarked, max: len(text), end: io.EOF}
}

// syntaxError is text that is not JSON.
type syntaxError struct {
	offset int64
	msg    string
}

func (e *syntaxError) Error() string { return "not JSON: " + e.msg }

func (s *scanner) offset() int64 { return s.base + int64(s.pos) }

// unexpected is the error about the byte at pos, or about the end of input.
func (s *scanner) unexpected(want string) error {
	c, ok := s.peek()
	if !ok {
		return s.early()
	}
	return &syntaxError{s.offset(), fmt.Sprintf("%q where %s is expected", c, want)}
}

// early is the error about input that ends within a value.
func (s *scanner) early() error {
	if s.end == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return s.end
}

// peek returns the byte at pos, false at the end of input.
func (s *scanner) peek() (byte, bool) {
	if s.pos < len(s.buf) || s.more() {
		return s.buf[s.pos], true
	}
	return 0, false
}

// more moves the window on.
func (s *scanner) more() bool {
	if s.end != nil {
		return false
	}
	s.shift()
	// As bufio does: a reader may return nothing without an error, but not for ever.
	for range 100 {
		n, err := s.src.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf, s.end = s.buf[:len(s.buf)+n], err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	s.end = io.ErrNoProgress
	return false
}

// ahead reads on where less than the given number of bytes is left in the
// window, and tells whether it did. It reads much at a time: unpacking and
// looking at what was unpacked take turns, and each drives the other out of the
// nearest cache.
func (s *scanner) ahead(least int) (more bool) {
	if len(s.buf)-s.pos >= least {
		return false
	}
	for len(s.buf)-s.pos < s.room/2 && s.more() {
		more = true
	}
	return more
}

// shift makes room: it drops what is not kept, but for the byte before, which
// tells whether a line begins.
func (s *scanner) shift() {
	if s.mark != unmarked && s.pos-s.mark > s.max {
		s.mark = unmarked
	}
	if s.name != unmarked && s.pos-s.name > mostName {
		s.name = unmarked
	}
	from := s.pos
	if s.name != unmarked {
		from = s.name
	}
	if s.mark != unmarked {
		from = min(from, s.mark)
	}
	from = max(from-1, 0)
	kept := s.buf[from:]
	if cap(s.buf)-len(kept) < s.room/2 {
		s.buf = make([]byte, 0, 2*cap(s.buf))
	}
	s.buf = s.buf[:copy(s.buf[:cap(s.buf)], kept)]
	s.base += int64(from)
	s.pos -= from
	if s.mark != unmarked {
		s.mark -= from
	}
	if s.name != unmarked {
		s.name -= from
	}
}

// kept returns the text from the mark to pos and lifts the mark; nil where it
// was too large. The text is valid until the scanner moves on.
func (s *scanner) kept() []byte {
	mark := s.mark
	s.mark = unmarked
	if mark == unmarked || s.pos-mark > s.max {
		return nil
	}
	return s.buf[mark:s.pos]
}

// skipMark skips the byte order mark some editors write.
func (s *scanner) skipMark() {
	for _, b := range []byte("\ufeff") {
		if c, ok := s.peek(); !ok || c != b {
			return
		}
		s.pos++
	}
}
