package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
	"github.com/rolewhy/rolewhy/functions/explain/internal/world"
)

// What Slack says to the bot, and what comes of it: the alert in the end, once,
// and by SNS once.
func TestBotFailures(t *testing.T) {
	for _, tt := range []struct {
		name  string
		slack http.HandlerFunc
		waits bool // it is left to functions/followup
	}{
		{"takes it", nil, false},
		{"is busy", standin.Refuse(429, `{"ok":false,"error":"ratelimited"}`, "Retry-After", "1"), false},
		{"is busy for long", standin.Refuse(429, `{"ok":false,"error":"ratelimited"}`, "Retry-After", "60"), true},
		{"refuses", standin.Refuse(200, `{"ok":false,"error":"not_in_channel"}`), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, trusted(t), world.Bot(places.Slack)...)
			noHistory(s)
			if tt.slack != nil {
				places.Slack.Next(tt.slack)
			}
			s.put(t, trusted(t).Raw)
			s.pollAll(t)
			s.later(t, 2*time.Minute)
			messages, _ := places.Slack.Take()
			alerts := 0
			for _, m := range messages {
				if m.ThreadTS == "" {
					alerts++
				}
			}
			if got := s.received(t); alerts != 1 || len(got) != 1 {
				t.Errorf("%d alerts and %d SNS messages\n%s", alerts, len(got), s.function.Logs())
			}
			if waited := strings.Contains(s.function.Logs(), `"msg":"outstanding"`); waited != tt.waits {
				t.Errorf("left to followup: %t", waited)
			}
			s.checkSecrets(t)
		})
	}
}
