package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Scanner reads sources and makes a Result of what they hold. The zero value
// is ready for use. Its memory is bounded, whatever the size of the input.
type Scanner struct {
	// Account tells what the accounts hold, as they stand. It is asked from
	// several goroutines at a time. Nil: no policy is at hand, and what can be
	// said without one is.
	// One that has a method Holds, as casefile.File, says which accounts it
	// tells of; nothing follows from its lists for others.
	Account diagnose.Account
	// Live is whether Account asks AWS: what that refuses, or could not be asked,
	// is then listed as unreadable.
	Live bool
	// From and To bound the time of the denials that count; each may be zero.
	// Changes count whenever they were made.
	From, To time.Time
	// Workers is how many inputs are read at a time; 0: as many as there are
	// processors.
	Workers int
	// MostGroups is how many incidents are kept, those with the most denials;
	// 0: DefaultMostGroups. The others' denials are counted, and a note of the
	// result tells of them.
	MostGroups int
	// Now tells the time; nil: time.Now.
	Now func() time.Time
	// Progress is called now and then, never twice at a time; nil: nobody
	// wants to know.
	Progress func(Progress)
}

// DefaultMostGroups is more than anybody reads, and bounds what is diagnosed.
const DefaultMostGroups = 5000

// Scan reads all inputs of the sources and has one call of each incident
// diagnosed. When the context is done it ends with what was found until then,
// which the result says. An error is about the settings of the scanner alone:
// what could not be read is in the result.
func (s *Scanner) Scan(ctx context.Context, sources ...Source) (*Result, error) {
	if !s.From.IsZero() && !s.To.IsZero() && s.To.Before(s.From) {
		return nil, fmt.Errorf("a time from %s to %s: the end lies before the beginning", s.From.Format(time.RFC3339), s.To.Format(time.RFC3339))
	}
	r := newRun(s)
	stop := r.report()
	r.readAll(ctx, sources)
	result := r.result(ctx)
	stop()
	return result, nil
}

// run is one scan under way.
type run struct {
	*Scanner
	account diagnose.Account
	witness *witness // the account, where one was given; nil otherwise
	workers int
	clock   func() time.Time
	groups  *groups
	history *history
	progress

	mu         sync.Mutex
	first      time.Time
	last       time.Time
	unreadable []Unreadable
	unlisted   int            // places that could not be read beyond mostUnreadable
	outdates   map[string]int // incidents by role of which the account may be older than the logs
	passed     map[string]int // files that were passed over, by the end of their names
}

// mostUnreadable bounds the places that are named.
const mostUnreadable = 1000

func newRun(s *Scanner) *run {
	r := &run{Scanner: s, account: noAccount, workers: s.Workers, clock: s.Now, history: new(history)}
	if r.clock == nil {
		r.clock = time.Now
	}
	if s.Account != nil {
		r.witness = newWitness(s.Account)
		r.account = r.witness
	}
	if r.workers <= 0 {
		r.workers = runtime.GOMAXPROCS(0)
	}
	r.groups = newGroups(cmp.Or(s.MostGroups, DefaultMostGroups))
	return r
}

// mostAhead is how many inputs are listed before they are read: enough that the
// progress tells how much there is, and few enough for the memory.
const mostAhead = 1 << 14

// readAll reads the inputs while they are listed. What was listed when the
// context is done is left.
func (r *run) readAll(ctx context.Context, sources []Source) {
	todo := make(chan Input, mostAhead)
	var wg sync.WaitGroup
	for range r.workers {
		wg.Go(func() {
			w := newWorker(r)
			for in := range todo {
				if ctx.Err() == nil {
					w.read(ctx, in)
				}
			}
		})
	}
	for _, source := range sources {
		r.list(ctx, source, todo)
	}
	r.listed.Store(true)
	close(todo)
	wg.Wait()
}

// list hands the inputs of a source on until the context is done.
func (r *run) list(ctx context.Context, source Source, todo chan<- Input) {
	for in, err := range source.Inputs(ctx) {
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			r.notListed(ctx, err)
			continue
		}
		r.inputs.Add(1)
		r.size.Add(max(in.Size, 0))
		if in.Size < 0 {
			r.endless.Add(1)
		}
		select {
		case todo <- in:
		case <-ctx.Done():
			return
		}
	}
}

// notListed notes what is not read, and why.
func (r *run) notListed(ctx context.Context, err error) {
	var passed *PassedOver
	if !errors.As(err, &passed) {
		r.cannotRead(ctx, placeOf(err), err, 0)
		return
	}
	if r.passed == nil {
		r.passed = map[string]int{}
	}
	r.passed[passed.Kind]++ // one goroutine lists
}

// placeOf is where an error of a listing happened.
func placeOf(err error) string {
	var at *InputError
	if errors.As(err, &at) {
		return at.Name
	}
	return "the list of what there is to read"
}

// cannotRead notes a place that could not be read, with the first thing that
// is wrong there and how many more there are. That the scan was interrupted is
// no fault of the place.
func (r *run) cannotRead(ctx context.Context, name string, err error, more int) {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.unreadable) >= mostUnreadable {
		r.unlisted++
		return
	}
	r.unreadable = append(r.unreadable, Unreadable{Where: name, Why: why(err, more)})
}

// why words an error about a place, whose name is said already.
func why(err error, more int) string {
	var record *cloudtrail.Error
	var place *InputError
	text := err.Error()
	switch {
	case errors.As(err, &record) && withoutRecords(err):
		text = record.Err.Error()
	case errors.As(err, &record) && errors.Is(err, io.ErrUnexpectedEOF):
		text = fmt.Sprintf("record %d at byte %d: the JSON is cut off there", record.Record, record.Offset)
	case errors.As(err, &record):
		text = fmt.Sprintf("record %d at byte %d: %v", record.Record, record.Offset, record.Err)
	case errors.As(err, &place):
		text = place.Err.Error()
	}
	if more > 0 {
		text += "; and " + plural(more, "more fault", "more faults")
	}
	return text
}

// saw notes what a reader has seen of an input.
func (r *run) saw(seen cloudtrail.Seen) {
	r.records.Add(int64(seen.Records))
	if seen.First.IsZero() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first.IsZero() || seen.First.Before(r.first) {
		r.first = seen.First
	}
	if seen.Last.After(r.last) {
		r.last = seen.Last
	}
}
