package cli

import (
	"context"
	"io"
)

// untilDone is standard input, which is not waited for once the context is
// done: nothing may ever come of a terminal or a pipe.
type untilDone struct {
	ctx context.Context
	io.Reader
	buffer []byte
}

// Read reads on in a buffer of its own, since a reading that nobody waits for
// any more goes on.
func (u *untilDone) Read(p []byte) (int, error) {
	if u.ctx.Err() != nil {
		return 0, interrupted{u.ctx.Err()}
	}
	if len(u.buffer) < len(p) {
		u.buffer = make([]byte, len(p))
	}
	type outcome struct {
		n   int
		err error
	}
	read := make(chan outcome, 1)
	go func() {
		n, err := u.Reader.Read(u.buffer[:len(p)])
		read <- outcome{n, err}
	}()
	select {
	case o := <-read:
		return copy(p, u.buffer[:o.n]), o.err
	case <-u.ctx.Done():
		return 0, interrupted{u.ctx.Err()}
	}
}

// interrupted is the error of the context, in words for people.
type interrupted struct{ error }

// Error says no more than what the person who reads it did.
func (interrupted) Error() string { return "interrupted" }

// Unwrap returns the error of the context.
func (i interrupted) Unwrap() error { return i.error }
