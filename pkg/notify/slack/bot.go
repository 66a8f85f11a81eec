package slack

import (
	"context"
	"fmt"
	"net/http"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Token gives the bot token of a Slack app with the scope chat:write. It is
// asked before each message, and its errors must not hold the token.
type Token func(ctx context.Context) (notify.Secret, error)

// Bot posts to one channel as a Slack app, and keeps a thread for each alert.
type Bot struct {
	token   Token
	channel string
	url     string
	poster
	threads threads
}

// NewBot returns a notifier that posts to the channel, by its id, with the
// token that token gives.
func NewBot(token func(context.Context) (notify.Secret, error), channel string) *Bot {
	return &Bot{token: token, channel: channel, url: slack.APIURL + "chat.postMessage", poster: newPoster()}
}

// Notify posts the alert and, as replies to it, what is too long for it. Where
// the alert was taken but a reply was not, the error is notify.Incomplete.
func (b *Bot) Notify(ctx context.Context, r *report.Report) error {
	alert := message(r, inThread)
	ts, err := b.send(ctx, alert, "")
	if err != nil {
		return err
	}
	s := tell(r)
	b.threads.remember(r.Fingerprint, thread{ts, s})
	for _, reply := range details(s) {
		if _, err := b.send(ctx, reply, ts); err != nil {
			return &notify.Incomplete{Err: err}
		}
	}
	return nil
}

// Follow replies to the alert of the same fingerprint with what is new in r.
// It implements notify.Follower.
func (b *Bot) Follow(ctx context.Context, r *report.Report) error {
	t, ok := b.threads.of(r.Fingerprint)
	if !ok {
		return nil
	}
	reply := followUp(r, t.told)
	if reply == nil {
		return nil
	}
	if _, err := b.send(ctx, reply, t.ts); err != nil {
		return err
	}
	b.threads.remember(r.Fingerprint, thread{t.ts, tell(r)})
	return nil
}

// send posts a message, to the thread of ts unless that is empty, and returns
// the time stamp by which Slack knows it.
func (b *Bot) send(ctx context.Context, m *slack.WebhookMessage, ts string) (sent string, err error) {
	m.Channel, m.ThreadTimestamp = b.channel, ts
	body, err := encode(m)
	if err != nil {
		return "", err
	}
	token, err := b.token(ctx)
	if err != nil {
		return "", fmt.Errorf("read token: %w", err)
	}
	header := http.Header{"Authorization": {"Bearer " + token.Reveal()}}
	err = b.deliver(ctx, func() error {
		return b.post(ctx, b.url, body, header, func(resp *http.Response) (err error) {
			sent, err = readSent(resp, token)
			return err
		})
	})
	return sent, err
}
