// Package sns publishes notices to an Amazon SNS topic, in a form for each
// kind of subscriber.
package sns

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Notifier publishes to one topic.
type Notifier struct {
	client interface {
		Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
	}
	topic string
}

// New returns a notifier for the topic, which may be in another region than
// the configuration's.
func New(cfg aws.Config, topicARN string) *Notifier {
	client := sns.NewFromConfig(cfg, func(o *sns.Options) {
		if a, err := arn.Parse(topicARN); err == nil {
			o.Region = a.Region
		}
	})
	return &Notifier{client, topicARN}
}

// Notify publishes the notice. SNS knows no threads, and what came late for an
// alert is not published: it would be a second one.
func (n *Notifier) Notify(ctx context.Context, notice *notify.Notice, _ string) (string, error) {
	if notice.Kind == notify.Evidence {
		return "", nil
	}
	p, err := publication(notice)
	if err != nil {
		return "", err
	}
	if _, err = n.client.Publish(ctx, p.input(n.topic)); err != nil {
		return "", fmt.Errorf("publish to %s: %w", n.topic, err)
	}
	return "", nil
}

// Payload is what Notify publishes for r alone, in the form that the AWS CLI
// reads: aws sns publish --topic-arn ARN --cli-input-json file://payload.json
func Payload(r *report.Report) ([]byte, error) {
	p, err := publication(notify.ForReport(r))
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode payload: %w", err)
	}
	return raw, nil
}

// payload is what is published, apart from the topic.
type payload struct {
	Subject           string
	Message           string
	MessageStructure  string
	MessageAttributes map[string]attribute
}

// attribute is a message attribute.
type attribute struct{ DataType, StringValue string }

func (p *payload) input(topic string) *sns.PublishInput {
	attributes := make(map[string]types.MessageAttributeValue, len(p.MessageAttributes))
	for name, a := range p.MessageAttributes {
		attributes[name] = types.MessageAttributeValue{DataType: &a.DataType, StringValue: &a.StringValue}
	}
	return &sns.PublishInput{
		TopicArn: &topic, Subject: &p.Subject, Message: &p.Message,
		MessageStructure: &p.MessageStructure, MessageAttributes: attributes,
	}
}

// publication is the payload for n. It takes at most 256 KiB, attributes
// included, which is what SNS takes:
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func publication(n *notify.Notice) (*payload, error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	variants, err := variantsOf(n)
	if err != nil {
		return nil, err
	}
	message, err := json.Marshal(variants)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	return &payload{subject(n), string(message), "json", attributes(n)}, nil
}

// maxSubject is in characters. SNS wants less than 100 of ASCII that begin
// with a letter, digit or punctuation mark and hold no control character.
const maxSubject = 99

// subject is the title in ASCII. The prefix begins it with a letter whatever
// the notice holds.
func subject(n *notify.Notice) string {
	return notify.Cut(ascii("rolewhy: "+notify.Title(n)), maxSubject, "...")
}

func ascii(s string) string {
	return strings.Map(func(c rune) rune {
		if c > '~' {
			return '?'
		}
		return c
	}, s)
}
