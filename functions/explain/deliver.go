package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/rolewhy/rolewhy/functions/explain/internal/metrics"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// deliver sends a report to the named channels at the same time. Where only
// some of them take it, it puts the report into the queue for the others, so
// that trying again does not repeat it to those that have it. With an error
// the message that the report came from has to come again. It returns what the
// channels call the message.
func (h *handler) deliver(ctx context.Context, p plan, log *slog.Logger, r *report.Report, names []string) (threads map[string]string, err error) {
	sending, cancel := until(ctx, p.send)
	defer cancel()
	chosen := h.choose(names)
	var missing []string
	var errs []error
	threads = map[string]string{}
	for _, o := range notify.Send(sending, chosen, notify.ForReport(r), nil) {
		threads[o.Channel] = o.Thread
		if !o.Sent() {
			missing = append(missing, o.Channel)
			errs = append(errs, fmt.Errorf("%s: %w", o.Channel, o.Err))
		}
		h.outcome(ctx, log, "sent", o)
	}
	switch {
	case len(missing) == 0:
		h.left.forget(r.Event.ID)
		return threads, nil
	case len(missing) == len(chosen):
		return nil, errors.Join(errs...)
	}
	if err := h.requeue(ctx, p, log, waiting{Channels: missing, Report: r}); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	return threads, nil
}

// choose returns the channels of those names. One that is no longer configured
// is nobody's wish any more.
func (h *handler) choose(names []string) []notify.Channel {
	return slices.DeleteFunc(slices.Clone(h.channels), func(c notify.Channel) bool {
		return !slices.Contains(names, c.Name)
	})
}

// requeue hands a report to the queue. Where that fails, the channels that
// miss it are kept in mind for the next try of the same event in this process.
func (h *handler) requeue(ctx context.Context, p plan, log *slog.Logger, w waiting) error {
	err := errNoQueue
	if h.queue != nil {
		ctx, cancel := until(ctx, p.requeue)
		defer cancel()
		err = h.queue.put(ctx, w)
	}
	if err != nil {
		h.left.remember(w.Report.Event.ID, w.Channels)
		log.ErrorContext(ctx, "not queued", "channels", w.Channels, "error", err)
		return err
	}
	h.left.forget(w.Report.Event.ID)
	h.metrics.Count(metrics.Waiting, "")
	log.WarnContext(ctx, "queued", "channels", w.Channels)
	return nil
}

// outcome logs and counts what came of one channel; done is the word for a
// success.
func (h *handler) outcome(ctx context.Context, log *slog.Logger, done string, o notify.Outcome) {
	log = log.With("channel", o.Channel)
	switch {
	case o.Err == nil:
		h.metrics.Count(metrics.Sent, o.Channel)
		log.InfoContext(ctx, done)
	case o.Sent():
		h.metrics.Count(metrics.Sent, o.Channel)
		log.WarnContext(ctx, done+" in part", "error", o.Err)
	default:
		h.metrics.Count(metrics.Failed, o.Channel)
		log.ErrorContext(ctx, "not "+done, "error", o.Err)
	}
}
