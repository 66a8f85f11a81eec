package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// handler explains one event and sends the report to every channel.
type handler struct {
	account  diagnose.Account
	channels []notify.Channel
	log      *slog.Logger
}

// handle takes an EventBridge event. It fails where the event is not a failed
// AssumeRoleWithWebIdentity call, and where a channel did not take the report,
// so that Lambda tries again.
func (h *handler) handle(ctx context.Context, raw json.RawMessage) error {
	log := h.log
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("requestId", lc.AwsRequestID)
	}
	ev, err := denied(raw)
	if err != nil {
		log.ErrorContext(ctx, "refused", "error", err)
		return err
	}
	r := h.explain(ctx, ev)
	log = log.With("fingerprint", r.Fingerprint, "eventId", ev.ID)
	log.InfoContext(ctx, "explained", "verdict", r.Verdict, "caller", r.Caller, "causes", causes(r), "role", r.Event.Role, "gaps", len(r.Gaps))
	return send(ctx, log, h.channels, r)
}

// denied reads the one failed call of an event.
func denied(raw []byte) (*cloudtrail.Event, error) {
	var found *cloudtrail.Event
	for ev, err := range cloudtrail.NewReader(bytes.NewReader(raw), "event").Events() {
		switch {
		case err != nil:
			return nil, fmt.Errorf("read event: %w", err)
		case found != nil:
			return nil, errors.New("more than one CloudTrail record in the event")
		case !ev.IsWebIdentity():
			return nil, fmt.Errorf("not an AssumeRoleWithWebIdentity call: %q of %q", ev.Name, ev.Source)
		case !ev.Failed():
			return nil, fmt.Errorf("the call did not fail: event %q has no errorCode", ev.ID)
		}
		found = ev
	}
	if found == nil {
		return nil, errors.New("no CloudTrail record in the event")
	}
	return found, nil
}

// explain leaves half of the time for sending: what AWS has not told by then
// is a gap in the report.
func (h *handler) explain(ctx context.Context, ev *cloudtrail.Event) *report.Report {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/2)
		defer cancel()
	}
	return diagnose.Explain(ctx, h.account, ev, diagnose.Options{})
}

// send logs what came of every channel and joins their errors.
func send(ctx context.Context, log *slog.Logger, channels []notify.Channel, r *report.Report) error {
	var errs []error
	for _, o := range notify.Send(ctx, channels, r) {
		if o.Err != nil {
			log.ErrorContext(ctx, "not sent", "channel", o.Channel, "error", o.Err)
			errs = append(errs, fmt.Errorf("%s: %w", o.Channel, o.Err))
			continue
		}
		log.InfoContext(ctx, "sent", "channel", o.Channel)
	}
	return errors.Join(errs...)
}

func causes(r *report.Report) []report.Code {
	codes := []report.Code{}
	for _, f := range r.Findings {
		codes = append(codes, f.Code)
	}
	return codes
}
