// Package config reads the settings of every entry point from the environment.
// None of them is a secret: a secret is named by where it is kept.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// The variables; template.yaml sets the same ones.
const (
	TopicARN         = "ROLEWHY_SNS_TOPIC_ARN"
	WebhookParameter = "ROLEWHY_SLACK_WEBHOOK_PARAMETER"
	TokenParameter   = "ROLEWHY_SLACK_TOKEN_PARAMETER"
	Channel          = "ROLEWHY_SLACK_CHANNEL"
	QueueURL         = "ROLEWHY_QUEUE_URL"
	MemberRole       = "ROLEWHY_MEMBER_ROLE"
	ExternalID       = "ROLEWHY_EXTERNAL_ID"
	LogLevel         = "ROLEWHY_LOG_LEVEL"
)

// Variables lists them all.
var Variables = []string{TopicARN, WebhookParameter, TokenParameter, Channel, QueueURL, MemberRole, ExternalID, LogLevel}

// Config is what can be set. An empty string says that it is not.
type Config struct {
	TopicARN         string // SNS topic for reports
	WebhookParameter string // SSM SecureString with the URL of a Slack incoming webhook
	TokenParameter   string // SSM SecureString with the bot token of a Slack app; excludes WebhookParameter
	Channel          string // id of the Slack channel that the bot posts to; goes with TokenParameter
	QueueURL         string // SQS queue that takes reports which a part of the channels did not take
	MemberRole       string // name, with its path, of the role that is assumed to read another account
	ExternalID       string // that MemberRole asks for; goes with MemberRole
	LogLevel         slog.Level
}

// ErrNoNotifier says that reports would go nowhere.
var ErrNoNotifier = fmt.Errorf("nowhere to send reports: set %s, %s or %s", TopicARN, WebhookParameter, TokenParameter)

// Load reads the settings through getenv, for example os.Getenv. Its error
// lists every fault at once.
func Load(getenv func(string) string) (Config, error) {
	c := Config{
		TopicARN:         getenv(TopicARN),
		WebhookParameter: getenv(WebhookParameter),
		TokenParameter:   getenv(TokenParameter),
		Channel:          getenv(Channel),
		QueueURL:         getenv(QueueURL),
		MemberRole:       getenv(MemberRole),
		ExternalID:       getenv(ExternalID),
	}
	return c, errors.Join(c.check(), setLevel(&c.LogLevel, getenv(LogLevel)))
}

// LoadAlerting is Load for an entry point that sends reports, so that at least
// one place to send them to is needed.
func LoadAlerting(getenv func(string) string) (Config, error) {
	c, err := Load(getenv)
	if c.TopicARN == "" && c.WebhookParameter == "" && c.TokenParameter == "" {
		err = errors.Join(err, ErrNoNotifier)
	}
	return c, err
}

// Logger returns a logger that writes JSON lines of the level that is set.
func (c Config) Logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.LogLevel}))
}

func setLevel(level *slog.Level, s string) error {
	if s == "" {
		return nil
	}
	if err := level.UnmarshalText([]byte(s)); err != nil {
		return fmt.Errorf("%s: %q is not one of DEBUG, INFO, WARN, ERROR", LogLevel, s)
	}
	return nil
}
