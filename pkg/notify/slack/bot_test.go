package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

const channel = "C0123456789"

var token = notify.NewSecret("xoxb-hushhushhush")

// posted is what the bot sent in one message.
type posted struct {
	payload
	Channel   string
	Thread    string `json:"thread_ts"`
	Broadcast bool   `json:"reply_broadcast"`
	auth      string
}

// workspace answers one call after the other, and with a time stamp from the
// last on; posts are the messages it got.
type workspace struct {
	*httptest.Server
	answers []answer
	posts   []posted
}

func newWorkspace(t *testing.T, answers ...answer) *workspace {
	t.Helper()
	w := &workspace{answers: answers}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		p := posted{auth: req.Header.Get("Authorization")}
		if err := json.NewDecoder(req.Body).Decode(&p); err != nil {
			t.Error(err)
		}
		w.posts = append(w.posts, p)
		a := answer{200, fmt.Sprintf(`{"ok":true,"ts":"1790000000.%06d"}`, len(w.posts)), ""}
		if n := len(w.posts); n <= len(w.answers) && w.answers[n-1].body != "" {
			a = w.answers[n-1]
		}
		if a.after != "" {
			rw.Header().Set("Retry-After", a.after)
		}
		rw.WriteHeader(a.status)
		io.WriteString(rw, a.body)
	}))
	t.Cleanup(w.Close)
	return w
}

// bot posts to w and notes its pauses instead of taking them.
func (w *workspace) bot(left time.Duration) (b *Bot, pauses *[]time.Duration) {
	b = NewBot(func(context.Context) (notify.Secret, error) { return token, nil }, channel)
	b.url = w.URL + "/api/chat.postMessage"
	b.pause, pauses = noted(left)
	return b, pauses
}

// noted is a pause that is not taken but noted, with time for at most left.
func noted(left time.Duration) (func(context.Context, time.Duration) error, *[]time.Duration) {
	pauses := &[]time.Duration{}
	return func(_ context.Context, d time.Duration) error {
		if d > left {
			return context.DeadlineExceeded
		}
		*pauses = append(*pauses, d)
		return nil
	}, pauses
}

// outline is the fallback of every message, with its thread in front.
func (w *workspace) outline() (lines []string) {
	for _, p := range w.posts {
		lines = append(lines, p.Thread+" "+p.Text)
	}
	return lines
}

