package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// poster posts JSON and tries again where that can help.
type poster struct {
	client *http.Client
	pause  func(context.Context, time.Duration) error
}

func newPoster() poster {
	client := &http.Client{
		Timeout: 10 * time.Second, // of one try
		// Slack does not redirect; a proxy that does must not be handed the report.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return poster{client, pause}
}

// tries bounds the attempts for a context without a deadline.
const tries = 6

// deliver calls try until it succeeds, fails for good, or no time is left.
func (p *poster) deliver(ctx context.Context, try func() error) error {
	backoff := time.Second
	for n := 1; ; n++ {
		err := try()
		var busy *busyError
		if !errors.As(err, &busy) || n == tries {
			return err
		}
		if p.pause(ctx, max(busy.after, backoff)) != nil {
			return fmt.Errorf("no time left to try again: %w", err)
		}
		backoff *= 2
	}
}

// post makes one try and has the answer read. Its errors name neither the URL
// nor a part of it.
func (p *poster) post(ctx context.Context, url string, body []byte, header http.Header, read func(*http.Response) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address to post to is not a URL")
	}
	maps.Copy(req.Header, header)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := p.client.Do(req)
	if err != nil {
		return &busyError{err: withoutURL(err)}
	}
	defer resp.Body.Close()
	return read(resp)
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
