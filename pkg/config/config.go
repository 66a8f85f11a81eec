// Package config reads the settings of every entry point from the environment.
// None of them is a secret: a secret is named by where it is kept.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
)

// The variables; template.yaml sets the same ones.
const (
	TopicARN         = "ROLEWHY_SNS_TOPIC_ARN"
	WebhookParameter = "ROLEWHY_SLACK_WEBHOOK_PARAMETER"
	LogLevel         = "ROLEWHY_LOG_LEVEL"
)

// Config is what can be set.
type Config struct {
	TopicARN         string // SNS topic for reports; empty: none
	WebhookParameter string // SSM SecureString with the URL of a Slack incoming webhook; empty: none
	LogLevel         slog.Level
}

// ErrNoNotifier says that reports would go nowhere.
var ErrNoNotifier = fmt.Errorf("nowhere to send reports: set %s, %s or both", TopicARN, WebhookParameter)

// Load reads the settings through getenv, for example os.Getenv. Its error
// lists every fault at once.
func Load(getenv func(string) string) (Config, error) {
	c := Config{TopicARN: getenv(TopicARN), WebhookParameter: getenv(WebhookParameter)}
	return c, errors.Join(
		checkTopic(c.TopicARN),
		checkParameter(c.WebhookParameter),
		setLevel(&c.LogLevel, getenv(LogLevel)),
	)
}

// LoadAlerting is Load for an entry point that sends reports, so that at least
// one place to send them to is needed.
func LoadAlerting(getenv func(string) string) (Config, error) {
	c, err := Load(getenv)
	if c.TopicARN == "" && c.WebhookParameter == "" {
		err = errors.Join(err, ErrNoNotifier)
	}
	return c, err
}

// Logger returns a logger that writes JSON lines of the level that is set.
func (c Config) Logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: c.LogLevel}))
}

// topicForm leaves out FIFO topics, which need a message group with every
// message.
var topicForm = regexp.MustCompile(`^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`)

func checkTopic(s string) error {
	if s == "" || topicForm.MatchString(s) {
		return nil
	}
	return fmt.Errorf("%s: %q is not the ARN of a standard SNS topic", TopicARN, s)
}

// parameterForm is a path as template.yaml grants it, see
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
var parameterForm = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+)+$`)

// checkParameter does not repeat the value: it may be the webhook itself, set
// here by mistake.
func checkParameter(s string) error {
	if s == "" || parameterForm.MatchString(s) {
		return nil
	}
	return fmt.Errorf("%s: not the name of an SSM parameter such as /rolewhy/slack-webhook (the webhook's URL belongs into that parameter, not here)", WebhookParameter)
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
