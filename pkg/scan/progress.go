package scan

import (
	"sync"
	"sync/atomic"
	"time"
)

// Progress is how far a scan has come.
type Progress struct {
	Inputs   int   // found so far
	Listed   bool  // no more are to come
	Done     int   // of the inputs, those that were read
	Packed   int64 // bytes that were read, as they lie there
	Size     int64 // bytes of all inputs found so far whose size is known
	Endless  int   // inputs of unknown size that are not read to their end
	Bytes    int64 // unpacked
	Records  int   // in the inputs that are done, passed over or kept
	Denials  int
	Groups   int
	Finished bool // all is read and diagnosed: this is the last call
}

// progress counts while a scan goes on.
type progress struct {
	inputs, done, size, packed, unpacked, records, endless, outside, shut atomic.Int64
	listed                                                                atomic.Bool
}

// interval is how often the progress is told: often enough for a bar to move.
const interval = 100 * time.Millisecond

// report tells the progress until it is stopped, and then for the last time.
func (r *run) report() (stop func()) {
	if r.Progress == nil {
		return func() {}
	}
	ticker := time.NewTicker(interval)
	ended := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ticker.C:
				r.Progress(r.now())
			case <-ended:
				return
			}
		}
	})
	return func() {
		ticker.Stop()
		close(ended)
		wg.Wait()
		last := r.now()
		last.Finished = true
		r.Progress(last)
	}
}

func (r *run) now() Progress {
	r.groups.mu.Lock()
	defer r.groups.mu.Unlock()
	return Progress{
		Inputs: int(r.inputs.Load()), Listed: r.listed.Load(), Done: int(r.done.Load()),
		Packed: r.packed.Load(), Size: r.size.Load(), Endless: int(r.endless.Load()), Bytes: r.unpacked.Load(), Records: int(r.records.Load()),
		Denials: r.groups.count, Groups: len(r.groups.all),
	}
}
