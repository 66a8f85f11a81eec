package scan

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// mostRecord is above what CloudTrail writes, see cloudtrail.MaxRecord.
const mostRecord = 2 << 20

// worker reads one input after the other.
type worker struct {
	*run
	sieve  cloudtrail.Sieve
	buffer *bufio.Reader
	unpack unpacker
}

func newWorker(r *run) *worker {
	w := &worker{run: r, buffer: bufio.NewReaderSize(nil, 64<<10)}
	w.unpack.total = &r.unpacked
	return w
}

// read reads an input to its end and takes what matters of it.
func (w *worker) read(ctx context.Context, in Input) {
	defer w.leave(in)
	src, err := in.Open(ctx)
	if err != nil {
		w.shut.Add(1)
		w.cannotRead(ctx, in.Name, err, 0)
		return
	}
	defer src.Close()
	packed := &counter{Reader: src, total: &w.packed, done: ctx.Err}
	w.buffer.Reset(packed)
	w.unpack.packed, w.unpack.out = packed, 0
	reader := cloudtrail.NewReader(w.buffer, in.Name, cloudtrail.Sift(&w.sieve), cloudtrail.Unpack(w.unpack.begin), cloudtrail.MaxRecord(mostRecord))
	first := w.take(ctx, in.Name, reader)
	if w.unpack.out == 0 {
		w.unpacked.Add(packed.read) // it was not packed
	}
	if in.Size < 0 {
		w.size.Add(packed.read)
	}
	seen := reader.Seen()
	if withoutRecords(first) || ctx.Err() != nil && errors.Is(first, ctx.Err()) {
		seen.Records-- // the error counts as one
	}
	w.saw(seen)
}

// leave counts an input that is done.
func (w *worker) leave(in Input) {
	w.done.Add(1)
	if in.Size < 0 {
		w.endless.Add(-1)
	}
}

// withoutRecords is whether an error is about an input as a whole.
func withoutRecords(err error) bool {
	var format cloudtrail.FormatError
	return errors.Is(err, cloudtrail.ErrEmpty) || errors.As(err, &format)
}

// take takes the events of an input. Of what is wrong in it the first is told,
// and returned.
func (w *worker) take(ctx context.Context, name string, reader *cloudtrail.Reader) (first error) {
	wrong := 0
	for ev, err := range reader.Events() {
		if err == nil {
			err = w.event(ev)
		}
		if err == nil {
			continue
		}
		if wrong++; wrong == 1 {
			first = err
		}
	}
	if first != nil {
		w.cannotRead(ctx, name, first, wrong-1)
	}
	return first
}

// event takes an event that matters.
func (w *worker) event(ev *cloudtrail.Event) error {
	if !ev.IsWebIdentity() {
		return w.change(ev)
	}
	if !w.From.IsZero() && ev.Time.Before(w.From) || !w.To.IsZero() && ev.Time.After(w.To) {
		w.outside.Add(1)
		return nil
	}
	if size := sizeOf(ev); size > mostEvent {
		return fmt.Errorf("a denial whose fields have %d bytes, more than STS accepts: it is not counted", size)
	}
	w.groups.add(ev)
	return nil
}

// change takes a change of a role or provider. One of which the policy alone
// cannot be read counts all the same: it ends the version before.
func (w *worker) change(ev *cloudtrail.Event) error {
	c, ok, err := ev.Change()
	if ok {
		w.history.add(c)
	}
	if err != nil {
		return fmt.Errorf("event %.60q of %s: %w", ev.ID, ev.Time.UTC().Format(time.RFC3339), err)
	}
	return nil
}
