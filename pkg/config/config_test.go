package config_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/config"
)

type env map[string]string

func (e env) get(name string) string { return e[name] }

const topic = "arn:aws:sns:eu-west-1:111122223333:rolewhy"

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
				config.TopicARN: topic, config.WebhookParameter: "/rolewhy/slack-webhook",
				config.MemberRole: "audit/rolewhy", config.ExternalID: "o-abc:rolewhy", config.LogLevel: "debug",
			},
			config.Config{
				TopicARN: topic, WebhookParameter: "/rolewhy/slack-webhook",
				MemberRole: "audit/rolewhy", ExternalID: "o-abc:rolewhy", LogLevel: slog.LevelDebug,
			},
		},
		{
			"a bot",
			env{config.TokenParameter: "/rolewhy/slack-token", config.Channel: "C012AB3CD"},
			config.Config{TokenParameter: "/rolewhy/slack-token", Channel: "C012AB3CD"},
		},
		{"China", env{config.TopicARN: "arn:aws-cn:sns:cn-north-1:111122223333:r"}, config.Config{TopicARN: "arn:aws-cn:sns:cn-north-1:111122223333:r"}},
		{
			"incidents",
			env{
				config.Table: "rolewhy-Incidents-1A2B", config.RulesParameter: "/rolewhy/rules", config.UpdateAfter: "15m,15m,4h",
				config.QuietAfter: "90m", config.AlertsPerRole: "1", config.AlertsPerHour: "9999",
			},
			config.Config{
				Table: "rolewhy-Incidents-1A2B", RulesParameter: "/rolewhy/rules",
				UpdateAfter: []time.Duration{15 * time.Minute, 15 * time.Minute, 4 * time.Hour}, QuietAfter: 90 * time.Minute,
				AlertsPerRole: 1, AlertsPerHour: 9999,
			},
		},
		{"GovCloud", env{config.TopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:r"}, config.Config{TopicARN: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:r"}},
		{"one-part parameter", env{config.WebhookParameter: "/webhook"}, config.Config{WebhookParameter: "/webhook"}},
		{"a table of three letters", env{config.Table: "abc"}, config.Config{Table: "abc"}},
		{"a table of 255 letters", env{config.Table: strings.Repeat("a", 255)}, config.Config{Table: strings.Repeat("a", 255)}},
		{"a member role without external id", env{config.MemberRole: "rolewhy"}, config.Config{MemberRole: "rolewhy"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := config.Load(tt.env.get)
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("error %v, (-want +got):\n%s", err, diff)
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
		{config.Table, "ab"},
		{config.Table, strings.Repeat("a", 256)},
		{config.Table, "arn:aws:dynamodb:eu-west-1:111122223333:table/rolewhy"},
		{config.RulesParameter, `[{"role":"*"}]`},
		{config.UpdateAfter, "15m,"},
		{config.UpdateAfter, ",15m"},
		{config.UpdateAfter, "15m, 1h"},
		{config.UpdateAfter, "1h,15m"},
		{config.UpdateAfter, "0m"},
		{config.UpdateAfter, "15"},
		{config.UpdateAfter, strings.Repeat("1h,", 20) + "1h"},
		{config.QuietAfter, "15s"},
		{config.QuietAfter, "-1h"},
		{config.QuietAfter, "15m,1h"},
		{config.QuietAfter, "99999h"},
		{config.AlertsPerRole, "0"},
		{config.AlertsPerRole, "many"},
		{config.AlertsPerHour, "-1"},
		{config.AlertsPerHour, "10000"},
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
		config.Table:            "r",
		config.UpdateAfter:      "never",
		config.QuietAfter:       "never",
		config.AlertsPerRole:    "none",
		config.AlertsPerHour:    "none",
		config.RulesParameter:   "hush",
		config.MemberRole:       "a b",
		config.ExternalID:       "a b",
		config.LogLevel:         "loud",
	}.get)
	if err == nil || strings.Count(err.Error(), "\n") != 12 {
		t.Errorf("want thirteen lines: %v", err)
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

func TestLoadFollowingNeedsATable(t *testing.T) {
	if _, err := config.LoadFollowing(env{}.get); !errors.Is(err, config.ErrNoTable) || !errors.Is(err, config.ErrNoNotifier) {
		t.Errorf("error %v, want %v and %v", err, config.ErrNoTable, config.ErrNoNotifier)
	}
	if _, err := config.LoadFollowing(env{config.TopicARN: topic, config.Table: "rolewhy"}.get); err != nil {
		t.Error(err)
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
