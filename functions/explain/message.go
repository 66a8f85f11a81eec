package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// message is one thing to deal with: an EventBridge event, or a report that
// waits for some channels.
type message struct {
	id       string // of SQS; empty where the event came without a queue
	received string // how often SQS has handed it out
	body     []byte
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

// denied reads the one failed call of an EventBridge event.
func denied(raw []byte) (*cloudtrail.Event, error) {
	var found *cloudtrail.Event
	for ev, err := range cloudtrail.NewReader(bytes.NewReader(raw), "event").Events() {
		switch {
		case err != nil:
			return nil, fmt.Errorf("read event: %w", err)
		case found != nil:
			return nil, errors.New("more than one CloudTrail record in the event")
		case !ev.IsWebIdentity():
			return nil, fmt.Errorf("not an AssumeRoleWithWebIdentity call: %q of %q", ev.Name, ev.Source)
		case !ev.Failed():
			return nil, fmt.Errorf("the call did not fail: event %q has no errorCode", ev.ID)
		}
		found = ev
	}
	if found == nil {
		return nil, errors.New("no CloudTrail record in the event")
	}
	return found, nil
}
