package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Slack's limits: 150 characters in a header block, 3,000 in a text object, 50
// blocks, 10 elements in a context block.
// https://docs.slack.dev/reference/block-kit/blocks
//
// Beyond those, Slack answers msg_blocks_too_long to messages of more than
// about 13,000 characters of JSON, which no page tells:
// https://github.com/slackapi/bolt-js/issues/2509
//
// The budgets count bytes of JSON, which are never fewer than characters, and
// keep a whole message under 10,000 of them. An alarm and a fix exclude each
// other.
const (
	maxHeader     = 150
	budgetOfAlarm = 700
	budgetOfWhy   = 2400
	budgetOfFix   = 2200
	budgetOfPast  = 1000 // who changed what last
	budgetOfGaps  = 900
	maxLink       = 180
)

// destination is where the parts go that are too long for a message.
type destination bool

const (
	inTerminal destination = false
	inThread   destination = true
)

// message lays out the alert: who, what and since when; why; what to change;
// who changed what last and what could not be seen; where to look.
func message(r *report.Report, d destination) *slack.WebhookMessage {
	s := tell(r)
	blocks := []slack.Block{header(r)}
	blocks = append(blocks, alarm(s)...)
	blocks = append(blocks, call(r)...)
	blocks = append(blocks, why(s)...)
	blocks = append(blocks, change(r, s, d)...)
	blocks = append(blocks, state(s)...)
	return envelope(title(r), append(blocks, links(r)...))
}

// envelope is a message in which Slack looks for nothing to link or unfold.
// fallback is what notifications show.
func envelope(fallback string, blocks []slack.Block) *slack.WebhookMessage {
	no := false
	return &slack.WebhookMessage{
		Text: fallback, Parse: "none", Blocks: &slack.Blocks{BlockSet: blocks},
		UnfurlLinks: &no, UnfurlMedia: &no,
	}
}

// encode writes a message as it is posted.
func encode(m *slack.WebhookMessage) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

func header(r *report.Report) slack.Block {
	return slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, title(r), false, false))
}

// title is the headline behind its sign, escaped and within a header block.
func title(r *report.Report) string {
	sign := notify.Sign(r) + " "
	headline := notify.Headline(r)
	for limit := maxHeader; ; limit-- {
		if t := sign + escape(notify.Cut(headline, limit, "…")); len(t) <= maxHeader {
			return t
		}
	}
}

// call says who wanted what, and when.
func call(r *report.Report) []slack.Block {
	e := &r.Event
	var lines []slack.RichTextSectionElement
	line := func(label string, rest ...slack.RichTextSectionElement) {
		if len(lines) > 0 {
			lines = append(lines, plain("\n"))
		}
		lines = append(append(lines, bold(label+"  ")), rest...)
	}
	if e.Subject != "" {
		line("Who", mono(cut(report.Escape(e.Subject), 250)))
	}
	if e.Role != "" {
		line("What", mono(cut(report.Escape(e.Role), 250)))
	}
	if !e.Time.IsZero() {
		line("When", when(e), plain(cut(circumstances(e), 150)))
	}
	if what := report.Escape(e.ErrorMessage); what != "" && what != noMessage {
		line("Error", plain(cut(what, 250)))
	}
	if len(lines) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextSection(lines...))}
}

// when is the time as the reader's clock shows it.
func when(e *report.Event) slack.RichTextSectionElement {
	fallback := e.Time.UTC().Format("2006-01-02 15:04:05 UTC")
	return slack.NewRichTextSectionDateElement(e.Time.Unix(), "{date_short_pretty} at {time}", nil, &fallback)
}

func circumstances(e *report.Event) string {
	text := "  (" + e.Time.UTC().Format("2006-01-02 15:04:05 UTC") + ")"
	for _, s := range []string{e.Region, e.ErrorCode} {
		if s != "" {
			text += "  ·  " + report.Escape(s)
		}
	}
	return text
}

// noMessage is the error message that tells nothing.
const noMessage = "An unknown error occurred"

// alarm warns of a stranger, with a bar at its left.
func alarm(s *story) []slack.Block {
	p := newPart(budgetOfAlarm)
	if s.alarm != "" {
		p.quote(capital(s.alarm), budgetOfAlarm)
	}
	return p.block()
}

// why tells the causes, with expected over actual.
func why(s *story) []slack.Block {
	p := newPart(budgetOfWhy)
	p.paragraph("", capital(s.verdict), 300)
	for i, c := range s.causes {
		if i > 0 && p.left < budgetOfWhy/3 {
			p.paragraph("", fmt.Sprintf("and %d more causes", len(s.causes)-i), 100)
			break
		}
		tellCause(p, &c)
	}
	for _, remark := range s.remarks {
		p.paragraph("Policy", remark, 300)
	}
	return p.block()
}

