package sns

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// notification is a custom notification of Amazon Q Developer in chat
// applications, which drops every other message that is not of AWS:
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
type notification struct {
	Version  string   `json:"version"` // "1.0"
	Source   string   `json:"source"`  // "custom"
	ID       string   `json:"id,omitempty"`
	Content  content  `json:"content"`
	Metadata metadata `json:"metadata"`
}

type content struct {
	TextType    string   `json:"textType"` // "client-markdown"
	Title       string   `json:"title"`
	Description string   `json:"description"`
	NextSteps   []string `json:"nextSteps,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
}

type metadata struct {
	ThreadID          string            `json:"threadId,omitempty"`
	Summary           string            `json:"summary"`
	EventType         string            `json:"eventType"`
	RelatedResources  []string          `json:"relatedResources,omitempty"`
	AdditionalContext map[string]string `json:"additionalContext,omitempty"`
}

// Bounds of a notification. The service takes 250 and 8,000 characters of
// title and description, but shows the description in one block of Slack, which
// takes 3,000.
const (
	maxDescription = 2500
	maxStep        = 300
	maxSummary     = 200
	maxWord        = 250
)

// chat is the notification for r, of which gist tells, as JSON.
func chat(r *report.Report, gist string) (string, error) {
	n := notification{
		Version: "1.0", Source: "custom",
		Content: content{
			TextType: "client-markdown", Title: title(r), Description: description(gist),
			NextSteps: nextSteps(r), Keywords: keywords(r),
		},
		Metadata: metadata{
			ThreadID: word(r.Fingerprint), Summary: notify.Cut(tame(notify.Sign(r)+" "+notify.Headline(r)), maxSummary, "…"),
			EventType: eventType(r), RelatedResources: words(r.Event.Role, r.Event.Provider),
			AdditionalContext: additionalContext(r),
		},
	}
	if notify.IsEventID(r.Event.ID) {
		n.ID = r.Event.ID
	}
	raw, err := json.Marshal(n)
	if err != nil {
		return "", fmt.Errorf("encode notification: %w", err)
	}
	return string(raw), nil
}

// tame takes from a text what the markup of Slack and of Microsoft Teams
// needs to end code, to mention and to link. What others wrote stands within
// code besides: these two services have no common way to escape.
func tame(s string) string { return tamer.Replace(s) }

var tamer = strings.NewReplacer("`", "'", "<", "‹", ">", "›")

// title is made of our own words alone, since it may be formatted.
func title(r *report.Report) string {
	what := "AssumeRoleWithWebIdentity denied"
	if r.Caller == report.Stranger {
		what = "Stranger refused"
	}
	if account.MatchString(r.Event.Account) {
		what += " in " + r.Event.Account
	}
	if len(r.Findings) > 0 {
		what += ": " + strings.Join(terms(string(r.Findings[0].Code)), "")
	}
	return notify.Sign(r) + " " + what
}

var (
	account = regexp.MustCompile(`^\d{12}$`)
	term    = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
)

// terms are those of all that are ours, such as the code of a cause.
func terms(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return !term.MatchString(s) })
}

func description(gist string) string {
	return "```\n" + notify.Cut(strings.TrimSpace(tame(gist)), maxDescription, "…") + "\n```"
}

// nextSteps are the first change to make and the pages to look at.
func nextSteps(r *report.Report) (steps []string) {
	for _, s := range report.Sections(r, maxStep) {
		if s.Kind == report.FixSection && s.Text != "" {
			steps = append(steps, "`"+notify.Cut(tame(report.Escape(notify.Cut(s.Text, maxStep, "…"))), maxStep, "…")+"`")
			break
		}
	}
	if r.Caller == report.Stranger {
		steps = append(steps, "Nothing, unless you know the caller")
	}
	for _, l := range notify.Links(r) {
		steps = append(steps, l.Name+": "+l.URL)
	}
	return steps
}

func keywords(r *report.Report) []string {
	all := []string{string(r.Caller)}
	if len(r.Findings) > 0 {
		all = append(all, string(r.Findings[0].Code), string(r.Findings[0].Certainty))
	}
	return terms(all...)
}

// eventType is what custom actions can be attached to: letters, digits, dashes.
func eventType(r *report.Report) string {
	if r.Caller == report.Stranger {
		return "rolewhy-stranger"
	}
	return "rolewhy-denial"
}

// additionalContext are the variables of custom actions.
func additionalContext(r *report.Report) map[string]string {
	variables := map[string]string{}
	for name, a := range attributes(r) {
		if value := word(a.StringValue); value != "" {
			variables[name] = value
		}
	}
	for name, value := range map[string]string{"region": word(r.Event.Region), "eventId": word(r.Event.ID)} {
		if value != "" {
			variables[name] = value
		}
	}
	return variables
}

// word is a value that has the form of one: visible ASCII without the
// characters of any markup, "" where it has not.
// https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CustomActionAttachment.html
func word(s string) string {
	if len(s) <= maxWord && plainWord.MatchString(s) {
		return s
	}
	return ""
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:=+,@-]+$`)

func words(all ...string) (kept []string) {
	for _, s := range all {
		if w := word(s); w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
