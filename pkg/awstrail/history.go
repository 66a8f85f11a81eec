package awstrail

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// HistoryOptions say which part of an event history is read.
type HistoryOptions struct {
	Regions []string // at least one
	// From and To bound the time of the calls. To zero: until now. From zero:
	// as far back as the history goes.
	From, To time.Time
	// Since is how long ago the calls were made at most, in place of From; 0:
	// From says.
	Since time.Duration
	// State is the path of a file that keeps what was read, so that a scan that
	// was interrupted goes on with the same options. Empty: none is kept.
	State string
}

// historyLength is how long CloudTrail keeps its event history.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
const historyLength = 90 * 24 * time.Hour

// History is a source of the event history of the account of the credentials,
// which CloudTrail keeps without a trail. It is searched by the names of the
// events that matter: in each region for AssumeRoleWithWebIdentity, and in the
// region of IAM, be it among them or not, for changes of the last 90 days.
// Each region is sent two requests a second, which bring 50 events each.
//
// Events come newest first. With a state file, every page adds to the file how
// far back the events of a name were read, and the records of the page that
// matter. A scan that goes on reads those records from the file, and asks for
// the events up to the second that was reached; what it meets twice thereby
// counts once, by the ids of the events.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
type History struct {
	aws      *AWS
	regions  []string
	from, to time.Time
	oldest   time.Time // that CloudTrail had when the scan began
	journal  *journal  // nil: none is kept
	lookups  []*lookup
}

// History makes a source. With a state file it asks for the id of the account,
// which needs no permission, and reads the file if there is one: the range of
// time is then that of the scan which began it. The error is about the options
// or the file.
func (a *AWS) History(ctx context.Context, o HistoryOptions) (*History, error) {
	if len(o.Regions) == 0 {
		return nil, errors.New("no region was given to look for events in")
	}
	if o.Since > 0 && !o.From.IsZero() {
		return nil, errors.New("two beginnings were given: how long ago, and a time")
	}
	if err := (Narrow{Regions: o.Regions, From: o.From, To: o.To}).check(); err != nil {
		return nil, err
	}
	h := &History{aws: a, regions: slices.Compact(slices.Sorted(slices.Values(o.Regions)))}
	h.span(o, time.Now())
	if o.State != "" {
		if err := h.resume(ctx, o); err != nil {
			return nil, err
		}
	}
	h.plan()
	return h, nil
}

// span sets the range of time, in seconds as CloudTrail has it.
func (h *History) span(o HistoryOptions, now time.Time) {
	h.to = o.To
	if h.to.IsZero() {
		h.to = now
	}
	h.from = o.From
	switch {
	case o.Since > 0:
		h.from = h.to.Add(-o.Since)
	case h.from.IsZero():
		h.from = now.Add(-historyLength)
	}
	h.from, h.to = h.from.UTC().Truncate(time.Second), h.to.UTC().Truncate(time.Second)
	h.oldest = now.Add(-historyLength)
}

// Range is the range of time that is read.
func (h *History) Range() (from, to time.Time) { return h.from, h.to }

// Notes are sentences on what bounds the history: that it does not reach as far
// back as was asked for.
func (h *History) Notes() []string {
	// A minute, for the beginning of all that there is lies between two clocks.
	if !h.from.Before(h.oldest.Add(-time.Minute)) {
		return nil
	}
	return []string{fmt.Sprintf("CloudTrail keeps its event history for %d days: of the time before %s there is nothing in it. A trail keeps more.",
		int(historyLength.Hours()/24), h.oldest.UTC().Format(time.DateOnly))}
}

// resume opens the state file.
func (h *History) resume(ctx context.Context, o HistoryOptions) error {
	me, err := sts.NewFromConfig(h.aws.cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("ask for the account of the credentials: %w", reason(err, "sts:GetCallerIdentity"))
	}
	asked := head{
		Schema: stateSchema, Account: aws.ToString(me.Account), Regions: h.regions,
		Since: o.Since.String(), AskedFrom: o.From, AskedTo: o.To, From: h.from, To: h.to,
	}
	if h.journal, err = openJournal(o.State, asked); err != nil {
		return err
	}
	h.from, h.to = h.journal.From, h.journal.To
	if o.To.IsZero() {
		h.oldest = h.to.Add(-historyLength)
	}
	return nil
}

// plan lists what is looked up, changes last: there are few.
func (h *History) plan() {
	for _, region := range h.regions {
		h.lookup(region, "AssumeRoleWithWebIdentity", h.from)
	}
	changes := h.to.Add(-historyLength)
	for _, name := range cloudtrail.ChangeNames {
		h.lookup(awsaccount.IAMRegion(h.aws.cfg.Region), name, changes)
	}
}

func (h *History) lookup(region, name string, from time.Time) {
	l := &lookup{region: region, name: name, from: from, to: h.to}
	if h.journal != nil {
		l.resume(h.journal.reached[l.key()])
	}
	if !l.done {
		h.lookups = append(h.lookups, l)
	}
}

// Inputs implements scan.Source: a page of events is an input. The regions are
// searched side by side. What was read when the scan was interrupted comes
// first, as one input.
func (h *History) Inputs(ctx context.Context) iter.Seq2[scan.Input, error] {
	return func(yield func(scan.Input, error) bool) {
		if h.journal != nil && h.journal.kept > 0 && !yield(h.journal.input(), nil) {
			return
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		found := h.search(ctx)
		for one := range found {
			if !yield(one.Input, one.err) {
				cancel()
				for range found {
				}
				return
			}
		}
	}
}

// search does the lookups of each region one after the other.
func (h *History) search(ctx context.Context) <-chan listed {
	found := make(chan listed)
	of := map[string][]*lookup{}
	for _, l := range h.lookups {
		of[l.region] = append(of[l.region], l)
	}
	var wg sync.WaitGroup
	for region, lookups := range of {
		wg.Go(func() {
			s := &search{History: h, trail: h.aws.trail(region), found: found}
			s.all(ctx, lookups)
		})
	}
	go func() {
		wg.Wait()
		close(found)
	}()
	return found
}

// Kept is whether a state file has something that was read.
func (h *History) Kept() bool { return h.journal != nil && h.journal.pages() > 0 }

// Forget removes the state file, once the result of the scan is whole. Until
// then a scan with the same options brings the same result without a request.
func (h *History) Forget() error {
	if h.journal == nil {
		return nil
	}
	return h.journal.forget()
}
