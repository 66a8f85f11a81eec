// Package slack posts reports to a Slack channel through an incoming webhook.
package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Webhook gives the URL of the incoming webhook. It is asked before each
// message, and its errors must not hold the URL.
type Webhook func(ctx context.Context) (notify.Secret, error)

// Notifier posts to one incoming webhook.
type Notifier struct {
	webhook Webhook
	client  *http.Client
	pause   func(context.Context, time.Duration) error
}

// New returns a notifier that posts to the URL that webhook gives.
func New(webhook Webhook) *Notifier {
	client := &http.Client{
		Timeout: 10 * time.Second, // of one try
		// Slack does not redirect; a proxy that does must not be handed the report.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Notifier{webhook, client, pause}
}

// Notify posts the report, and tries again within the deadline of ctx where
// Slack says it is busy or does not answer.
func (n *Notifier) Notify(ctx context.Context, r *report.Report) error {
	msg, err := message(r)
	if err != nil {
		return err
	}
	body, err := json.Marshal(msg)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	url, err := n.webhook(ctx)
	if err != nil {
		return fmt.Errorf("read webhook: %w", err)
	}
	return n.deliver(ctx, url, body)
}

// tries bounds the attempts for a context without a deadline.
const tries = 6

func (n *Notifier) deliver(ctx context.Context, url notify.Secret, body []byte) error {
	backoff := time.Second
	for try := 1; ; try++ {
		err := n.post(ctx, url, body)
		var busy *busyError
		if !errors.As(err, &busy) || try == tries {
			return err
		}
		if n.pause(ctx, max(busy.after, backoff)) != nil {
			return fmt.Errorf("no time left to try again: %w", err)
		}
		backoff *= 2
	}
}

// post makes one try. Its errors name neither the URL nor a part of it.
func (n *Notifier) post(ctx context.Context, url notify.Secret, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url.Reveal(), bytes.NewReader(body))
	if err != nil {
		return errors.New("the webhook is not a URL")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := n.client.Do(req)
	if err != nil {
		return &busyError{err: withoutURL(err)}
	}
	defer resp.Body.Close()
	return check(resp, url)
}

// pause waits, or fails at once when the context would end before.
func pause(ctx context.Context, d time.Duration) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return context.DeadlineExceeded
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
