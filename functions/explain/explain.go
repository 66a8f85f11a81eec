package main

import (
	"context"
	"reflect"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/functions/wiring"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// explanation is a denied call with the report that was made of it.
type explanation struct {
	event  *cloudtrail.Event
	report *report.Report
}

// denied tells the desk of a denied call. The explanation is nil for a
// repetition.
func (h *handler) denied(ctx context.Context, ev *cloudtrail.Event) (*explanation, error) {
	result, err := h.desk.Denied(ctx, ev)
	h.metrics.Count(metrics.Events, "")
	if result.Report == nil {
		if err == nil {
			h.metrics.Count(metrics.Repeats, "")
		}
		return nil, err
	}
	r := result.Report
	h.log.InfoContext(ctx, "explained", "incident", r.Fingerprint, "verdict", r.Verdict, "caller", r.Caller,
		"causes", h.count(r), "account", r.Event.Account, "role", r.Event.Role, "gaps", len(r.Gaps), "news", result.News)
	return &explanation{ev, r}, err
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
	if r.Verdict == report.Unexplained {
		h.metrics.Count(metrics.Unexplained, "")
	}
	if r.Caller == report.Stranger {
		h.metrics.Count(metrics.Strangers, "")
	}
	return causes
}

// edited tells the desk of an edit, to which it looks at what is there now.
func (h *handler) edited(ctx context.Context, ev *cloudtrail.Event, c cloudtrail.Change) error {
	h.metrics.Count(metrics.Edits, "")
	h.account.Forget(c)
	h.log.InfoContext(ctx, "edited", "name", c.Name, "account", c.Account, "role", c.Role, "provider", c.Provider)
	return h.desk.Edited(ctx, ev)
}

// addEvidence explains again the calls of which evidence was too slow, once it
// has come, and has the desk tell what is new. It is a service on top: that it
// fails is logged.
func (h *handler) addEvidence(ctx context.Context, explained []*explanation) {
	if !h.threads || !anyGaps(explained) {
		return
	}
	waiting, cancel := wiring.Leave(ctx, 2)
	defer cancel()
	if !h.account.Settled(waiting) {
		return
	}
	for _, e := range explained {
		if e == nil {
			continue
		}
		now := h.explain(ctx, e.event)
		if reflect.DeepEqual(now, e.report) {
			continue
		}
		if err := h.desk.Evidence(ctx, e.event, e.report, now); err != nil {
			h.log.ErrorContext(ctx, "evidence not added", "incident", now.Fingerprint, "eventId", e.event.ID, "error", err)
		}
	}
}

func anyGaps(explained []*explanation) bool {
	for _, e := range explained {
		if e != nil && len(e.report.Gaps) > 0 {
			return true
		}
	}
	return false
}
