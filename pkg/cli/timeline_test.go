package cli

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

func TestTimeline(t *testing.T) {
	for _, tt := range []struct {
		name    string
		minutes map[string]int
		want    []string
	}{
		{name: "nothing"},
		{
			name: "one minute", minutes: map[string]int{"2026-11-20T10:02": 4300},
			want: []string{"2026-11-20 10:02 to 2026-11-20 10:02 UTC, █ is 4300 in a minute", "█"},
		},
		{
			name: "minutes", minutes: map[string]int{"2026-11-20T10:02": 1, "2026-11-20T10:04": 8, "2026-11-20T10:05": 4},
			want: []string{"2026-11-20 10:02 to 2026-11-20 10:05 UTC, █ is 8 in a minute", "▁·█▄"},
		},
		{
			name: "hours", minutes: map[string]int{"2026-11-20T10:59": 2, "2026-11-20T11:00": 1, "2026-11-20T11:59": 1, "2026-11-20T18:00": 1},
			want: []string{"2026-11-20 10:00 to 2026-11-20 18:00 UTC, █ is 2 in an hour", "██······▄"},
		},
		{
			name: "more than there is room for", minutes: map[string]int{"2025-01-01T00:00": 9, "2026-11-16T00:00": 1, "2026-11-23T00:00": 1},
			want: []string{"2026-09-21 00:00 to 2026-11-23 00:00 UTC, █ is 1 in a week", "········██"},
		},
		{name: "no minutes", minutes: map[string]int{"soon": 1, "2026-11-20T10:02": 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, timeline(incident.Tally{Minutes: tt.minutes}, 10)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// However many denials there were and whenever, the picture has the width, and
// its ends show some.
func TestTimelineHasItsWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tally := incident.Tally{Minutes: map[string]int{}}
		for range rapid.IntRange(1, 30).Draw(t, "minutes") {
			at := time.Unix(60*rapid.Int64Range(20_000_000, 30_000_000).Draw(t, "minute"), 0)
			tally.Minutes[incident.Minute(at)] = rapid.IntRange(1, 100_000).Draw(t, "count")
		}
		width := rapid.IntRange(2, 100).Draw(t, "width")
		picture := timeline(tally, width)[1]
		if n := utf8.RuneCountInString(picture); n > width || strings.HasSuffix(picture, string(idle)) || !strings.Contains(picture, "█") {
			t.Fatalf("%d characters of %d: %s", n, width, picture)
		}
	})
}

func TestAge(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for want, d := range map[string]time.Duration{
		"0s": -time.Hour, "59s": 59 * time.Second, "1m": time.Minute, "59m": time.Hour - 1, "23h": 24*time.Hour - 1, "90d": 90 * 24 * time.Hour,
	} {
		if got := age(now.Add(-d), now); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
	if got := age(time.Time{}, now); got != "-" {
		t.Errorf("no time: %s", got)
	}
}