func TestBotPutsTheLongPartsIntoTheThread(t *testing.T) {
	w := newWorkspace(t)
	b, _ := w.bot(0)
	if _, err := b.Notify(t.Context(), notify.ForReport(notifytest.Samples(t)["subject-mismatch"]), ""); err != nil {
		t.Fatal(err)
	}
	const ts = "1790000000.000001"
	want := []string{
		" 🔴 repo acme/api (GitHub Actions) could not assume role deploy in 111122223333",
		ts + " The change of the trust policy", ts + " To run", ts + " Terraform",
	}
	if d := cmp.Diff(want, w.outline()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	for _, p := range w.posts {
		if p.Channel != channel || p.auth != "Bearer "+token.Reveal() {
			t.Errorf("posted to %q as %q", p.Channel, p.auth)
		}
	}
}

func TestBotSaysNothingMoreOfStrangers(t *testing.T) {
	w := newWorkspace(t)
	b, _ := w.bot(0)
	if _, err := b.Notify(t.Context(), notify.ForReport(notifytest.Samples(t)["stranger"]), ""); err != nil || len(w.posts) != 1 {
		t.Errorf("%d posts, error %v", len(w.posts), err)
	}
}

// The address that a bot posts to is Slack's own.
func TestBotPostsToSlack(t *testing.T) {
	if got := NewBot(nil, channel).url; got != "https://slack.com/api/chat.postMessage" {
		t.Errorf("posts to %s", got)
	}
}

func TestBotErrors(t *testing.T) {
	const s = time.Second
	for _, tt := range []struct {
		name    string
		answers []answer
		pauses  []time.Duration
		err     string
	}{
		{"taken", nil, nil, ""},
		{"not in the channel", []answer{{200, `{"ok":false,"error":"not_in_channel"}`, ""}}, nil, "slack answered: not_in_channel: invite the app to the channel"},
		{"no such channel", []answer{{200, `{"ok":false,"error":"channel_not_found"}`, ""}}, nil, "slack answered: channel_not_found: give the id of a channel"},
		{"bad token", []answer{{200, `{"ok":false,"error":"invalid_auth"}`, ""}}, nil, "slack answered: invalid_auth: the token is not valid"},
		{"no scope", []answer{{200, `{"ok":false,"error":"missing_scope","needed":"chat:write"}`, ""}}, nil, "slack answered: missing_scope: the token needs the scope chat:write"},
		{"bad blocks", []answer{{200, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] no more than 50 items"]}}`, ""}}, nil, "slack answered: invalid_blocks: [ERROR] no more than 50 items"},
		{"an error that is new", []answer{{200, `{"ok":false,"error":"moon_phase"}`, ""}}, nil, "slack answered: moon_phase"},
		{"no error", []answer{{200, `{"ok":false}`, ""}}, nil, "slack answered: neither an error nor a time stamp"},
		{"ok without a time stamp", []answer{{200, `{"ok":true}`, ""}}, nil, "slack answered: neither an error nor a time stamp"},
		{"no JSON", []answer{{200, "<html>", ""}}, nil, "slack answered 200: <html>"},
		{"refused", []answer{{403, "no", ""}}, nil, "slack answered 403: no"},
		{"busy", []answer{{429, "slow", "7"}}, []time.Duration{7 * s}, ""},
		{"busy with an error", []answer{{200, `{"ok":false,"error":"ratelimited"}`, "3"}}, []time.Duration{3 * s}, ""},
		{"failing", []answer{{500, "x", ""}, {503, "x", ""}}, []time.Duration{s, 2 * s}, ""},
		{"failing with an error", []answer{{200, `{"ok":false,"error":"internal_error"}`, ""}}, []time.Duration{s}, ""},
		{"busy for too long", []answer{{429, "slow", "60"}}, nil, "no time left to try again: slack answered 429: slow"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorkspace(t, tt.answers...)
			b, pauses := w.bot(30 * s)
			_, err := b.Notify(t.Context(), notify.ForReport(&report.Report{}), "")
			if got := errorText(err); !strings.HasPrefix(got, tt.err) || (tt.err == "") != (err == nil) {
				t.Errorf("error %q, want %q", got, tt.err)
			}
			if !cmp.Equal(*pauses, append([]time.Duration{}, tt.pauses...)) || len(w.posts) != len(tt.pauses)+1 {
				t.Errorf("%d posts, paused %v, want %v", len(w.posts), *pauses, tt.pauses)
			}
		})
	}
}

// An alert without its replies is an alert: sending it again would be one too
// many.
func TestBotTellsThatTheThreadIsIncomplete(t *testing.T) {
	w := newWorkspace(t, answer{}, answer{}, answer{200, `{"ok":false,"error":"restricted_action"}`, ""})
	b, _ := w.bot(0)
	_, err := b.Notify(t.Context(), notify.ForReport(notifytest.Samples(t)["subject-mismatch"]), "")
	var incomplete *notify.Incomplete
	if !errors.As(err, &incomplete) || !strings.Contains(err.Error(), "restricted_action") || len(w.posts) != 3 {
		t.Errorf("%d posts, error %v", len(w.posts), err)
	}
}

func TestBotErrorsHoldNoToken(t *testing.T) {
	refused := errors.New("refused")
	tokenless := NewBot(func(context.Context) (notify.Secret, error) { return notify.Secret{}, refused }, channel)
	if _, err := tokenless.Notify(t.Context(), notify.ForReport(&report.Report{}), ""); !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
	for name, body := range map[string]string{
		"echo": "you sent " + token.Reveal(), "error": `{"error":"` + token.Reveal() + `"}`,
		"metadata": `{"error":"e","response_metadata":{"messages":["` + token.Reveal() + `"]}}`,
		"the end":  strings.Repeat("x", 4096-len(token.Reveal())/2) + token.Reveal(),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, answer{400, body, ""}, answer{200, body, ""})
			b, _ := w.bot(0)
			for range 2 {
				_, err := b.Notify(t.Context(), notify.ForReport(&report.Report{}), "")
				if err == nil {
					t.Fatal("no error")
				}
				notifytest.NoSecret(t, token, err, b)
			}
		})
	}
}
