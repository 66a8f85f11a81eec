// Package notify sends reports to where people read them. Each service has a
// package of its own below this one; what they share is here.
package notify

import (
	"context"
	"errors"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Notifier sends a report to one place. It respects the deadline of the
// context, and its errors hold no secret.
type Notifier interface {
	Notify(ctx context.Context, r *report.Report) error
}

// Follower is a Notifier that can add to what it has sent.
type Follower interface {
	// Follow tells what is new in r since the report with the same fingerprint
	// that this process sent last. It does nothing where there is no such
	// report or nothing new.
	Follow(ctx context.Context, r *report.Report) error
}

// Incomplete is the error of a notifier whose alert was taken, but not all
// that belongs to it, such as the replies in its thread. Sending the report
// again would repeat the alert.
type Incomplete struct{ Err error }

// Error implements error.
func (e *Incomplete) Error() string {
	return "the alert was sent, but not all of its thread: " + e.Err.Error()
}

// Unwrap gives what kept the rest from being sent.
func (e *Incomplete) Unwrap() error { return e.Err }

// Channel is a notifier under the name that logs and errors use for it.
type Channel struct {
	Name string
	Notifier
}

// Outcome tells what came of one channel; Err is nil where the report was
// taken.
type Outcome struct {
	Channel string
	Err     error
}

// Sent reports whether people have the alert: Err is nil or Incomplete.
func (o Outcome) Sent() bool {
	var partly *Incomplete
	return o.Err == nil || errors.As(o.Err, &partly)
}

// Send hands the report to every channel at the same time, so that neither
// the failure nor the slowness of one keeps it from the others. The outcomes
// are in the order of the channels.
func Send(ctx context.Context, channels []Channel, r *report.Report) []Outcome {
	outcomes := make([]Outcome, len(channels))
	var wg sync.WaitGroup
	for i, c := range channels {
		wg.Go(func() { outcomes[i] = Outcome{c.Name, c.Notify(ctx, r)} })
	}
	wg.Wait()
	return outcomes
}
