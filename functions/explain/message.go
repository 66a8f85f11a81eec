package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-lambda-go/events"

	"github.com/rolewhy/rolewhy/functions/wiring"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// message is one thing to deal with: an EventBridge event.
type message struct {
	id       string // of SQS; empty where the event came without a queue
	received string // how often SQS has handed it out
	body     []byte
}

// named makes log lines name the message.
func (m message) named(ctx context.Context) context.Context {
	if m.id == "" {
		return ctx
	}
	return wiring.With(ctx, "messageId", m.id, "received", m.received)
}

// readBatch returns the messages of a batch from SQS, and nil for what looks
// like an EventBridge event.
func readBatch(raw []byte) ([]message, error) {
	var e struct {
		Records []events.SQSMessage
		Source  string
		Detail  json.RawMessage
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("neither an EventBridge event nor a batch of SQS messages: %w", err)
	}
	if e.Source != "" && e.Detail != nil {
		return nil, nil
	}
	if len(e.Records) == 0 {
		return nil, errors.New(`neither an EventBridge event, which has "source" and "detail", nor a batch of SQS messages, which has "Records"`)
	}
	batch := make([]message, len(e.Records))
	for i, r := range e.Records {
		if r.EventSource != "aws:sqs" || r.MessageId == "" {
			return nil, fmt.Errorf("record %d is no SQS message: its eventSource is %q", i+1, r.EventSource)
		}
		batch[i] = message{r.MessageId, r.Attributes["ApproximateReceiveCount"], []byte(r.Body)}
	}
	return batch, nil
}

// readEvent reads the one record of an EventBridge event: of a denied call, or
// of an edit of a role or a provider.
func readEvent(raw []byte) (*cloudtrail.Event, error) {
	var found *cloudtrail.Event
	for ev, err := range cloudtrail.NewReader(bytes.NewReader(raw), "event").Events() {
		switch {
		case err != nil:
			return nil, fmt.Errorf("read event: %w", err)
		case found != nil:
			return nil, errors.New("more than one CloudTrail record in the event")
		}
		found = ev
	}
	if found == nil {
		return nil, errors.New("no CloudTrail record in the event")
	}
	return found, fault(found)
}

// fault is why there is nothing to do about a record, nil where there is.
func fault(ev *cloudtrail.Event) error {
	_, edit, err := ev.Change()
	switch {
	case edit, ev.IsWebIdentity() && ev.Failed():
		return nil
	case ev.IsWebIdentity():
		return fmt.Errorf("the call did not fail: event %q has no errorCode", ev.ID)
	case err != nil:
		return fmt.Errorf("event %q: %w", ev.ID, err)
	case slices.Contains(cloudtrail.ChangeNames, ev.Name):
		return fmt.Errorf("event %q tells of no edit: the call %q of %q failed, or is none of IAM", ev.ID, ev.Name, ev.Source)
	}
	return fmt.Errorf("neither an AssumeRoleWithWebIdentity call nor an edit of a role or a provider: %q of %q", ev.Name, ev.Source)
}
