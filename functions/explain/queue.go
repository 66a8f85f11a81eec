package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// waiting is a report that some channels have not taken yet, as it lies in the
// queue.
type waiting struct {
	Schema   string         `json:"schema"` // waitingSchema
	Channels []string       `json:"channels"`
	Report   *report.Report `json:"report"`
}

const waitingSchema = "rolewhy.waiting/1"

// readWaiting tells whether a message is a report that waits.
func readWaiting(body []byte) (w waiting, ok bool) {
	err := json.Unmarshal(body, &w)
	return w, err == nil && w.Schema == waitingSchema && w.Report != nil
}

// queue is the one from which the function gets its events.
type queue struct {
	client interface {
		SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	}
	url string
}

var errNoQueue = errors.New("no queue for the report: " + config.QueueURL + " is not set")

func (q *queue) put(ctx context.Context, w waiting) error {
	w.Schema = waitingSchema
	body, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	_, err = q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String(string(body))})
	if err != nil {
		return fmt.Errorf("send to %s: %w", q.url, err)
	}
	return nil
}

// leftovers keeps in mind which channels have not taken the report of an event
// that could not go back to the queue either: SQS or Lambda hands out the event
// again, and with luck to this process. The zero value is ready for use.
type leftovers struct {
	mu       sync.Mutex
	channels map[string][]string // by event id
}

// maxLeftovers bounds the memory; beyond it a retry repeats reports.
const maxLeftovers = 1000

func (l *leftovers) remember(event string, channels []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.channels == nil || len(l.channels) >= maxLeftovers {
		l.channels = map[string][]string{}
	}
	if event != "" {
		l.channels[event] = channels
	}
}

func (l *leftovers) forget(event string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.channels, event)
}

// of returns the channels that miss the report of an event: all of them where
// nothing is known.
func (l *leftovers) of(event string, all []string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if channels, ok := l.channels[event]; ok {
		return channels
	}
	return all
}
