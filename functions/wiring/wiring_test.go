package wiring

import (
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

const topic = "arn:aws:sns:eu-west-1:111122223333:rolewhy"

// setenv makes the environment of a function in Lambda, with settings.
func setenv(t *testing.T, settings map[string]string) {
	t.Helper()
	for _, name := range config.Variables {
		t.Setenv(name, settings[name])
	}
	t.Setenv("AWS_REGION", "eu-west-1")
}

func TestNew(t *testing.T) {
	setenv(t, map[string]string{
		config.TopicARN: topic, config.TokenParameter: "/t", config.Channel: "C012AB3CD", config.Table: "rolewhy",
		config.UpdateAfter: "1h,2h", config.QuietAfter: "3h", config.AlertsPerRole: "5", config.AlertsPerHour: "6", config.RulesParameter: "/rules",
	})
	p, err := New(t.Context(), "explain", config.LoadFollowing)
	if err != nil {
		t.Fatal(err)
	}
	o := p.Desk.Options
	if len(o.Updates) != 2 || o.Updates[1] != 2*time.Hour || o.Quiet != 3*time.Hour || o.PerRole != 5 || o.InAll != 6 {
		t.Errorf("options %+v", o)
	}
	if len(p.Desk.Channels) != 2 || p.Desk.Rules == nil || !p.Durable || !p.Threads {
		t.Errorf("%d channels, rules %t, durable %t, threads %t", len(p.Desk.Channels), p.Desk.Rules != nil, p.Durable, p.Threads)
	}
}

// Without a table incidents last as long as the process.
func TestNewInMemory(t *testing.T) {
	setenv(t, map[string]string{config.TopicARN: topic, config.WebhookParameter: "/w"})
	p, err := New(t.Context(), "explain", config.LoadAlerting)
	if err != nil {
		t.Fatal(err)
	}
	if _, memory := p.Desk.Store.(*incident.Memory); !memory || p.Durable || p.Threads || p.Desk.Rules != nil {
		t.Errorf("store %T, durable %t, threads %t", p.Desk.Store, p.Durable, p.Threads)
	}
}

func TestNewRefuses(t *testing.T) {
	setenv(t, map[string]string{config.QuietAfter: "never"})
	_, err := New(t.Context(), "explain", config.LoadFollowing)
	for _, want := range []string{config.QuietAfter, config.Table, config.TopicARN} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that names %s", err, want)
		}
	}
}
