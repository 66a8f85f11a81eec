package wiring

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/slack"
	"github.com/rolewhy/rolewhy/pkg/notify/sns"
)

// channels lists the places that cfg names.
func channels(cfg config.Config, awsCfg aws.Config) (list []notify.Channel) {
	if cfg.TopicARN != "" {
		list = append(list, notify.Channel{Name: "sns", Notifier: sns.New(awsCfg, cfg.TopicARN)})
	}
	if cfg.WebhookParameter != "" {
		webhook := &parameter{client: ssm.NewFromConfig(awsCfg), name: cfg.WebhookParameter}
		list = append(list, notify.Channel{Name: "slack", Notifier: slack.New(webhook.read)})
	}
	if cfg.TokenParameter != "" {
		token := &parameter{client: ssm.NewFromConfig(awsCfg), name: cfg.TokenParameter}
		list = append(list, notify.Channel{Name: "slack", Notifier: slack.NewBot(token.read, cfg.Channel)})
	}
	return list
}

// counted are channels whose messages are counted, and which leave time to note
// what came of them.
func counted(list []notify.Channel, m *metrics.Recorder) []notify.Channel {
	all := make([]notify.Channel, len(list))
	for i, c := range list {
		all[i] = notify.Channel{Name: c.Name, Notifier: &counter{c, m}}
	}
	return all
}

// counter is a channel that counts.
type counter struct {
	notify.Channel
	metrics *metrics.Recorder
}

// Notify implements notify.Notifier.
func (c *counter) Notify(ctx context.Context, n *notify.Notice, thread string) (string, error) {
	ctx, cancel := Leave(ctx, 1)
	defer cancel()
	name, err := c.Channel.Notify(ctx, n, thread)
	if o := (notify.Outcome{Err: err}); !o.Sent() {
		c.metrics.Count(metrics.Failed, c.Name)
		return name, err
	}
	c.metrics.Count(metrics.Sent, c.Name)
	c.metrics.Count(metrics.Messages, string(n.Kind))
	return name, err
}
