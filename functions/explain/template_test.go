package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/config"
)

func template(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	must(t, err)
	return string(raw)
}

// The template sets what config reads, and nothing else.
func TestTemplateSetsEveryVariable(t *testing.T) {
	set := regexp.MustCompile(`(?m)^ +(ROLEWHY_\w+):`).FindAllStringSubmatch(template(t), -1)
	var got []string
	for _, m := range set {
		got = append(got, m[1])
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{config.LogLevel, config.WebhookParameter, config.TopicARN}, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

// The call is a read-only management event, which a rule in state ENABLED
// never matches.
func TestTemplateMatchesReadOnlyEvents(t *testing.T) {
	if !strings.Contains(template(t), "\n            State: ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS\n") {
		t.Error("the rule's state is another one")
	}
}

func TestTemplateFitsEveryPartition(t *testing.T) {
	if strings.Contains(template(t), "arn:aws:") {
		t.Error("an ARN names the partition")
	}
}

// The role grants the actions that the function calls, and no other.
func TestTemplateGrantsWhatIsUsed(t *testing.T) {
	granted := regexp.MustCompile(`\b(?:iam|sns|sqs|ssm|logs|kms|sts):[A-Z]\w+`).FindAllString(template(t), -1)
	slices.Sort(granted)
	want := []string{
		"iam:GetOpenIDConnectProvider", "iam:GetRole", "iam:ListOpenIDConnectProviders", "iam:ListRoles",
		"logs:CreateLogStream", "logs:PutLogEvents", "sns:Publish",
		"sqs:SendMessage", // by the function's role and by EventBridge
		"ssm:GetParameter",
		"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", // whom the role trusts, and the description
	}
	if diff := cmp.Diff(want, slices.Compact(granted)); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
}
