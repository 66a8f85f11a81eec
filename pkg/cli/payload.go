package cli

import (
	"bytes"
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/notify/slack"
	"github.com/rolewhy/rolewhy/pkg/notify/sns"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// payloads are the values of --output that print what a notifier would send,
// byte for byte: to try it with the service's own tools, and to see what would
// leave the account.
var payloads = map[string]func(*report.Report) ([]byte, error){
	"slack": slack.Payload,
	"sns":   sns.Payload,
}

// payload prints what would be sent for r, one payload a line.
func (p *printer) payload(r *report.Report) error {
	raw, err := payloads[p.output](r)
	if err != nil {
		return err
	}
	if _, err := p.in.Stdout.Write(append(bytes.TrimSpace(raw), '\n')); err != nil {
		return fmt.Errorf("write payload: %w", err)
	}
	return nil
}
