package slack

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
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

// destination is where a notice goes.
type destination int

const (
	byWebhook destination = iota
	inChannel             // a bot's message
	inThread              // a bot's reply
)

// messages are the message of a notice and, from a bot, the replies in which
// is what is too long for it. They are none where there is nothing to say.
func messages(n *notify.Notice, d destination) []*slack.WebhookMessage {
	switch n.Kind {
	case notify.Alert, notify.Back, notify.Provider:
		return alert(n, d)
	case notify.Evidence:
		if d != inThread {
			return nil
		}
		return evidence(n)
	default:
		return []*slack.WebhookMessage{envelope(title(n), brief(n, d))}
	}
}

// alert lays out a report: who, what and since when; why; what to change; who
// changed what last and what could not be seen; where to look. Before it stands
// what else the notice says.
func alert(n *notify.Notice, d destination) []*slack.WebhookMessage {
	blocks := append(header(n), lines(n, byWebhook)...)
	s := &story{}
	if r := n.Report; r != nil {
		s = tell(r)
		blocks = append(blocks, alarm(s)...)
		blocks = append(blocks, call(r)...)
		blocks = append(blocks, why(s)...)
		blocks = append(blocks, change(r, s, d)...)
		blocks = append(blocks, state(s)...)
	}
	all := []*slack.WebhookMessage{envelope(title(n), append(blocks, links(n)...))}
	// That it is back must be seen by those too who do not follow the thread.
	all[0].ReplyBroadcast = n.Kind == notify.Back && d == inThread
	if d == byWebhook {
		return all
	}
	return append(all, details(s)...)
}

// brief is what a notice says in a few lines. In a thread it needs no header:
// the alert says who and what.
func brief(n *notify.Notice, d destination) (blocks []slack.Block) {
	if d != inThread {
		blocks = header(n)
	}
	blocks = append(blocks, lines(n, d)...)
	if notify.ShowsReport(n) {
		s := tell(n.Report)
		blocks = append(blocks, why(s)...)
		blocks = append(blocks, change(n.Report, s, byWebhook)...)
	}
	if d != inThread {
		blocks = append(blocks, links(n)...)
	}
	return blocks
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

func header(n *notify.Notice) []slack.Block {
	return []slack.Block{slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, title(n), false, false))}
}

// title is that of the notice behind its sign, escaped and within a header
// block.
func title(n *notify.Notice) string {
	sign := notify.Sign(n) + " "
	text := notify.Title(n)
	for limit := maxHeader; ; limit-- {
		if t := sign + escape(notify.Cut(text, limit, "…")); len(t) <= maxHeader {
			return t
		}
	}
}

// links are one line of pages to look at. They are no buttons: those need an
// app that answers when they are pressed, which a webhook has not.
func links(n *notify.Notice) []slack.Block {
	var line []slack.RichTextSectionElement
	for _, l := range notify.LinksOf(n) {
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
