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

const (
	topic = "arn:aws:sns:eu-west-1:111122223333:rolewhy"
	queue = "https://sqs.eu-west-1.amazonaws.com/111122223333/rolewhy"
)

func TestLoad(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  env
		want config.Config
	}{
		{"nothing", env{}, config.Config{}},
		{
			"all of a webhook",
			env{
				config.TopicARN: topic, config.WebhookParameter: "/rolewhy/slack-webhook", config.QueueURL: queue,
				config.MemberRole: "audit/rolewhy", config.ExternalID: "o-abc:rolewhy", config.LogLevel: "debug",
			},
			config.Config{
				TopicARN: topic, WebhookParameter: "/rolewhy/slack-webhook", QueueURL: queue,
				MemberRole: "audit/rolewhy", ExternalID: "o-abc:rolewhy", LogLevel: slog.LevelDebug,
			},
		},
		{
			"a bot",
			env{config.TokenParameter: "/rolewhy/slack-token", config.Channel: "C012AB3CD"},
			config.Config{TokenParameter: "/rolewhy/slack-token", Channel: "C012AB3CD"},
		},
		{"China", env{config.TopicARN: "arn:aws-cn:sns:cn-north-1:111122223333:r"}, config.Config{TopicARN: "arn:aws-cn:sns:cn-north-1:111122223333:r"}},
		{"a queue of China", env{config.QueueURL: "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/r"}, config.Config{QueueURL: "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/r"}},
		{"GovCloud", env{config.TopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:r"}, config.Config{TopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:r"}},
		{"one-part parameter", env{config.WebhookParameter: "/webhook"}, config.Config{WebhookParameter: "/webhook"}},
		{"a member role without external id", env{config.MemberRole: "rolewhy"}, config.Config{MemberRole: "rolewhy"}},
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
		{config.TokenParameter, "xoxb-hush"},
		{config.Channel, "general"},
		{config.Channel, "#general"},
		{config.QueueURL, "rolewhy"},
		{config.QueueURL, "arn:aws:sqs:eu-west-1:111122223333:rolewhy"},
		{config.QueueURL, queue + ".fifo"},
		{config.MemberRole, "arn:aws:iam::111122223333:role/rolewhy"},
		{config.MemberRole, "/rolewhy"},
		{config.ExternalID, "x"},
		{config.ExternalID, "two words"},
		{config.LogLevel, "loud"},
	} {
		t.Run(tt.value, func(t *testing.T) {
			_, err := config.Load(env{
				config.MemberRole: "rolewhy", tt.variable: tt.value,
			}.get)
			if err == nil || !strings.Contains(err.Error(), tt.variable+": ") {
				t.Errorf("error %v, want one that names %s", err, tt.variable)
			}
		})
	}
}

func TestLoadRefusesWhatDoesNotGoTogether(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		env        env
	}{
		{"two ways to Slack", "set one of them", env{config.WebhookParameter: "/w", config.TokenParameter: "/t", config.Channel: "C012AB3CD"}},
		{"token alone", config.TokenParameter + " needs " + config.Channel, env{config.TokenParameter: "/t"}},
		{"channel alone", config.Channel + " needs " + config.TokenParameter, env{config.Channel: "C012AB3CD"}},
		{"channel of a webhook", config.Channel + " needs " + config.TokenParameter, env{config.WebhookParameter: "/w", config.Channel: "C012AB3CD"}},
		{"external id alone", config.ExternalID + " needs " + config.MemberRole, env{config.ExternalID: "abc"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Load(tt.env.get)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, tt.want)
			}
		})
	}
}

func TestLoadListsEveryFaultAndNoSecret(t *testing.T) {
	_, err := config.Load(env{
		config.TopicARN:         "rolewhy",
		config.WebhookParameter: "https://hooks.slack.com/services/T/B/hush",
		config.TokenParameter:   "xoxb-hush",
		config.Channel:          "C012AB3CD",
		config.QueueURL:         "rolewhy",
		config.MemberRole:       "a b",
		config.ExternalID:       "a b",
		config.LogLevel:         "loud",
	}.get)
	if err == nil || strings.Count(err.Error(), "\n") != 7 {
		t.Errorf("want eight lines: %v", err)
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("a secret shows: %v", err)
	}
}

// Each variable is read: setting it to what nothing is valid for must show.
func TestVariablesAreAllRead(t *testing.T) {
	for _, name := range config.Variables {
		if _, err := config.Load(env{name: " "}.get); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoadAlertingNeedsOnePlace(t *testing.T) {
	if _, err := config.LoadAlerting(env{}.get); !errors.Is(err, config.ErrNoNotifier) {
		t.Errorf("error %v, want %v", err, config.ErrNoNotifier)
	}
	for _, e := range []env{
		{config.TopicARN: topic},
		{config.WebhookParameter: "/rolewhy/slack-webhook"},
		{config.TokenParameter: "/rolewhy/slack-token", config.Channel: "C012AB3CD"},
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
