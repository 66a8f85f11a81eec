package slack

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Slack's limits, all kept in bytes, which are never fewer than characters:
// https://docs.slack.dev/reference/block-kit/blocks
const (
	maxHeader = 150  // of a header block
	maxBlock  = 3000 // of a text object in a section
	maxCode   = 9000 // of the report in all code blocks, so that the message stays under 10,000
)

// message builds the payload: the headline, and the report as code blocks in
// which nothing is formatted, linked or mentioned.
func message(r *report.Report) (*slack.WebhookMessage, error) {
	text, err := notify.Text(r)
	if err != nil {
		return nil, err
	}
	no, headline := false, header(unfence(notify.Headline(r)))
	blocks := []slack.Block{
		slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, headline, false, false)),
	}
	codes, left := codeBlocks(text)
	for _, code := range codes {
		blocks = append(blocks, slack.NewSectionBlock(verbatim(code), nil, nil))
	}
	if left > 0 {
		note := fmt.Sprintf("Shortened: %d more lines are left out.", left)
		blocks = append(blocks, slack.NewContextBlock("", verbatim(note)))
	}
	return &slack.WebhookMessage{
		Text:        headline,
		Parse:       "none",
		Blocks:      &slack.Blocks{BlockSet: blocks},
		UnfurlLinks: &no,
		UnfurlMedia: &no,
	}, nil
}

// header escapes a headline and keeps it within a header block.
func header(s string) string {
	for limit := maxHeader; ; limit-- {
		if h := escape(notify.Cut(s, limit, "…")); len(h) <= maxHeader {
			return h
		}
	}
}

// verbatim makes a text object in which Slack does not look for bare links
// and channel names.
func verbatim(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}

// codeBlocks splits a text at its lines into fenced and escaped code blocks,
// and tells how many lines no longer fit.
func codeBlocks(text string) (blocks []string, left int) {
	const room = maxBlock - 2*len(fence) - 2 // for the line ends inside the fences
	var block strings.Builder
	total := 0
	flush := func() {
		if block.Len() > 0 {
			blocks = append(blocks, fence+"\n"+block.String()+fence)
			block.Reset()
		}
	}
	lines := strings.Split(strings.TrimRight(unfence(text), "\n"), "\n")
	for i, line := range lines {
		line = cutEscaped(line, room-1) + "\n"
		if total += len(line); total > maxCode {
			flush()
			return blocks, len(lines) - i
		}
		if block.Len()+len(line) > room {
			flush()
		}
		block.WriteString(line)
	}
	flush()
	return blocks, 0
}

// cutEscaped escapes a line and keeps it within limit bytes without cutting
// through an entity.
func cutEscaped(line string, limit int) string {
	escaped := escape(line)
	if len(escaped) <= limit {
		return escaped
	}
	const mark = "…"
	end := notify.Boundary(escaped, limit-len(mark))
	if amp := strings.LastIndexByte(escaped[:end], '&'); amp >= 0 && !strings.Contains(escaped[amp:end], ";") {
		end = amp
	}
	return escaped[:end] + mark
}
