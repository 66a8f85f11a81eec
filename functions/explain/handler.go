package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/functions/wiring"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// handler hands what it gets to a desk.
type handler struct {
	desk    desk
	account account
	explain func(context.Context, *cloudtrail.Event) *report.Report // as the desk does
	durable bool                                                    // incidents outlive the process
	threads bool                                                    // a channel can add to what it has sent
	log     *slog.Logger
	metrics *metrics.Recorder
}

// desk is what deals with events.
type desk interface {
	Denied(context.Context, *cloudtrail.Event) (incident.Result, error)
	Edited(context.Context, *cloudtrail.Event) error
	Evidence(ctx context.Context, ev *cloudtrail.Event, old, now *report.Report) error
	FollowUp(context.Context) error
}

// account is where evidence comes from.
type account interface {
	// Forget drops what was read of a role or a provider that was changed.
	Forget(cloudtrail.Change)
	// Settled waits for evidence that was too slow for a report, and tells
	// whether any of it has come.
	Settled(context.Context) bool
}

// handle takes an EventBridge event, or a batch of SQS messages that hold
// events. Of a batch it names the messages that have to come again; otherwise
// it fails where the event has to, or where it is none.
func (h *handler) handle(ctx context.Context, raw json.RawMessage) (any, error) {
	defer func() { h.metrics.Flush(time.Now()) }()
	ctx, cancel := wiring.Answer(wiring.Request(ctx))
	defer cancel()
	batch, err := readBatch(raw)
	if err != nil {
		h.log.ErrorContext(ctx, "refused", "error", err)
		return nil, err
	}
	if batch == nil {
		return nil, h.all(ctx, []message{{body: raw}})[0]
	}
	return answer(batch, h.all(ctx, batch)), nil
}

// answer names the messages of a batch that failed:
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
func answer(batch []message, errs []error) events.SQSEventResponse {
	failures := []events.SQSBatchItemFailure{}
	for i, err := range errs {
		if err != nil {
			failures = append(failures, events.SQSBatchItemFailure{ItemIdentifier: batch[i].id})
		}
	}
	return events.SQSEventResponse{BatchItemFailures: failures}
}

// all deals with messages at the same time, and with what follows once all of
// them are dealt with. The errors are in the order of the messages.
func (h *handler) all(ctx context.Context, messages []message) []error {
	explained, errs := make([]*explanation, len(messages)), make([]error, len(messages))
	var wg sync.WaitGroup
	for i, m := range messages {
		wg.Go(func() { explained[i], errs[i] = h.guard(m.named(ctx), m) })
	}
	wg.Wait()
	h.addEvidence(ctx, explained)
	if !h.durable {
		h.keepUp(ctx, errs)
	}
	return errs
}

// guard keeps the fault of one message from the others of its batch.
func (h *handler) guard(ctx context.Context, m message) (e *explanation, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
			h.log.ErrorContext(ctx, "failed", "error", err, "stack", string(debug.Stack()))
		}
	}()
	return h.deal(ctx, m)
}

// deal brings one message to an end: with no error everything that has to be
// done about it is done or saved. The explanation is nil where none was made.
func (h *handler) deal(ctx context.Context, m message) (e *explanation, err error) {
	ev, err := readEvent(m.body)
	if err != nil {
		h.metrics.Count(metrics.Poison, "")
		h.log.ErrorContext(ctx, "refused", "error", err)
		return nil, err
	}
	ctx = wiring.With(ctx, "eventId", ev.ID)
	start := time.Now()
	if !ev.Time.IsZero() {
		h.metrics.Observe(metrics.EventAge, start.Sub(ev.Time).Seconds())
	}
	if change, ok, _ := ev.Change(); ok {
		err = h.edited(ctx, ev, change)
	} else {
		e, err = h.denied(ctx, ev)
	}
	h.metrics.Observe(metrics.Duration, float64(time.Since(start).Milliseconds()))
	return e, h.judge(ctx, err)
}

// judge is the error of a message. That a channel does not have something yet
// is none where it is saved that it has to: functions/followup sends it.
func (h *handler) judge(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, incident.ErrOutstanding):
		h.metrics.Count(metrics.Outstanding, "")
		h.log.WarnContext(ctx, "outstanding", "error", err)
		if h.durable {
			return nil
		}
		return err
	}
	h.log.ErrorContext(ctx, "failed", "error", err)
	return err
}

// keepUp does the work of functions/followup where nobody else can: what this
// process knows is known to no other. As long as something is outstanding, all
// messages have to come again, for with them this is called again.
func (h *handler) keepUp(ctx context.Context, errs []error) {
	err := h.judge(ctx, h.desk.FollowUp(ctx))
	for i := range errs {
		errs[i] = cmp.Or(errs[i], err)
	}
}
