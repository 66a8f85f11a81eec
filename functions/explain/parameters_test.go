package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/config"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

// The template sets what config reads, and nothing else; each variable is of a
// parameter that names it, or of a resource.
func TestTemplateSetsEveryVariable(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	set := tmpl.Resources["ExplainFunction"].Properties["Environment"].(map[string]any)["Variables"].(map[string]any)
	if diff := cmp.Diff(slices.Sorted(slices.Values(config.Variables)), slices.Sorted(maps.Keys(set))); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tmpl.Resources["ExplainFunction"].get("Environment"), tmpl.Resources["FollowupFunction"].get("Environment")); diff != "" {
		t.Errorf("the functions differ in their variables:\n%s", diff)
	}
	for variable, value := range set {
		source := value.(map[string]any)["Ref"].(string)
		p, ok := tmpl.Parameters[source]
		if _, made := tmpl.Resources[source]; !made && (!ok || !strings.Contains(p.Description, "("+variable+")")) {
			t.Errorf("%s is set to %s, whose description does not name it", variable, source)
		}
	}
	for name, p := range tmpl.Parameters {
		if v := regexp.MustCompile(`ROLEWHY_\w+`).FindString(p.Description); v != "" && set[v] == nil {
			t.Errorf("parameter %s speaks of %s, which is not set", name, v)
		}
	}
}

// The page has a row for each parameter, with its default and its variable.
func TestParametersAreInTheDocuments(t *testing.T) {
	page := string(must(os.ReadFile(filepath.Join(root, "docs", "deploy.md")))(t))
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `?([^|`]*)`? \\| `?(\\w*)`? ?\\|").FindAllStringSubmatch(page, -1)
	var got, want []string
	for _, r := range rows {
		got = append(got, strings.TrimSpace(strings.Join(r[1:], " ")))
	}
	for name, p := range transformed(t, mainTemplate).Parameters {
		value := fmt.Sprint(p.Default)
		if value == "" {
			value = "none"
		}
		variable := regexp.MustCompile(`ROLEWHY_\w+`).FindString(p.Description)
		want = append(want, strings.TrimSpace(name+" "+value+" "+variable))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-template +docs/deploy.md):\n%s", diff)
	}
}

// The defaults of the template are those of the code.
func TestDefaultsAreThoseOfTheCode(t *testing.T) {
	tmpl, want := transformed(t, mainTemplate), incident.Defaults()
	value := func(parameter string) string { return fmt.Sprint(tmpl.Parameters[parameter].Default) }
	got, err := config.Load(func(name string) string {
		return map[string]string{
			config.UpdateAfter: value("UpdateAfter"), config.QuietAfter: value("QuietAfter"),
			config.AlertsPerRole: value("AlertsPerRole"), config.AlertsPerHour: value("AlertsPerHour"),
		}[name]
	})
	check(t, err)
	if !slices.Equal(got.UpdateAfter, want.Updates) || got.QuietAfter != want.Quiet || got.AlertsPerRole != want.PerRole || got.AlertsPerHour != want.InAll {
		t.Errorf("template %+v, code %+v", got, want)
	}
}

// What the template lets through config takes, and the other way round.
func TestParametersAreOfTheFormOfConfig(t *testing.T) {
	tmpl := transformed(t, mainTemplate)
	for _, tt := range []struct {
		parameter, variable string
		values              []string
	}{
		{"SlackWebhookParameter", config.WebhookParameter, []string{"/a", "/a/b-c", "a", "/", "/a/", "https://hooks.slack.com/x"}},
		{"SlackTokenParameter", config.TokenParameter, []string{"/a", "xoxb-1"}},
		{"SlackChannel", config.Channel, []string{"C012AB3CD", "general", "#general", "@me"}},
		{"MemberRoleName", config.MemberRole, []string{"a", "x/a", "/a", "a b", "arn:aws:iam::111122223333:role/a"}},
		{"ExternalId", config.ExternalID, []string{"ab", "a:/b", "a", "a b"}},
		{"UpdateAfter", config.UpdateAfter, []string{"15m", "1h,4h", "1h,", ",1h", "15", "0m", "1h, 4h", "99999m"}},
		{"QuietAfter", config.QuietAfter, []string{"90m", "24h", "1d", "24", "1h,4h"}},
		{"RulesParameter", config.RulesParameter, []string{"/rolewhy/rules", "rules", "[]"}},
	} {
		pattern := regexp.MustCompile(tmpl.Parameters[tt.parameter].AllowedPattern)
		for _, value := range tt.values {
			_, err := config.Load(func(name string) string {
				if name == tt.variable {
					return value
				}
				return ""
			})
			faulty := err != nil && strings.Contains(err.Error(), tt.variable+": ")
			if pattern.MatchString(value) == faulty {
				t.Errorf("%s %q: the template takes it: %t, config: %v", tt.parameter, value, !faulty, err)
			}
		}
		if !pattern.MatchString("") {
			t.Errorf("%s cannot be left out", tt.parameter)
		}
	}
}
