package world

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/rolewhy/rolewhy/functions/explain/internal/standin"
)

// The queues.
const (
	subscriber = "subscriber"
	eventQueue = "events"
	dead       = "dead"
)

func (w *World) createQueue(ctx context.Context, name string, attributes map[string]string) error {
	out, err := w.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		return fmt.Errorf("create queue %s: %w", name, err)
	}
	w.url[name] = *out.QueueUrl
	return nil
}

// Put sends an event to the function's queue, as the rule does.
func (w *World) Put(ctx context.Context, body []byte) error {
	_, err := w.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(w.url[eventQueue]), MessageBody: aws.String(string(body))})
	return err
}

// Batch is what came of one batch of messages.
type Batch struct {
	Size   int // 0: the queue was empty
	Failed int
}

// Poll hands one batch of the queue to the function, as Lambda's event source
// mapping does: what the function does not name as failed is deleted, the rest
// can be received again at once.
func (w *World) Poll(ctx context.Context, f *standin.Function) (b Batch, err error) {
	messages, err := w.receive(ctx, eventQueue)
	if err != nil || len(messages) == 0 {
		return b, err
	}
	failed, err := w.Hand(ctx, f, messages)
	if err != nil {
		return b, err
	}
	for _, m := range messages {
		if !slices.Contains(failed, *m.MessageId) {
			if err := w.remove(ctx, eventQueue, m); err != nil {
				return b, err
			}
		}
	}
	return Batch{len(messages), len(failed)}, nil
}

// Hand invokes the function with messages, and returns the ids of those that
// it names as failed: all of them where it fails as a whole.
func (w *World) Hand(ctx context.Context, f *standin.Function, messages []types.Message) (failed []string, err error) {
	raw, err := json.Marshal(w.event(messages))
	if err != nil {
		return nil, err
	}
	answer, err := f.Invoke(ctx, raw)
	if err != nil {
		return nil, err
	}
	if answer.Err != nil {
		for _, m := range messages {
			failed = append(failed, *m.MessageId)
		}
		return failed, nil
	}
	var failures events.SQSEventResponse
	if err := json.Unmarshal(answer.Payload, &failures); err != nil {
		return nil, fmt.Errorf("the function's answer %q: %w", answer.Payload, err)
	}
	for _, item := range failures.BatchItemFailures {
		failed = append(failed, item.ItemIdentifier)
	}
	return failed, nil
}

// PollAll polls until the queue is empty, and returns what came of each batch.
func (w *World) PollAll(ctx context.Context, f *standin.Function) (all []Batch, err error) {
	for {
		b, err := w.Poll(ctx, f)
		if err != nil || b.Size == 0 {
			return all, err
		}
		all = append(all, b)
	}
}

// Dead returns the messages of the dead-letter queue, and removes them.
func (w *World) Dead(ctx context.Context) ([]string, error) { return w.drain(ctx, dead) }

func (w *World) event(messages []types.Message) (e events.SQSEvent) {
	for _, m := range messages {
		e.Records = append(e.Records, events.SQSMessage{
			MessageId: *m.MessageId, ReceiptHandle: aws.ToString(m.ReceiptHandle), Body: *m.Body, Attributes: m.Attributes,
			EventSource: "aws:sqs", EventSourceARN: w.arn("sqs", eventQueue), AWSRegion: w.Config.Region,
		})
	}
	return e
}

func (w *World) drain(ctx context.Context, queue string) (bodies []string, err error) {
	for {
		messages, err := w.receive(ctx, queue)
		if err != nil || len(messages) == 0 {
			return bodies, err
		}
		for _, m := range messages {
			bodies = append(bodies, *m.Body)
			if err := w.remove(ctx, queue, m); err != nil {
				return bodies, err
			}
		}
	}
}

func (w *World) receive(ctx context.Context, queue string) ([]types.Message, error) {
	out, err := w.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(w.url[queue]), MaxNumberOfMessages: 10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
	})
	if err != nil {
		return nil, fmt.Errorf("receive from %s: %w", queue, err)
	}
	return out.Messages, nil
}

func (w *World) remove(ctx context.Context, queue string, m types.Message) error {
	_, err := w.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(w.url[queue]), ReceiptHandle: m.ReceiptHandle})
	return err
}
