// Package notify sends reports to where people read them. Each service has a
// package of its own below this one; what they share is here.
package notify

import (
	"context"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Notifier sends a report to one place. It respects the deadline of the
// context, and its errors hold no secret.
type Notifier interface {
	Notify(ctx context.Context, r *report.Report) error
}

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
