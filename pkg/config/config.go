// Package config reads the settings of every entry point from the environment.
// None of them is a secret: a secret is named by where it is kept.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// The variables; template.yaml sets the same ones.
const (
	TopicARN         = "ROLEWHY_SNS_TOPIC_ARN"
	WebhookParameter = "ROLEWHY_SLACK_WEBHOOK_PARAMETER"
	TokenParameter   = "ROLEWHY_SLACK_TOKEN_PARAMETER"
	Channel          = "ROLEWHY_SLACK_CHANNEL"
	MemberRole       = "ROLEWHY_MEMBER_ROLE"
	ExternalID       = "ROLEWHY_EXTERNAL_ID"
	Table            = "ROLEWHY_TABLE"
	UpdateAfter      = "ROLEWHY_UPDATE_AFTER"
	QuietAfter       = "ROLEWHY_QUIET_AFTER"
	AlertsPerRole    = "ROLEWHY_ALERTS_PER_ROLE"
	AlertsPerHour    = "ROLEWHY_ALERTS_PER_HOUR"
	RulesParameter   = "ROLEWHY_RULES_PARAMETER"
	LogLevel         = "ROLEWHY_LOG_LEVEL"
)

// Variables lists them all.
var Variables = []string{
	TopicARN, WebhookParameter, TokenParameter, Channel, MemberRole, ExternalID,
	Table, UpdateAfter, QuietAfter, AlertsPerRole, AlertsPerHour, RulesParameter, LogLevel,
}

// Config is what can be set. An empty string, a zero and nil say that it is
// not.
type Config struct {
	TopicARN         string // SNS topic for reports
	WebhookParameter string // SSM SecureString with the URL of a Slack incoming webhook
	TokenParameter   string // SSM SecureString with the bot token of a Slack app; excludes WebhookParameter
	Channel          string // id of the Slack channel that the bot posts to; goes with TokenParameter
	MemberRole       string // name, with its path, of the role that is assumed to read another account
	ExternalID       string // that MemberRole asks for; goes with MemberRole
	Table            string // DynamoDB table of the incidents; without one they are kept in memory
	RulesParameter   string // SSM parameter with the rules that keep incidents quiet

	UpdateAfter   []time.Duration // from the alert to the first update, from that to the second and so on; the last repeats
	QuietAfter    time.Duration   // time without a denial after which an incident is no longer open
	AlertsPerRole int             // in an hour; more go into a digest
	AlertsPerHour int             // for all roles; more go into a digest

	LogLevel slog.Level
}

// What is missing for an entry point.
var (
	// ErrNoNotifier says that reports would go nowhere.
	ErrNoNotifier = fmt.Errorf("nowhere to send reports: set %s, %s or %s", TopicARN, WebhookParameter, TokenParameter)
	// ErrNoTable says that there is nothing to look after.
	ErrNoTable = fmt.Errorf("no incidents to look after: set %s", Table)
)

// Load reads the settings through getenv, for example os.Getenv. Its error
// lists every fault at once.
func Load(getenv func(string) string) (Config, error) {
	c := Config{
		TopicARN:         getenv(TopicARN),
		WebhookParameter: getenv(WebhookParameter),
		TokenParameter:   getenv(TokenParameter),
		Channel:          getenv(Channel),
		MemberRole:       getenv(MemberRole),
		ExternalID:       getenv(ExternalID),
		Table:            getenv(Table),
		RulesParameter:   getenv(RulesParameter),
	}
	return c, errors.Join(c.check(), c.pace(getenv), setLevel(&c.LogLevel, getenv(LogLevel)))
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

// LoadFollowing is LoadAlerting for an entry point that looks after incidents,
// which needs to find them.
func LoadFollowing(getenv func(string) string) (Config, error) {
	c, err := LoadAlerting(getenv)
	if c.Table == "" {
		err = errors.Join(err, ErrNoTable)
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
