package config_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/config"
)

type env map[string]string

func (e env) get(name string) string { return e[name] }

func TestLoad(t *testing.T) {
	const topic = "arn:aws:sns:eu-west-1:111122223333:rolewhy"
	for _, tt := range []struct {
		name string
		env  env
		want config.Config
	}{
		{"nothing", env{}, config.Config{}},
		{"all", env{config.TopicARN: topic, config.WebhookParameter: "/rolewhy/slack-webhook", config.LogLevel: "debug"}, config.Config{topic, "/rolewhy/slack-webhook", slog.LevelDebug}},
		{"China", env{config.TopicARN: "arn:aws-cn:sns:cn-north-1:111122223333:r"}, config.Config{TopicARN: "arn:aws-cn:sns:cn-north-1:111122223333:r"}},
		{"GovCloud", env{config.TopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:r"}, config.Config{TopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:r"}},
		{"one-part parameter", env{config.WebhookParameter: "/webhook"}, config.Config{WebhookParameter: "/webhook"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := config.Load(tt.env.get)
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, tt := range []struct{ variable, value string }{
		{config.TopicARN, "rolewhy"},
		{config.TopicARN, "arn:aws:sns:eu-west-1:111122223333:rolewhy.fifo"},
		{config.TopicARN, "arn:aws:sqs:eu-west-1:111122223333:rolewhy"},
		{config.TopicARN, "arn:aws:sns:eu-west-1:111122223333:rolewhy\n"},
		{config.WebhookParameter, "slack-webhook"},
		{config.WebhookParameter, "/rolewhy/"},
		{config.WebhookParameter, "https://hooks.slack.com/services/T/B/hush"},
		{config.LogLevel, "loud"},
	} {
		t.Run(tt.value, func(t *testing.T) {
			_, err := config.Load(env{tt.variable: tt.value}.get)
			if err == nil || !strings.Contains(err.Error(), tt.variable) {
				t.Errorf("error %v, want one that names %s", err, tt.variable)
			}
		})
	}
}

func TestLoadListsEveryFaultAndNoSecret(t *testing.T) {
	_, err := config.Load(env{
		config.TopicARN:         "rolewhy",
		config.WebhookParameter: "https://hooks.slack.com/services/T/B/hush",
		config.LogLevel:         "loud",
	}.get)
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("want three lines: %v", err)
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("the webhook shows: %v", err)
	}
}

func TestLoadAlertingNeedsOnePlace(t *testing.T) {
	if _, err := config.LoadAlerting(env{}.get); !errors.Is(err, config.ErrNoNotifier) {
		t.Errorf("error %v, want %v", err, config.ErrNoNotifier)
	}
	for _, e := range []env{
		{config.TopicARN: "arn:aws:sns:eu-west-1:111122223333:rolewhy"},
		{config.WebhookParameter: "/rolewhy/slack-webhook"},
	} {
		if _, err := config.LoadAlerting(e.get); err != nil {
			t.Errorf("%v: %v", e, err)
		}
	}
	if _, err := config.LoadAlerting(env{config.TopicARN: "x"}.get); err == nil || errors.Is(err, config.ErrNoNotifier) {
		t.Errorf("a faulty topic counts as none: %v", err)
	}
}

func TestLoggerWritesJSONOfTheLevel(t *testing.T) {
	var b bytes.Buffer
	log := config.Config{LogLevel: slog.LevelWarn}.Logger(&b)
	log.Info("quiet")
	log.Warn("loud", "k", "v")
	if got := b.String(); !strings.HasPrefix(got, `{"time":`) || !strings.HasSuffix(got, `"level":"WARN","msg":"loud","k":"v"}`+"\n") || strings.Count(got, "\n") != 1 {
		t.Errorf("logged %s", got)
	}
}
