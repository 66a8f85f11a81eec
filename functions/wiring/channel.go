package wiring

import (
	"context"
	"log/slog"

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

// watched are channels whose every message is logged and counted, and which
// leave time to note what came of it.
func watched(list []notify.Channel, log *slog.Logger, m *metrics.Recorder) []notify.Channel {
	all := make([]notify.Channel, len(list))
	for i, c := range list {
		all[i] = notify.Channel{Name: c.Name, Notifier: &watch{c, log, m}}
	}
	return all
}

// watch is a channel under watch.
type watch struct {
	notify.Channel
	log     *slog.Logger
	metrics *metrics.Recorder
}

// Notify implements notify.Notifier.
func (w *watch) Notify(ctx context.Context, n *notify.Notice, thread string) (string, error) {
	sending, cancel := Leave(ctx, 1)
	defer cancel()
	name, err := w.Channel.Notify(sending, n, thread)
	w.tell(ctx, n, notify.Outcome{Channel: w.Name, Err: err})
	return name, err
}

func (w *watch) tell(ctx context.Context, n *notify.Notice, o notify.Outcome) {
	log := w.log.With("channel", o.Channel, "kind", n.Kind, "incident", n.Incident.ID, "notice", n.ID)
	if !o.Sent() {
		w.metrics.Count(metrics.Failed, o.Channel)
		log.ErrorContext(ctx, "not sent", "error", o.Err)
		return
	}
	w.metrics.Count(metrics.Sent, o.Channel)
	w.metrics.Count(metrics.Messages, string(n.Kind))
	if o.Err != nil {
		log.WarnContext(ctx, "sent in part", "error", o.Err)
		return
	}
	log.InfoContext(ctx, "sent")
}
