// Package slack posts reports to a Slack channel, through an incoming webhook
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

// Payload is what Notify posts to a webhook for r.
func Payload(r *report.Report) ([]byte, error) { return encode(message(r, inTerminal)) }

// Notify posts the notice, and tries again within the deadline of ctx where
// Slack says it is busy or does not answer. Webhooks know no threads.
func (n *Notifier) Notify(ctx context.Context, notice *notify.Notice, _ string) (string, error) {
	if notice.Kind == notify.Evidence {
		return "", nil
	}
	body, err := Payload(notice.Report)
	if err != nil {
		return "", err
	}
	url, err := n.webhook(ctx)
	if err != nil {
		return "", fmt.Errorf("read webhook: %w", err)
	}
	return "", n.deliver(ctx, func() error {
		return n.post(ctx, url.Reveal(), body, nil, func(resp *http.Response) error { return check(resp, url) })
	})
}
