package slack

import (
	"context"
	"fmt"
	"net/http"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
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
}

// NewBot returns a notifier that posts to the channel, by its id, with the
// token that token gives.
func NewBot(token func(context.Context) (notify.Secret, error), channel string) *Bot {
	return &Bot{token: token, channel: channel, url: slack.APIURL + "chat.postMessage", poster: newPoster()}
}

// Notify posts the notice, as a reply where it belongs to a thread, and in
// replies what is too long for it. It returns the thread, which a message of
// its own begins. Where the message was taken but a reply was not, the error is
// notify.Incomplete.
func (b *Bot) Notify(ctx context.Context, n *notify.Notice, thread string) (string, error) {
	if err := n.Check(); err != nil {
		return "", err
	}
	d := place(n, thread)
	if d == inChannel {
		thread = ""
	}
	for i, m := range messages(n, d) {
		ts, err := b.send(ctx, m, thread)
		switch {
		case err != nil && i == 0:
			return "", err
		case err != nil:
			return thread, &notify.Incomplete{Err: err}
		case thread == "":
			thread = ts
		}
	}
	return thread, nil
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
