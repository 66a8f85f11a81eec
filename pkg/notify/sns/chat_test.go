package sns

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
)

// chatOf reads the notification for a notice strictly, as its schema is.
func chatOf(t *testing.T, notice *notify.Notice) (n notification) {
	t.Helper()
	raw, err := chat(notice, gist(notice))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader([]byte(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Whatever others wrote, notifications follow the schema, and it can do nothing.
func TestNotificationsStandHostileText(t *testing.T) {
	each(t, func(t *testing.T, notice *notify.Notice) {
		n := chatOf(t, notice)
		checkHarmless(t, n)
		if n.Version != "1.0" || n.Source != "custom" || n.Content.TextType != "client-markdown" {
			t.Errorf("version %s, source %s, text of type %s", n.Version, n.Source, n.Content.TextType)
		}
		for _, tt := range []struct {
			name, text  string
			least, most int
		}{
			{"title", n.Content.Title, 1, 250},
			{"description", n.Content.Description, 1, 3000},
			{"summary", n.Metadata.Summary, 1, 300},
			{"eventType", n.Metadata.EventType, 1, 100},
			{"nextSteps", strings.Join(n.Content.NextSteps, ""), 0, 2000},
			{"keywords", strings.Join(n.Content.Keywords, " "), 0, 100},
		} {
			if count := utf8.RuneCountInString(tt.text); count < tt.least || count > tt.most {
				t.Errorf("%s of %d characters", tt.name, count)
			}
			notifytest.Printable(t, tt.text)
		}
		for name, value := range n.Metadata.AdditionalContext {
			if value == "" || len(value) > 1024 || strings.ContainsFunc(value, func(r rune) bool { return r < '!' || r > '~' }) {
				t.Errorf("%s: %q", name, value)
			}
		}
	})
}

// checkHarmless: what others wrote stands in code, out of which it cannot get;
// what is outside of code is ours.
func checkHarmless(t *testing.T, n notification) {
	t.Helper()
	inner := strings.TrimSuffix(strings.TrimPrefix(n.Content.Description, "```\n"), "\n```")
	if len(inner) != len(n.Content.Description)-8 || strings.ContainsAny(inner, "`<>") {
		t.Errorf("description %.200q", n.Content.Description)
	}
	if strings.ContainsAny(n.Content.Title+n.Metadata.Summary, "`<>\n") || strings.ContainsAny(n.Content.Title, "*_~@[") {
		t.Errorf("title %q, summary %q", n.Content.Title, n.Metadata.Summary)
	}
	for _, step := range n.Content.NextSteps {
		code := strings.HasPrefix(step, "`") && strings.HasSuffix(step, "`") && strings.Count(step, "`") == 2
		link := strings.Contains(step, ": https://github.com/") || strings.Contains(step, "console.aws.amazon.com/")
		if strings.ContainsAny(step, "<>\n") || !code && !link && step != "Nothing, unless you know the caller" {
			t.Errorf("next step %.200q", step)
		}
	}
	for _, k := range n.Content.Keywords {
		if !term.MatchString(k) {
			t.Errorf("keyword %q", k)
		}
	}
}

func TestNotificationOfASample(t *testing.T) {
	n := chatOf(t, notify.ForReport(notifytest.Samples(t)["subject-mismatch"]))
	if want := "🔴 AssumeRoleWithWebIdentity denied in 111122223333: subject-mismatch"; n.Content.Title != want {
		t.Errorf("title %q, want %q", n.Content.Title, want)
	}
	if n.Metadata.ThreadID != "a1b2c3d4e5f60718" || n.Metadata.EventType != "rolewhy-denial" || n.ID != "e8b7a0f1-7dca-72ed-fe77-5de94880fbc0" {
		t.Errorf("thread %q, type %q, id %q", n.Metadata.ThreadID, n.Metadata.EventType, n.ID)
	}
	if d := cmp.Diff([]string{"known", "subject-mismatch", "certain"}, n.Content.Keywords); d != "" {
		t.Errorf("keywords (-want +got)\n%s", d)
	}
	if len(n.Metadata.RelatedResources) != 2 || n.Metadata.AdditionalContext["region"] != "eu-west-1" || n.Metadata.AdditionalContext["cause"] != "subject-mismatch" {
		t.Errorf("resources %v, context %v", n.Metadata.RelatedResources, n.Metadata.AdditionalContext)
	}
}

func TestNotificationOfAStranger(t *testing.T) {
	n := chatOf(t, notify.ForReport(notifytest.Samples(t)["stranger"]))
	if !strings.HasPrefix(n.Content.Title, "🛡️ Stranger refused in 111122223333") || n.Metadata.EventType != "rolewhy-stranger" {
		t.Errorf("title %q, type %q", n.Content.Title, n.Metadata.EventType)
	}
	if n.Content.NextSteps[0] != "Nothing, unless you know the caller" || !strings.Contains(n.Content.Description, "security: this caller is a stranger") {
		t.Errorf("next steps %q\n%s", n.Content.NextSteps, n.Content.Description)
	}
}
