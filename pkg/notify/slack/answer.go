package slack

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// busyError is a failure after which another try can help.
type busyError struct {
	err   error
	after time.Duration // as Slack asked; 0 where it did not
}

func (e *busyError) Error() string { return e.err.Error() }
func (e *busyError) Unwrap() error { return e.err }

// check reads a webhook's answer. An incoming webhook took the message only when
// it answers 200 with the body "ok":
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
func check(resp *http.Response, secret notify.Secret) error {
	const enough = 4096
	raw, err := io.ReadAll(io.LimitReader(resp.Body, enough))
	if err != nil && resp.StatusCode == http.StatusOK {
		return fmt.Errorf("read Slack's answer: %w", err)
	}
	if resp.StatusCode == http.StatusOK && strings.TrimSpace(string(raw)) == "ok" {
		return nil
	}
	return refusal(resp, raw, secret)
}

// longestError bounds what is quoted of an answer, in bytes.
const longestError = 200

// refusal is the error for an answer that is none of success.
func refusal(resp *http.Response, body []byte, secret notify.Secret) error {
	err := fmt.Errorf("slack answered %d: %s", resp.StatusCode, quote(string(body), secret))
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
		return &busyError{err, retryAfter(resp.Header)}
	}
	return err
}

// quote makes part of an answer fit for an error: one printable line without
// the secret.
func quote(text string, secret notify.Secret) string {
	if value := secret.Reveal(); value != "" {
		text = strings.ReplaceAll(text, value, secret.String())
	}
	return notify.Cut(notify.Clean(text), longestError, "…")
}

// retryAfter reads the header in its form of whole seconds, the one Slack
// sends: https://docs.slack.dev/apis/web-api/rate-limits
func retryAfter(h http.Header) time.Duration {
	s, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(max(s, 0)) * time.Second
}

// withoutURL drops the address that net/http puts in front of its errors: the
// URL of a webhook is all that is needed to post to it.
func withoutURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
