package main

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestPlan(t *testing.T) {
	now := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ left, evidence, send, requeue time.Duration }{
		{60 * time.Second, 28 * time.Second, 56 * time.Second, 59 * time.Second},
		{10 * time.Second, 4 * time.Second, 8 * time.Second, 9500 * time.Millisecond},
		{time.Second, 400 * time.Millisecond, 800 * time.Millisecond, 950 * time.Millisecond},
		{-time.Second, 0, -time.Second, -time.Second},
	} {
		ctx, cancel := context.WithDeadline(t.Context(), now.Add(tt.left))
		want := plan{now.Add(tt.evidence), now.Add(tt.send), now.Add(tt.requeue)}
		if got := newPlan(ctx, now); got != want {
			t.Errorf("%v left: %v, want %v", tt.left, got, want)
		}
		cancel()
	}
	if got := newPlan(t.Context(), now); got != (plan{}) {
		t.Errorf("without a deadline: %v", got)
	}
	ctx, cancel := until(t.Context(), time.Time{})
	defer cancel()
	if _, limited := ctx.Deadline(); limited {
		t.Error("no limit is one")
	}
}

func TestLeftoversAreBounded(t *testing.T) {
	var l leftovers
	for i := range 3 * maxLeftovers {
		l.remember(fmt.Sprint(i), []string{"sns"})
	}
	if len(l.channels) > maxLeftovers {
		t.Errorf("%d kept", len(l.channels))
	}
	l.remember("", []string{"sns"})
	if got := l.of("", []string{"all"}); got[0] != "all" {
		t.Error("an event without id is remembered")
	}
}
