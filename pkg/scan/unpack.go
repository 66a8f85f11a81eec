package scan

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
)

// Logs of CloudTrail unpack to some ten times their size, logs of one call
// repeated to a hundred times; deflate can do a thousand.
const (
	mostExpansion  = 250
	freelyUnpacked = 64 << 20 // bytes, before the expansion is looked at
)

// ErrBomb is about an input that unpacks to more than any log does.
var ErrBomb = errors.New("it unpacks to so much more than its size that it is no log")

// unpacker unpacks one input after the other.
type unpacker struct {
	gzip   gzip.Reader
	packed *counter // what it reads
	out    int64    // of this input
	total  *atomic.Int64
}

// begin unpacks an input, all its members.
func (u *unpacker) begin(packed io.Reader) (io.Reader, error) {
	u.out = 0
	if err := u.gzip.Reset(packed); err != nil {
		return nil, damaged(err)
	}
	return u, nil
}

// Read reads what was packed.
func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.gzip.Read(p)
	u.out += int64(n)
	u.total.Add(int64(n))
	if u.out > freelyUnpacked && u.out/mostExpansion > u.packed.read {
		return 0, ErrBomb
	}
	if err != nil && err != io.EOF {
		err = damaged(err)
	}
	if err == errCut && u.out > 0 {
		err = errCutOrMore
	}
	return n, err
}

// A few bytes behind the data look like the beginning of more of it.
var (
	errCut       = errors.New("the gzip data is cut off")
	errCutOrMore = errors.New("the gzip data is cut off, or a few bytes that are no gzip follow it")
)

// damaged words an error of the library; one of the place that the input comes
// from is left as it is.
func damaged(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errCut
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("the gzip data is damaged, or something else follows it: where a header is expected there is none")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("the gzip data is damaged: its checksum is wrong")
	}
	return err
}

// counter counts what is read, for one input and for all.
type counter struct {
	io.Reader
	read  int64
	total *atomic.Int64
	done  func() error // not nil: why to read no further
}

// Read reads on unless nothing more is wanted.
func (c *counter) Read(p []byte) (int, error) {
	if err := c.done(); err != nil {
		return 0, err
	}
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	c.total.Add(int64(n))
	return n, err
}
