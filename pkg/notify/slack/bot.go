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

// Notify posts the alert and, as replies to it, what is too long for it. Where
// the alert was taken but a reply was not, the error is notify.Incomplete.
func (b *Bot) Notify(ctx context.Context, n *notify.Notice, thread string) (string, error) {
	if n.Kind == notify.Evidence {
		return thread, b.follow(ctx, n, thread)
	}
	ts, err := b.send(ctx, message(n.Report, inThread), thread)
	if err != nil {
		return "", err
	}
	for _, reply := range details(tell(n.Report)) {
		if _, err := b.send(ctx, reply, ts); err != nil {
			return ts, &notify.Incomplete{Err: err}
		}
	}
	return ts, nil
}

// follow replies to the alert with what is new.
func (b *Bot) follow(ctx context.Context, n *notify.Notice, thread string) error {
	reply := followUp(n.Report, tell(n.Was))
	if reply == nil || thread == "" {
		return nil
	}
	_, err := b.send(ctx, reply, thread)
	return err
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
