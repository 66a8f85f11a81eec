package awsaccount

import (
	"context"
	"sync"
	"time"

	"github.com/aws/smithy-go/middleware"
)

// lookupInterval lies between two requests to LookupEvents, which takes two a
// second for each account and region.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
const lookupInterval = 500 * time.Millisecond

// pace lets one request through in every interval.
type pace struct {
	interval time.Duration

	mu   sync.Mutex
	next time.Time // when the next one may go
}

// wait returns when it is the caller's turn, or with the error of ctx.
func (p *pace) wait(ctx context.Context) error {
	turn := time.NewTimer(time.Until(p.turn()))
	defer turn.Stop()
	select {
	case <-turn.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pace) turn() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn := time.Now()
	if p.next.After(turn) {
		turn = p.next
	}
	p.next = turn.Add(p.interval)
	return turn
}

// paced makes every request wait its turn, those that are tried again too.
func paced(p *pace) func(*middleware.Stack) error {
	wait := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		middleware.FinalizeOutput, middleware.Metadata, error,
	) {
		if err := p.wait(ctx); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		return next.HandleFinalize(ctx, in)
	}
	return func(stack *middleware.Stack) error {
		return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Pace", wait), "Retry", middleware.After)
	}
}

// PaceLookups is an option for the APIOptions of a client of CloudTrail: its
// requests wait so that one account and region is sent no more than
// LookupEvents takes. The client is to be that of one region.
func PaceLookups() func(*middleware.Stack) error { return paced(&pace{interval: lookupInterval}) }