func tellCause(p *part, c *cause) {
	label := strings.Replace(c.label, "cause", "Why", 1)
	if e := p.line(label, c.message, 700); e != nil {
		p.left -= element + len(c.code)
		e = append(e, plain("  "), mono(string(c.code)))
		p.elements = append(p.elements, slack.NewRichTextSection(e...))
	}
	if c.place != "" && !strings.HasPrefix(c.proof, c.place) {
		p.paragraph("", "In the policy: "+c.place, 200)
	}
	if c.proof != "" {
		p.code(outdent(c.proof), 900)
	}
	for _, note := range c.notes[:min(len(c.notes), 3)] {
		p.paragraph("", capital(note), 300)
	}
}

// outdent takes off the blanks before the two values that are compared.
func outdent(code string) string {
	if inner, ok := strings.CutPrefix(code, "  "); ok {
		return strings.ReplaceAll(inner, "\n  ", "\n")
	}
	return code
}

// change tells what to change, with as much of the diff as there is room for.
func change(r *report.Report, s *story, d destination) []slack.Block {
	p := newPart(budgetOfFix)
	if s.caution != "" {
		p.paragraph("Before any change", s.caution, 400)
	}
	tellFixes(p, s)
	if s.diff == "" && len(s.orders) == 1 && cost(s.orders[0]) <= shortCommand {
		p.order(s.orders[0])
	} else if s.diff != "" || len(s.orders) > 0 {
		p.elements = append(p.elements, slack.NewRichTextSection(elsewhere(r, s, d)...))
	}
	return p.block()
}

// shortCommand is a command that does not have to go elsewhere, in bytes of
// JSON.
const shortCommand = 400

// elsewhere says where to find what is too long for the message.
func elsewhere(r *report.Report, s *story, d destination) []slack.RichTextSectionElement {
	what := "What to run"
	if s.diff != "" {
		what = "The whole change, what to run and the Terraform"
	}
	switch {
	case d == inThread:
		return []slack.RichTextSectionElement{plain(what + ": in the thread")}
	case notify.IsEventID(r.Event.ID):
		return []slack.RichTextSectionElement{plain(what + ": "), mono("rolewhy explain --live --event-id " + r.Event.ID)}
	default:
		return []slack.RichTextSectionElement{plain(what + ": see rolewhy explain")}
	}
}

// tellFixes puts the diff behind the changes that it makes, before the
// alternatives to them.
func tellFixes(p *part, s *story) {
	var others []fix
	p.left -= 2 * element // for where the rest is
	for _, f := range s.fixes {
		if f.label == "or" || strings.HasPrefix(f.label, "or (") {
			others = append(others, f)
			continue
		}
		if f.message != "" {
			p.paragraph(labelOf(f.label), f.message, 500)
		}
		for _, note := range f.notes[:min(len(f.notes), 2)] {
			p.paragraph("", capital(note), 250)
		}
	}
	if s.diff != "" {
		p.code(withoutHead(s.diff), 1200)
	}
	for _, f := range others[:min(len(others), 2)] {
		p.paragraph(labelOf(f.label), f.message, 300)
	}
}

func labelOf(label string) string {
	return capital(strings.Replace(label, "fix", "Change to make", 1))
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// withoutHead drops the two lines that name the files of a diff.
func withoutHead(diff string) string {
	if i := strings.Index(diff, "\n@@"); i >= 0 {
		return diff[i+1:]
	}
	return diff
}

// state tells who changed what last, and what could not be seen.
func state(s *story) []slack.Block {
	changed, unseen := newPart(budgetOfPast), newPart(budgetOfGaps)
	changed.bullets("Changed", s.changed, 3, 250)
	unseen.bullets("Could not be seen", s.unseen, 3, 250)
	return append(changed.block(), unseen.block()...)
}

// links are one line of pages to look at. They are no buttons: those need an
// app that answers when they are pressed, which a webhook has not.
func links(r *report.Report) []slack.Block {
	var line []slack.RichTextSectionElement
	for _, l := range notify.Links(r) {
		if len(l.URL) > maxLink {
			continue
		}
		if len(line) > 0 {
			line = append(line, plain("  ·  "))
		}
		line = append(line, slack.NewRichTextSectionLinkElement(l.URL, l.Name, nil))
	}
	if len(line) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextSection(line...))}
}
