package policy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// EvalLines reads one request a line and writes one outcome a line, in the same
// order. A line is {"id", "trustPolicy", "roleArn", "action", "principal",
// "context", "resourceControlPolicies"?}, or has all but the id in "input";
// other members are left alone. A policy is an object, or a string of JSON text.
// In context a string is a single-valued key, an array a multivalued one, and
// what is not listed is absent. An outcome is {"id", "result"}: Allowed,
// ImplicitlyDenied or ExplicitlyDenied, or error with the member "error", where
// IAM would refuse to store a policy or the line is malformed. Where IAM's
// documentation leaves the outcome open it is ImplicitlyDenied, as nothing
// allows the request for sure, with "undecided": true.
//
// Malformed lines are told of in the returned error as well; the rest is
// evaluated all the same. Empty lines are passed over. workers is the number of
// lines in work at once, at least 1.
func EvalLines(r io.Reader, w io.Writer, workers int) error {
	workers = max(workers, 1)
	todo := make(chan *evalBatch)
	order := make(chan *evalBatch, 2*workers)
	for range workers {
		go func() {
			var l lineEvaluator
			for b := range todo {
				l.batch(b)
				close(b.done)
			}
		}()
	}
	stop := make(chan struct{})
	var readErr error
	go func() {
		defer close(todo)
		defer close(order)
		readErr = readBatches(r, todo, order, stop)
	}()
	bad, err := writeBatches(w, order)
	if err != nil {
		close(stop) // the reader ends itself when its input lets it
		return errors.Join(err, bad.err())
	}
	return errors.Join(readErr, bad.err())
}

// evalBatch is a run of whole lines on its way from the reader over a worker to
// the writer.
type evalBatch struct {
	first int // number of the first line, from 1
	in    []byte
	out   []byte
	bad   lineErrors
	done  chan struct{}
}

// batchSize is the number of bytes from which a batch is full: enough lines that
// handing them over costs nothing beside them.
const batchSize = 64 << 10

func readBatches(r io.Reader, todo, order chan<- *evalBatch, stop <-chan struct{}) error {
	in := bufio.NewReaderSize(r, batchSize)
	for line := 1; ; {
		b := &evalBatch{first: line, in: make([]byte, 0, batchSize+batchSize/4), done: make(chan struct{})}
		err := b.fill(in)
		line += bytes.Count(b.in, []byte{'\n'})
		if len(b.in) > 0 {
			select {
			case order <- b:
			case <-stop:
				return nil
			}
			todo <- b
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d: %w", line, err)
		}
	}
}

// fill reads whole lines until the batch is full.
func (b *evalBatch) fill(in *bufio.Reader) error {
	for len(b.in) < batchSize {
		piece, err := in.ReadSlice('\n')
		b.in = append(b.in, piece...)
		for err == bufio.ErrBufferFull {
			piece, err = in.ReadSlice('\n')
			b.in = append(b.in, piece...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func writeBatches(w io.Writer, order <-chan *evalBatch) (bad lineErrors, err error) {
	for b := range order {
		<-b.done
		if _, err := w.Write(b.out); err != nil {
			return bad, fmt.Errorf("write outcomes: %w", err)
		}
		bad.join(&b.bad)
	}
	return bad, nil
}

// lineErrors are the malformed lines: the first few in full, all in number.
type lineErrors struct {
	errs  []error
	total int
}

// maxLineErrors bounds the error of a file that is something else altogether.
const maxLineErrors = 20

func (l *lineErrors) add(err error) {
	l.total++
	if len(l.errs) < maxLineErrors {
		l.errs = append(l.errs, err)
	}
}

func (l *lineErrors) join(more *lineErrors) {
	l.errs = append(l.errs, more.errs[:min(len(more.errs), maxLineErrors-len(l.errs))]...)
	l.total += more.total
}

func (l *lineErrors) err() error {
	if rest := l.total - len(l.errs); rest > 0 {
		l.errs = append(l.errs, fmt.Errorf("and %d more malformed lines", rest))
	}
	return errors.Join(l.errs...)
}

// batch evaluates each line of a batch.
func (l *lineEvaluator) batch(b *evalBatch) {
	b.out = make([]byte, 0, len(b.in)/16)
	text := string(b.in)
	for n := b.first; text != ""; n++ {
		line, rest := cutLine(text)
		text = rest
		if isBlank(line) {
			continue
		}
		l.line(line)
		if l.malformed {
			l.reason = "line " + strconv.Itoa(n) + ": " + l.reason
			b.bad.add(errors.New(l.reason))
		}
		b.out = l.appendOutcome(b.out)
	}
}

// appendOutcome writes what the last line came to.
func (l *lineEvaluator) appendOutcome(out []byte) []byte {
	out = append(append(out, `{"id":`...), l.id...)
	out = append(out, `,"result":"`...)
	if l.result == Undecided.String() {
		out = append(append(out, ImplicitlyDenied.String()...), `","undecided":true`...)
	} else {
		out = append(append(out, l.result...), '"')
	}
	if l.reason != "" {
		out = append(append(out, `,"error":`...), quote(l.reason)...)
	}
	return append(out, '}', '\n')
}
