package awsaccount

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// missed is a reading that was not waited for to its end.
type missed struct {
	done <-chan struct{}
	news func() bool // once done: whether it brought something
	past func() bool // once done: whether its life is over
}

// in is whether the reading is done.
func (m missed) in() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

// await returns what a reading brings, at the latest when ctx ends. need is
// the permission that is named then.
func await[T any](ctx context.Context, a *Account, r *reading[T], need string) diagnose.Known[T] {
	return awaitUntil(ctx, a, r, need, nil)
}

// awaitSlow is await within the budget, which counts from the beginning of the
// reading: of many that wait for the same one, none waits longer than the
// first.
func awaitSlow[T any](ctx context.Context, a *Account, r *reading[T], need string) diagnose.Known[T] {
	if a.options.SlowBudget <= 0 {
		return await(ctx, a, r, need)
	}
	spent := time.NewTimer(time.Until(r.began.Add(a.options.SlowBudget)))
	defer spent.Stop()
	return awaitUntil(ctx, a, r, need, spent.C)
}

func awaitUntil[T any](ctx context.Context, a *Account, r *reading[T], need string, spent <-chan time.Time) diagnose.Known[T] {
	select {
	case <-r.done: // before all else, where all is the case
		return r.out.Known
	default:
	}
	select {
	case <-r.done:
		return r.out.Known
	case <-ctx.Done():
		miss(a, r)
		if spent != nil {
			return diagnose.Unseen[T]("not read in the time there was; it follows")
		}
		return diagnose.Unseen[T](refused(ctx.Err(), need).why)
	case <-spent:
		miss(a, r)
		return diagnose.Unseen[T](fmt.Sprintf("not read within %g s; it follows", a.options.SlowBudget.Seconds()))
	}
}

// miss notes a reading for Settled, once. Nobody may ever call that, so what
// nobody can use any more is forgotten.
func miss[T any](a *Account, r *reading[T]) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.missed = slices.DeleteFunc(a.missed, func(m missed) bool { return m.done == r.done || m.in() && m.past() })
	a.missed = append(a.missed, missed{
		done: r.done,
		news: func() bool { return r.out.Exists != policy.Unknown || r.out.partial },
		past: func() bool { return r.past(time.Now()) },
	})
}

// Settled waits until everything that was begun and not waited for is in, or
// until ctx ends. It tells whether anything of it was seen meanwhile, so that
// explaining again says more. What is still not in is left for the next time.
func (a *Account) Settled(ctx context.Context) (news bool) {
	a.mu.Lock()
	waiting := a.missed
	a.missed = nil
	a.mu.Unlock()
	for _, m := range waiting {
		select {
		case <-m.done:
		case <-ctx.Done():
		}
		news = a.settle(m) || news
	}
	return news
}

// settle tells whether a reading brought something, and keeps one that is not
// in yet.
func (a *Account) settle(m missed) (news bool) {
	if m.in() {
		return m.news()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.missed = append(a.missed, m)
	return false
}
