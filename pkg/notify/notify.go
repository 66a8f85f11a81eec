// Package notify sends notices to where people read them. Each service has a
// package of its own below this one; what they share is here.
package notify

import (
	"context"
	"errors"
	"sync"
)

// Notifier sends notices to one place. It respects the deadline of the
// context, and its errors hold no secret.
type Notifier interface {
	// Notify sends n. thread is what Notify returned for the first notice of
	// the incident, "" where there was none or the service has no threads; with
	// it a bot replies there. It returns what the message is called, "" without
	// threads. A kind of which the place has no use is not sent: "" and no
	// error.
	Notify(ctx context.Context, n *Notice, thread string) (string, error)
}

// Incomplete is the error of a notifier whose alert was taken, but not all
// that belongs to it, such as the replies in its thread. Sending the notice
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

// Outcome tells what came of one channel; Err is nil where the notice was
// taken. Thread is what the channel calls the message.
type Outcome struct {
	Channel, Thread string
	Err             error
}

// Sent reports whether people have the notice: Err is nil or Incomplete.
func (o Outcome) Sent() bool {
	var partly *Incomplete
	return o.Err == nil || errors.As(o.Err, &partly)
}

// Send hands the notice to every channel at the same time, so that neither
// the failure nor the slowness of one keeps it from the others. threads are
// those of the incident by the names of the channels. The outcomes are in the
// order of the channels.
func Send(ctx context.Context, channels []Channel, n *Notice, threads map[string]string) []Outcome {
	outcomes := make([]Outcome, len(channels))
	var wg sync.WaitGroup
	for i, c := range channels {
		wg.Go(func() {
			thread, err := c.Notify(ctx, n, threads[c.Name])
			outcomes[i] = Outcome{c.Name, thread, err}
		})
	}
	wg.Wait()
	return outcomes
}
