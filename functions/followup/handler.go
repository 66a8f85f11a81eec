package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/functions/wiring"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

// handler looks after incidents once for each event.
type handler struct {
	desk    interface{ FollowUp(context.Context) error }
	account interface{ Renew() }
	metrics *metrics.Recorder
	log     *slog.Logger
}

// handle takes any event: that it comes is all that it says. What a channel did
// not take is no failure of the run, for it is kept; an alarm looks at the
// metric.
func (h *handler) handle(ctx context.Context) error {
	defer func() { h.metrics.Flush(time.Now()) }()
	ctx, cancel := wiring.Answer(wiring.Request(ctx))
	defer cancel()
	h.account.Renew() // an answer to an edit rests on what is there now
	err := h.desk.FollowUp(ctx)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, incident.ErrOutstanding):
		h.metrics.Count(metrics.Outstanding, "")
		h.log.WarnContext(ctx, "outstanding", "error", err)
		return nil
	}
	h.log.ErrorContext(ctx, "failed", "error", err)
	return err
}
