package main

import (
	"errors"
	"testing"
)

func TestFollowUp(t *testing.T) {
	for _, tt := range []struct {
		name     string
		news     bool
		err      error
		settled  int
		followed int
	}{
		{"news", true, nil, 1, 1},
		{"no news", false, nil, 1, 0},
		{"not sent at all", true, errors.New("down"), 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench()
			b.channels = b.channels[1:]
			b.account.news, b.slack.err, b.slack.thread = tt.news, tt.err, "1.2"
			_, _ = b.handle(t.Context(), realRecord(t).Raw)
			if b.account.settled != tt.settled || len(b.slack.followed) != tt.followed {
				t.Errorf("settled %d times, followed up %d times", b.account.settled, len(b.slack.followed))
			}
			for _, r := range b.slack.followed {
				if r.Findings[0].Code != "role-not-found" {
					t.Errorf("followed up with %+v", r.Findings)
				}
			}
		})
	}
}

// Where no channel has threads, nothing is waited for.
func TestNoFollowUpWithoutThreads(t *testing.T) {
	b := newBench()
	b.account.news = true
	_, err := b.handle(t.Context(), realRecord(t).Raw)
	if check(t, err); b.account.settled != 0 {
		t.Error("waited")
	}
}
