package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/rolewhy/rolewhy/functions/explain/internal/metrics"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// handler explains failed calls and sends the reports to every channel.
type handler struct {
	account  account
	channels []notify.Channel
	queue    *queue // nil: a report cannot wait for a part of the channels
	left     leftovers
	log      *slog.Logger
	metrics  *metrics.Recorder
}

// account is where evidence comes from.
type account interface {
	diagnose.Account
	// Begin starts reading all that the diagnosis of an event asks for.
	Begin(*cloudtrail.Event)
	// Alias is the name of an account, "" where it has none or it is not known.
	Alias(ctx context.Context, account string) string
	// Settled waits for evidence that was too slow for a report, and tells
	// whether any of it has come.
	Settled(context.Context) bool
}

// handle takes an EventBridge event, or a batch of SQS messages that hold
// events. Of a batch it names the messages that have to come again; otherwise
// it fails where the event has to, or where it is none.
func (h *handler) handle(ctx context.Context, raw json.RawMessage) (any, error) {
	defer func() { h.metrics.Flush(time.Now()) }()
	log := h.log
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("requestId", lc.AwsRequestID)
	}
	batch, err := readBatch(raw)
	if err != nil {
		log.ErrorContext(ctx, "refused", "error", err)
		return nil, err
	}
	if batch == nil {
		return nil, h.all(ctx, log, []message{{body: raw}})[0]
	}
	return answer(batch, h.all(ctx, log, batch)), nil
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
// them are sent. The errors are in the order of the messages.
func (h *handler) all(ctx context.Context, log *slog.Logger, messages []message) []error {
	p := newPlan(ctx, time.Now())
	sent, errs := make([]*explained, len(messages)), make([]error, len(messages))
	var wg sync.WaitGroup
	for i, m := range messages {
		wg.Go(func() {
			log := log
			if m.id != "" {
				log = log.With("messageId", m.id, "received", m.received)
			}
			sent[i], errs[i] = h.guard(ctx, p, log, m)
		})
	}
	wg.Wait()
	h.followUp(ctx, p, sent)
	return errs
}

// guard keeps the fault of one message from the others of its batch.
func (h *handler) guard(ctx context.Context, p plan, log *slog.Logger, m message) (sent *explained, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
			log.ErrorContext(ctx, "failed", "error", err, "stack", string(debug.Stack()))
		}
	}()
	return h.deal(ctx, p, log, m)
}

// deal brings one message to an end: with no error every channel has the
// report, or the queue has it for those that are missing. The explained event
// is nil where there is nothing to follow up.
func (h *handler) deal(ctx context.Context, p plan, log *slog.Logger, m message) (*explained, error) {
	if w, ok := readWaiting(m.body); ok {
		_, err := h.deliver(ctx, p, logReport(log, w.Report), w.Report, w.Channels)
		return nil, err
	}
	ev, err := denied(m.body)
	if err != nil {
		h.metrics.Count(metrics.Poison, "")
		log.ErrorContext(ctx, "refused", "error", err)
		return nil, err
	}
	start := time.Now()
	if !ev.Time.IsZero() {
		h.metrics.Observe(metrics.EventAge, start.Sub(ev.Time).Seconds())
	}
	e := &explained{event: ev, log: log}
	h.explain(ctx, p, e)
	e.threads, err = h.deliver(ctx, p, e.log, e.report, h.left.of(ev.ID, h.names()))
	h.metrics.Observe(metrics.Duration, float64(time.Since(start).Milliseconds()))
	if err != nil {
		return nil, err
	}
	return e, nil
}

// names are those of all channels.
func (h *handler) names() []string {
	names := make([]string, len(h.channels))
	for i, c := range h.channels {
		names[i] = c.Name
	}
	return names
}
