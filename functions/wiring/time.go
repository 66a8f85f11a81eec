package wiring

import (
	"context"
	"time"
)

// reserve is the most time before Lambda's deadline that is kept for what comes
// after a message was sent.
const reserve = 4 * time.Second

// evidenceTime bounds a diagnosis: a half of the time that is left goes to
// evidence, the rest to telling. Without a deadline there is no limit.
func evidenceTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	left := max(time.Until(deadline), 0)
	return context.WithDeadline(ctx, deadline.Add(-(left+kept(left))/2))
}

// Leave is ctx with an earlier deadline, so that n things more can be done
// after what it is given to: saving what came of a message, sending another
// one, giving the answer.
func Leave(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-time.Duration(n)*kept(time.Until(deadline))))
}

// Answer is ctx with so much less time that the answer can be given: Lambda ends
// a process that has not given it by the deadline.
func Answer(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-kept(time.Until(deadline))/4))
}

// kept is what is reserved of the time that is left, for one thing.
func kept(left time.Duration) time.Duration { return min(max(left, 0)/5, reserve) }
