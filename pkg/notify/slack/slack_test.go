package slack

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
)

// answer is what the server says to one post.
type answer struct {
	status int
	body   string
	after  string // Retry-After
}

// serve answers one post after the other, and ok from the last on.
func serve(t *testing.T, answers ...answer) (secret notify.Secret, posts *int) {
	t.Helper()
	posts = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if !strings.HasPrefix(req.Header.Get("Content-Type"), "application/json") || !strings.HasPrefix(string(body), "{") {
			t.Errorf("posted %s: %.60s", req.Header.Get("Content-Type"), body)
		}
		a := answer{200, "ok", ""}
		if *posts < len(answers) {
			a = answers[*posts]
		}
		*posts++
		if a.after != "" {
			w.Header().Set("Retry-After", a.after)
		}
		if a.status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(a.status)
		io.WriteString(w, a.body)
	}))
	t.Cleanup(s.Close)
	return notify.NewSecret(s.URL + "/services/T/B/hushhushhush"), posts
}

// at is a notifier for one URL that notes its pauses instead of taking them,
// and has time for at most left.
func at(secret notify.Secret, left time.Duration) (n *Notifier, pauses *[]time.Duration) {
	n = New(func(context.Context) (notify.Secret, error) { return secret, nil })
	n.pause, pauses = noted(left)
	return n, pauses
}

func TestNotify(t *testing.T) {
	const s = time.Second
	busy := answer{503, "busy", ""}
	for _, tt := range []struct {
		name    string
		answers []answer
		pauses  []time.Duration
		err     string
	}{
		{"taken", nil, nil, ""},
		{"taken with a line end", []answer{{200, "ok\n", ""}}, nil, ""},
		{"200 without ok", []answer{{200, "invalid_token", ""}}, nil, "slack answered 200: invalid_token"},
		{"empty 200", []answer{{200, "", ""}}, nil, "slack answered 200: "},
		{"bad payload", []answer{{400, "invalid_payload", ""}}, nil, "slack answered 400: invalid_payload"},
		{"revoked", []answer{{404, "no_service", ""}}, nil, "slack answered 404: no_service"},
		{"archived", []answer{{410, "channel_is_archived", ""}}, nil, "slack answered 410: channel_is_archived"},
		{"redirect", []answer{{302, "", ""}}, nil, "slack answered 302: "},
		{"hostile body", []answer{{403, "a\x1b[31mb\nc" + strings.Repeat("d", 9999), ""}}, nil, "slack answered 403: a [31mb c" + strings.Repeat("d", 188) + "…"},
		{"busy, then taken", []answer{{429, "", "7"}}, []time.Duration{7 * s}, ""},
		{"busy without a time", []answer{{429, "", ""}, {429, "", "soon"}, {429, "", "-3"}}, []time.Duration{s, 2 * s, 4 * s}, ""},
		{"failing, then taken", []answer{busy, {500, "", ""}}, []time.Duration{s, 2 * s}, ""},
		{"busy for too long", []answer{{429, "rate_limited", "60"}}, nil, "no time left to try again: slack answered 429: rate_limited"},
		{"busy for ever", []answer{busy, busy, busy, busy, busy, busy}, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s}, "slack answered 503: busy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			secret, posts := serve(t, tt.answers...)
			n, pauses := at(secret, 30*s)
			_, err := n.Notify(t.Context(), notify.ForReport(notifytest.Report("x")), "")
			if got := errorText(err); got != tt.err {
				t.Errorf("error %q, want %q", got, tt.err)
			}
			if !cmp.Equal(*pauses, append([]time.Duration{}, tt.pauses...)) {
				t.Errorf("paused %v, want %v", *pauses, tt.pauses)
			}
			if *posts != len(tt.pauses)+1 {
				t.Errorf("%d posts after %d pauses", *posts, len(tt.pauses))
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Whatever goes wrong, the webhook is not told.
func TestErrorsHoldNoSecret(t *testing.T) {
	gone, _ := serve(t)
	echo, _ := serve(t, answer{400, "no such url: ", ""})
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, secret := range map[string]notify.Secret{
		"no connection":  notify.NewSecret(closed.URL + "/services/T/B/hushhushhush"),
		"no URL":         notify.NewSecret("http://[::1/services/hushhushhush"),
		"unknown scheme": notify.NewSecret("gopher://slack/services/hushhushhush"),
		"control":        notify.NewSecret("https://slack/services/\x7f/hushhushhush"),
		"refused":        echo,
		"no time at all": gone,
		"no such host":   notify.NewSecret("http://slack.invalid/services/hushhushhush"),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if name == "no time at all" {
				var cancel context.CancelFunc
				ctx, cancel = context.WithCancel(ctx)
				cancel()
			}
			n, _ := at(secret, 0)
			_, err := n.Notify(ctx, notify.ForReport(notifytest.Report("x")), "")
			if err == nil {
				t.Fatal("no error")
			}
			notifytest.NoSecret(t, secret, err, errors.Unwrap(err), n)
		})
	}
}

func TestAnswerThatEchoesTheSecret(t *testing.T) {
	secret := notify.NewSecret("https://slack.example/services/T/B/hushhushhush")
	resp := &http.Response{StatusCode: 400, Body: io.NopCloser(strings.NewReader("cannot post to " + secret.Reveal()))}
	err := check(resp, secret)
	notifytest.NoSecret(t, secret, err)
	if want := "slack answered 400: cannot post to [redacted]"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestNotifyTellsThatThereIsNoWebhook(t *testing.T) {
	refused := errors.New("refused")
	n := New(func(context.Context) (notify.Secret, error) { return notify.Secret{}, refused })
	if _, err := n.Notify(t.Context(), notify.ForReport(notifytest.Report("x")), ""); !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
}

func TestPause(t *testing.T) {
	soon, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := pause(soon, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a pause beyond the deadline: %v", err)
	}
	if err := pause(soon, 0); err != nil {
		t.Errorf("no pause: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pause(over, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("a pause of a call that is over: %v", err)
	}
}
