package awsaccount

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// How long answers are used again: short enough that somebody who mends a
// policy sees it in the next report, long enough that a burst of failures
// costs one reading.
const (
	answerLife  = time.Minute
	passingLife = 5 * time.Second // of what a throttle or a time-out kept from being seen
)

// seen is what came of a reading.
type seen[T any] struct {
	diagnose.Known[T]
	partial bool // Value holds a part of it, although Exists is Unknown
	passing bool // not seen for a reason that passes
}

func found[T any](v T) seen[T] { return seen[T]{Known: diagnose.Found(v)} }

func missing[T any]() seen[T] { return seen[T]{Known: diagnose.Missing[T]()} }

func unseen[T any](g *gap) seen[T] {
	return seen[T]{Known: diagnose.Unseen[T](g.why), passing: g.passing}
}

// partly is a reading that broke off; some is whether it brought anything.
func partly[T any](v T, some bool, g *gap) seen[T] {
	out := unseen[T](g)
	out.Value, out.partial = v, some
	return out
}

// memo keeps readings by key, and makes equal ones at the same time one. What
// is not there and what was refused is kept as what was found is.
type memo[T any] struct {
	life  time.Duration // of what was found
	limit time.Duration // for one reading

	mu       sync.Mutex
	readings map[string]*reading[T]
	crowd    int // readings at which those past their life are dropped
}

// reading is one look at a thing, under way or done.
type reading[T any] struct {
	began time.Time
	done  chan struct{}
	out   seen[T]   // once done is closed
	until time.Time // end of its life; zero while it is under way
}

func newMemo[T any](life, limit time.Duration) *memo[T] {
	return &memo[T]{life: life, limit: limit, readings: map[string]*reading[T]{}}
}

// known is a reading that needed none.
func known[T any](out seen[T]) *reading[T] {
	r := &reading[T]{began: time.Now(), done: make(chan struct{}), out: out}
	close(r.done)
	return r
}

// get returns the reading of a key, and begins it where there is none or the
// last one is past its life. It runs on even if nobody waits for it any more.
func (m *memo[T]) get(key string, read func(context.Context) seen[T]) *reading[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if r := m.readings[key]; r != nil && !r.past(now) {
		return r
	}
	m.dropPast(now)
	r := &reading[T]{began: now, done: make(chan struct{})}
	m.readings[key] = r
	go m.run(r, read)
	return r
}

func (m *memo[T]) run(r *reading[T], read func(context.Context) seen[T]) {
	ctx, cancel := context.WithTimeout(context.Background(), m.limit)
	defer cancel()
	out := read(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	r.out, r.until = out, time.Now().Add(m.lifeOf(out))
	close(r.done)
}

func (m *memo[T]) lifeOf(out seen[T]) time.Duration {
	switch {
	case out.passing:
		return passingLife
	case out.Exists == policy.Yes:
		return m.life
	default:
		return min(m.life, answerLife)
	}
}

// dropPast bounds the memory that keys of other people's making take.
func (m *memo[T]) dropPast(now time.Time) {
	if len(m.readings) < m.crowd {
		return
	}
	for key, r := range m.readings {
		if r.past(now) {
			delete(m.readings, key)
		}
	}
	m.crowd = max(64, 2*len(m.readings))
}

// forget drops the readings of the keys that which picks, those under way too.
// Who waits for one of them still gets it.
func (m *memo[T]) forget(which func(key string) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.readings, func(key string, _ *reading[T]) bool { return which(key) })
}

func (r *reading[T]) past(now time.Time) bool { return !r.until.IsZero() && !now.Before(r.until) }
