package main

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/metrics"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// explained is an event with the report that was made of it.
type explained struct {
	event   *cloudtrail.Event
	report  *report.Report
	threads map[string]string // by channel
	log     *slog.Logger
}

// explain makes the report of an event. What AWS has not told in time is a gap
// in it.
func (h *handler) explain(ctx context.Context, p plan, e *explained) {
	ctx, cancel := until(ctx, p.evidence)
	defer cancel()
	h.account.Begin(e.event)
	r := h.diagnose(ctx, e.event)
	e.report, e.log = r, logReport(e.log, r)
	causes := h.count(r)
	e.log.InfoContext(ctx, "explained", "verdict", r.Verdict, "caller", r.Caller, "causes", causes,
		"account", r.Event.Account, "role", r.Event.Role, "gaps", len(r.Gaps))
}

// count tells the metrics of a report, and returns its causes as far as they
// are more than possible.
func (h *handler) count(r *report.Report) []report.Code {
	causes := []report.Code{}
	for _, f := range r.Findings {
		if f.Certainty != report.Possible {
			causes = append(causes, f.Code)
			h.metrics.Count(metrics.Causes, string(f.Code))
		}
	}
	h.metrics.Count(metrics.Events, "")
	if r.Verdict == report.Unexplained {
		h.metrics.Count(metrics.Unexplained, "")
	}
	if r.Caller == report.Stranger {
		h.metrics.Count(metrics.Strangers, "")
	}
	return causes
}

// followUp explains again the events of which evidence was too slow, once it
// has come, and tells the channels that can add to a message. It is a service
// on top: that it fails is logged.
func (h *handler) followUp(ctx context.Context, p plan, sent []*explained) {
	if !anyThreadWithGaps(sent) {
		return
	}
	ctx, cancel := until(ctx, p.send)
	defer cancel()
	if !h.account.Settled(ctx) {
		return
	}
	for _, e := range sent {
		if e == nil {
			continue
		}
		r := h.diagnose(ctx, e.event)
		if reflect.DeepEqual(r, e.report) {
			continue
		}
		h.addTo(ctx, e, r)
	}
}

// addTo tells what is new in r in the threads of e.
func (h *handler) addTo(ctx context.Context, e *explained, r *report.Report) {
	n := notify.ForReport(r)
	n.Kind, n.Was = notify.Evidence, e.report
	threaded := slices.DeleteFunc(slices.Clone(h.channels), func(c notify.Channel) bool { return e.threads[c.Name] == "" })
	for _, o := range notify.Send(ctx, threaded, n, e.threads) {
		h.outcome(ctx, e.log, "followed up", o)
	}
}

// anyThreadWithGaps reports whether something could be added to a message.
func anyThreadWithGaps(sent []*explained) bool {
	for _, e := range sent {
		if e == nil || len(e.report.Gaps) == 0 {
			continue
		}
		for _, thread := range e.threads {
			if thread != "" {
				return true
			}
		}
	}
	return false
}

// logReport is log with what names the report in it.
func logReport(log *slog.Logger, r *report.Report) *slog.Logger {
	return log.With("fingerprint", r.Fingerprint, "eventId", r.Event.ID)
}

// plan splits what is left of an invocation: a half of it for evidence, the
// rest for sending, and before Lambda's deadline some time in which reports
// can still go back to the queue and the answer be given. A zero time is no
// limit.
type plan struct{ evidence, send, requeue time.Time }

// reserve is the most that is kept for the queue and the answer.
const reserve = 4 * time.Second

func newPlan(ctx context.Context, now time.Time) plan {
	deadline, ok := ctx.Deadline()
	if !ok {
		return plan{}
	}
	left := max(deadline.Sub(now), 0)
	kept := min(left/5, reserve)
	return plan{
		evidence: now.Add((left - kept) / 2),
		send:     deadline.Add(-kept),
		requeue:  deadline.Add(-kept / 4),
	}
}

// until is ctx with a deadline.
func until(ctx context.Context, end time.Time) (context.Context, context.CancelFunc) {
	if end.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, end)
}

// diagnose explains an event with what the account shows, its name included.
func (h *handler) diagnose(ctx context.Context, ev *cloudtrail.Event) *report.Report {
	r := diagnose.Explain(ctx, h.account, ev, diagnose.Options{})
	r.Event.AccountAlias = h.account.Alias(ctx, r.Event.Account)
	return r
}
