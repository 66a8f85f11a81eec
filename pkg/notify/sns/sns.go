// Package sns publishes reports to an Amazon SNS topic.
package sns

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// SNS takes a message of 256 KiB, attributes included, and a subject of less
// than 100 ASCII characters that begins with a letter, digit or punctuation
// mark and has no control character:
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const (
	maxMessage = 250_000
	maxSubject = 99
	cutNote    = "\n[The rest is left out: the report is longer than SNS takes.]\n"
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

// Notify publishes the text of the report.
func (n *Notifier) Notify(ctx context.Context, r *report.Report) error {
	text, err := notify.Text(r)
	if err != nil {
		return err
	}
	_, err = n.client.Publish(ctx, &sns.PublishInput{
		TopicArn: &n.topic,
		Subject:  aws.String(subject(r)),
		Message:  aws.String(notify.Cut(text, maxMessage, cutNote)),
	})
	if err != nil {
		return fmt.Errorf("publish to %s: %w", n.topic, err)
	}
	return nil
}

// subject is the headline in ASCII. The prefix begins it with a letter whatever
// the report holds.
func subject(r *report.Report) string {
	ascii := strings.Map(func(c rune) rune {
		if c > '~' {
			return '?'
		}
		return c
	}, "rolewhy: "+notify.Headline(r))
	return notify.Cut(ascii, maxSubject, "...")
}
