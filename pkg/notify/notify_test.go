package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

type notifierFunc func(thread string) (string, error)

func (f notifierFunc) Notify(_ context.Context, _ *notify.Notice, thread string) (string, error) {
	return f(thread)
}

// A channel that fails and one that waits for another must not keep the others
// from sending.
func TestSendReachesEveryChannel(t *testing.T) {
	down, sent := errors.New("down"), make(chan struct{})
	got := notify.Send(t.Context(), []notify.Channel{
		{Name: "failing", Notifier: notifierFunc(func(string) (string, error) { return "", down })},
		{Name: "slow", Notifier: notifierFunc(func(string) (string, error) { <-sent; return "", nil })},
		{Name: "fine", Notifier: notifierFunc(func(thread string) (string, error) { close(sent); return "reply to " + thread, nil })},
	}, &notify.Notice{}, map[string]string{"fine": "1.2", "other": "3.4"})
	want := []notify.Outcome{{"failing", "", down}, {"slow", "", nil}, {"fine", "reply to 1.2", nil}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSentEvenIfIncomplete(t *testing.T) {
	down := errors.New("down")
	for _, tt := range []struct {
		err  error
		sent bool
	}{{nil, true}, {down, false}, {&notify.Incomplete{Err: down}, true}, {fmt.Errorf("slack: %w", &notify.Incomplete{Err: down}), true}} {
		if got := (notify.Outcome{Err: tt.err}).Sent(); got != tt.sent {
			t.Errorf("%v: sent %t, want %t", tt.err, got, tt.sent)
		}
	}
	if err := error(&notify.Incomplete{Err: down}); !errors.Is(err, down) || !strings.Contains(err.Error(), "the alert was sent") {
		t.Errorf("error %v", err)
	}
}

func TestSecretShowsNowhere(t *testing.T) {
	const value = "https://hooks.slack.example/services/T/B/hush"
	s := notify.NewSecret(value)
	if s.Reveal() != value {
		t.Errorf("Reveal() = %q", s.Reveal())
	}
	type holder struct{ Webhook notify.Secret }
	encoded, err := json.Marshal(holder{s})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "secret", s, "holder", holder{s}, "pointer", &s)
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "secret", s, "holder", holder{s})
	notifytest.NoSecret(t, s, s, &s, holder{s}, &holder{s}, string(encoded), log.String(), fmt.Errorf("bad: %v", s))
	if string(encoded) != `{"Webhook":"[redacted]"}` {
		t.Errorf("encoded as %s", encoded)
	}
}

func TestHeadlineIsOneLine(t *testing.T) {
	notifytest.Each(t, func(t *testing.T, r *report.Report) {
		headline := notify.Headline(r)
		notifytest.Printable(t, headline)
		if headline == "" || strings.Contains(headline, "\n") {
			t.Errorf("headline %q", headline)
		}
	})
}

func TestHeadlineSetsStrangersApart(t *testing.T) {
	r := notifytest.Report("x")
	stranger := notify.Headline(r)
	r.Caller = report.Known
	if known := notify.Headline(r); stranger != "Stranger refused: "+known {
		t.Errorf("stranger %q, known %q", stranger, known)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"plain text":         "plain text",
		" a \r\n\t b ":       "a b",
		"a\x1b[31mb\x00c":    "a [31mb c",
		"a\u202eb\u200bc":    "a b c",
		"a\u2028b\u00a0c":    "a b c",
		"a\xffb\ufffdc":      "a b c",
		"größe \U0001F600 ✓": "größe \U0001F600 ✓",
	} {
		if got := notify.Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		want  string
	}{
		{"fits", 4, "fits"},
		{"too long", 6, "too..."},
		{"ééé", 5, "é..."},
		{"ééé", 4, "..."},
		{"anything", 2, "an"},
		{"anything", 0, ""},
	} {
		if got := notify.Cut(tt.in, tt.limit, "..."); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

func TestCutKeepsItsPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, note := rapid.String().Draw(t, "s"), rapid.String().Draw(t, "note")
		limit := rapid.IntRange(0, 60).Draw(t, "limit")
		got := notify.Cut(s, limit, note)
		if len(got) > limit || !utf8.ValidString(got) {
			t.Errorf("Cut(%q, %d, %q) = %q", s, limit, note, got)
		}
		if len(s) <= limit && got != s {
			t.Errorf("Cut(%q, %d, %q) = %q, though it fits", s, limit, note, got)
		}
	})
}
