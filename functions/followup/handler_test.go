package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

// fake is desk and account; it notes the order of what it is asked.
type fake struct {
	err   error
	asked []string
}

func (f *fake) FollowUp(context.Context) error {
	f.asked = append(f.asked, "follow up")
	return f.err
}

func (f *fake) Renew() { f.asked = append(f.asked, "renew") }

// A run fails where something is lost without another one, and not where a
// channel is out of reach.
func TestHandle(t *testing.T) {
	down := errors.New("down")
	late := fmt.Errorf("slack: %w: %w", incident.ErrOutstanding, down)
	for _, tt := range []struct {
		name    string
		err     error
		fails   bool
		log     string
		numbers string
	}{
		{"all is well", nil, false, "", ""},
		{"a channel is out of reach", late, false, `"msg":"outstanding"`, `"Outstanding":[1]`},
		{"the table is", down, true, `"msg":"failed"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log, numbers bytes.Buffer
			f := &fake{err: tt.err}
			h := &handler{f, f, metrics.New(&numbers, "followup"), slog.New(slog.NewJSONHandler(&log, nil))}
			if err := h.handle(t.Context()); (err != nil) != tt.fails {
				t.Errorf("error %v", err)
			}
			if strings.Join(f.asked, ", ") != "renew, follow up" {
				t.Errorf("asked to %s", f.asked)
			}
			if !strings.Contains(log.String(), tt.log) || !strings.Contains(numbers.String(), tt.numbers) || (log.Len() == 0) != (tt.err == nil) {
				t.Errorf("log %s, metrics %s", log.String(), numbers.String())
			}
		})
	}
}
