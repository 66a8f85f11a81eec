package incident

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Desk deals with what comes in. It has no state of its own: any number of
// desks, in any number of processes, may work on one store at the same time,
// and each may be killed at any moment. What it was told then has to come
// again, and FollowUp does what was left.
type Desk struct {
	// Store keeps everything; it is required.
	Store Store
	// Explain diagnoses a denied call as of now; it is required, and never
	// returns nil.
	Explain func(context.Context, *cloudtrail.Event) *report.Report
	// Succeeded looks for a call of the incident that succeeded after a time,
	// and gives its time. Nil where nobody can look.
	Succeeded func(ctx context.Context, i *Incident, after time.Time) (time.Time, bool)
	// Channels are where notices go. Each has a name of its own, which stays
	// the same for as long as the store keeps anything.
	Channels []notify.Channel
	// Rules are those of now; nil where there are none. An error is logged, and
	// then what is quiet stays so, and no more is kept quiet.
	Rules func(context.Context) ([]Rule, error)
	// Lost hears how many messages were given up, which a channel did not take
	// for days or for which there was no room. The log tells of each. Nil where
	// nobody counts.
	Lost func(n int)
	// Now is the clock; nil for time.Now.
	Now func() time.Time
	// Log tells what was decided and sent; nil for slog.Default.
	Log *slog.Logger
	// Options are how much is told and when.
	Options Options
}

// Options are how much a desk tells and when. Whatever is zero has the value
// of Defaults.
type Options struct {
	// Updates are the times from the alert to the first update, and from each
	// to the next; the last one repeats.
	Updates []time.Duration
	// Quiet is how long nothing is denied until an incident counts as quiet.
	Quiet time.Duration
	// Settle is how long nothing has to be denied after an edit with which the
	// policy allows the call, until it is taken to work again.
	Settle time.Duration
	// Together is the time within which edits of one incident are answered
	// together.
	Together time.Duration
	// PerRole and InAll limit the alerts in an hour of the clock, and InAll
	// the updates as well. Beyond them incidents go into digests.
	PerRole, InAll int
	// PerDay limits the messages nobody asked for, by incident and UTC day.
	PerDay int
	// Strangers is the least time between two messages about strangers.
	Strangers time.Duration
	// ManyRoles is how many roles have to fail for one reason of their provider
	// within ManyWithin to become one incident of the provider.
	ManyRoles  int
	ManyWithin time.Duration
	// Lease is how long a message is in the hands of who sends it. It is longer
	// than a process takes to send it or to be killed: then somebody else sends
	// the message.
	Lease time.Duration
}

// Defaults are the options for whatever is not set.
func Defaults() Options {
	return Options{
		Updates:   []time.Duration{15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour},
		Quiet:     24 * time.Hour,
		Settle:    10 * time.Minute,
		Together:  time.Minute,
		PerRole:   4,
		InAll:     20,
		PerDay:    6,
		Strangers: 30 * time.Minute,
		ManyRoles: 3, ManyWithin: time.Hour,
		Lease: 90 * time.Second,
	}
}

// ErrOutstanding is wrapped by errors which say that a channel does not have a
// message yet. The message is kept, and FollowUp sends it: what was told to the
// desk need not come again, unless the store lasts no longer than the process.
var ErrOutstanding = errors.New("a message is not sent yet")

// Result is what came of a denied call.
type Result struct {
	// Report is the diagnosis that was made of the call; nil for a repetition.
	Report *report.Report
	// Incident is the one the call belongs to, as it was saved last.
	Incident *Incident
	// News is whether the call led to a message, be it a line in a digest.
	News bool
}
