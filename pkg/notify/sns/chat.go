package sns

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
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

// chat is the notification for n, of which gist tells, as JSON. Its thread is
// that of the incident.
func chat(n *notify.Notice, gist string) (string, error) {
	c := notification{
		Version: "1.0", Source: "custom", ID: word(n.ID),
		Content: content{
			TextType: "client-markdown", Title: title(n), Description: description(gist),
			NextSteps: nextSteps(n), Keywords: keywords(n),
		},
		Metadata: metadata{
			ThreadID: word(n.Incident.ID), Summary: notify.Cut(tame(notify.Sign(n)+" "+notify.Title(n)), maxSummary, "…"),
			EventType: eventType(n), RelatedResources: words(n.Incident.Role, n.Incident.Provider),
			AdditionalContext: additionalContext(n),
		},
	}
	raw, err := json.Marshal(c)
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
func title(n *notify.Notice) string {
	what := subjects[n.Kind]
	switch {
	case n.Kind == notify.Answer:
		what = answers[n.Standing()]
	case isStranger(n):
		what = "Stranger refused"
	}
	if account.MatchString(n.Incident.Account) {
		what += " in " + n.Incident.Account
	}
	if cause := string(n.Incident.Cause); n.Kind != notify.Over && term.MatchString(cause) {
		what += ": " + cause
	}
	return notify.Sign(n) + " " + what
}

var subjects = map[notify.Kind]string{
	notify.Alert:    "AssumeRoleWithWebIdentity denied",
	notify.Back:     "AssumeRoleWithWebIdentity denied again",
	notify.Update:   "AssumeRoleWithWebIdentity still denied",
	notify.Over:     "AssumeRoleWithWebIdentity works again",
	notify.Provider: "AssumeRoleWithWebIdentity denied for many roles",
	notify.Digest:   "Denied AssumeRoleWithWebIdentity calls in digest",
	notify.Security: "Strangers refused",
}

var answers = map[notify.Standing]string{
	notify.Allowed: "AssumeRoleWithWebIdentity allowed now",
	notify.Denied:  "AssumeRoleWithWebIdentity still denied after a change",
	notify.Mixed:   "AssumeRoleWithWebIdentity allowed now for some roles",
	notify.Unclear: "AssumeRoleWithWebIdentity perhaps allowed after a change",
}

// isStranger reports whether the notice is about one stranger's call.
func isStranger(n *notify.Notice) bool { return n.Report != nil && n.Report.Caller == report.Stranger }

var (
	account = lazyregexp.New(`^\d{12}$`)
	term    = lazyregexp.New(`^[a-z]+(-[a-z]+)*$`)
)

// terms are those of all that are ours, such as the code of a cause.
func terms(all ...string) []string {
	return slices.DeleteFunc(all, func(s string) bool { return !term.MatchString(s) })
}

func description(gist string) string {
	return "```\n" + notify.Cut(strings.TrimSpace(tame(gist)), maxDescription, "…") + "\n```"
}

// nextSteps are the first change to make and the pages to look at.
func nextSteps(n *notify.Notice) (steps []string) {
	if notify.ShowsReport(n) {
		steps = firstFix(n.Report)
	}
	if isStranger(n) {
		steps = append(steps, "Nothing, unless you know the caller")
	}
	for _, l := range notify.LinksOf(n) {
		steps = append(steps, l.Name+": "+l.URL)
	}
	return steps
}

func firstFix(r *report.Report) []string {
	for _, s := range report.Sections(r, maxStep) {
		if s.Kind == report.FixSection && s.Text != "" {
			return []string{"`" + notify.Cut(tame(report.Escape(notify.Cut(s.Text, maxStep, "…"))), maxStep, "…") + "`"}
		}
	}
	return nil
}

func keywords(n *notify.Notice) []string {
	if n.Report == nil {
		return terms(string(n.Kind), string(n.Incident.Cause))
	}
	all := []string{string(n.Report.Caller)}
	if len(n.Report.Findings) > 0 {
		all = append(all, string(n.Report.Findings[0].Code), string(n.Report.Findings[0].Certainty))
	}
	return terms(all...)
}

// eventType is what custom actions can be attached to: letters, digits, dashes.
func eventType(n *notify.Notice) string {
	switch {
	case n.Kind == notify.Security, isStranger(n):
		return "rolewhy-stranger"
	case n.Kind == notify.Over:
		return "rolewhy-over"
	case n.Kind == notify.Digest:
		return "rolewhy-digest"
	default:
		return "rolewhy-denial"
	}
}

// additionalContext are the variables of custom actions.
func additionalContext(n *notify.Notice) map[string]string {
	variables := map[string]string{}
	add := func(name, value string) {
		if value = word(value); value != "" {
			variables[name] = value
		}
	}
	for name, a := range attributes(n) {
		add(name, a.StringValue)
	}
	if n.Report != nil {
		add("region", n.Report.Event.Region)
		add("eventId", n.Report.Event.ID)
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

var plainWord = lazyregexp.New(`^[A-Za-z0-9_./:=+,@-]+$`)

func words(all ...string) (kept []string) {
	for _, s := range all {
		if w := word(s); w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
