package wiring

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// How the time of an invocation is divided.
func TestTimes(t *testing.T) {
	for _, tt := range []struct{ left, evidence, sending, settling, answer time.Duration }{
		{60 * time.Second, 28 * time.Second, 56 * time.Second, 52 * time.Second, 59 * time.Second},
		{10 * time.Second, 4 * time.Second, 8 * time.Second, 6 * time.Second, 9500 * time.Millisecond},
		{time.Second, 400 * time.Millisecond, 800 * time.Millisecond, 600 * time.Millisecond, 950 * time.Millisecond},
		{-time.Second, -time.Second, -time.Second, -time.Second, -time.Second},
	} {
		t.Run(tt.left.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.left)
				defer cancel()
				for name, part := range map[string]struct {
					of   func(context.Context) (context.Context, context.CancelFunc)
					want time.Duration
				}{
					"evidence": {evidenceTime, tt.evidence},
					"sending":  {func(ctx context.Context) (context.Context, context.CancelFunc) { return Leave(ctx, 1) }, tt.sending},
					"answer":   {Answer, tt.answer},
					"settling": {func(ctx context.Context) (context.Context, context.CancelFunc) { return Leave(ctx, 2) }, tt.settling},
				} {
					got, cancel := part.of(ctx)
					defer cancel()
					if end, _ := got.Deadline(); time.Until(end) != part.want {
						t.Errorf("%s gets %v, want %v", name, time.Until(end), part.want)
					}
				}
			})
		})
	}
}

func TestWithoutDeadlineThereIsNoLimit(t *testing.T) {
	evidence, cancel := evidenceTime(t.Context())
	defer cancel()
	sending, cancel := Leave(t.Context(), 1)
	defer cancel()
	answer, cancel := Answer(t.Context())
	defer cancel()
	for _, ctx := range []context.Context{evidence, sending, answer} {
		if _, limited := ctx.Deadline(); limited {
			t.Error("there is one")
		}
	}
}
