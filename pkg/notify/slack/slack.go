// Package slack posts notices to a Slack channel, through an incoming webhook
// or as a bot.
package slack

import (
	"context"
	"fmt"
	"net/http"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Webhook gives the URL of the incoming webhook. It is asked before each
// message, and its errors must not hold the URL.
type Webhook func(ctx context.Context) (notify.Secret, error)

// Notifier posts to one incoming webhook.
type Notifier struct {
	webhook Webhook
	poster
}

// New returns a notifier that posts to the URL that webhook gives.
func New(webhook Webhook) *Notifier { return &Notifier{webhook, newPoster()} }

// Messages are the payloads that are sent for n, the message first: to a
// webhook, or threaded by a bot, with the replies that belong to it. They are
// none where there is nothing to say. An error tells what n lacks.
func Messages(n *notify.Notice, threaded bool) ([][]byte, error) {
	d := byWebhook
	if threaded {
		d = place(n, "the alert")
	}
	return encoded(n, d)
}

// place is where a bot puts a notice. What tells of many incidents stands in
// the channel.
func place(n *notify.Notice, thread string) destination {
	if thread == "" || n.Kind == notify.Alert || n.Kind == notify.Provider || n.Kind == notify.Digest || n.Kind == notify.Security {
		return inChannel
	}
	return inThread
}

func encoded(n *notify.Notice, d destination) (payloads [][]byte, err error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	for _, m := range messages(n, d) {
		raw, err := encode(m)
		if err != nil {
			return nil, err
		}
		payloads = append(payloads, raw)
	}
	return payloads, nil
}

// Payload is what is posted to a webhook for r alone.
func Payload(r *report.Report) ([]byte, error) {
	return encode(alert(notify.ForReport(r), byWebhook)[0])
}

// Notify posts the notice, and tries again within the deadline of ctx where
// Slack says it is busy or does not answer. Webhooks know no threads.
func (n *Notifier) Notify(ctx context.Context, notice *notify.Notice, _ string) (string, error) {
	bodies, err := encoded(notice, byWebhook)
	if err != nil || len(bodies) == 0 {
		return "", err
	}
	url, err := n.webhook(ctx)
	if err != nil {
		return "", fmt.Errorf("read webhook: %w", err)
	}
	return "", n.deliver(ctx, func() error {
		return n.post(ctx, url.Reveal(), bodies[0], nil, func(resp *http.Response) error { return check(resp, url) })
	})
}
