package slack

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// element is what the JSON of a rich text element takes beside its text.
const element = 96

// part is one rich_text block within a budget, counted in bytes of JSON.
// Slack takes the text of rich text as it stands: no markup in it mentions,
// links, formats or ends a code block, which is why all that others wrote is
// put there. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
type part struct {
	elements []slack.RichTextElement
	left     int
	short    bool // not everything fitted
}

func newPart(budget int) *part { return &part{left: budget - element} }

// block is nil where the part is empty.
func (p *part) block() []slack.Block {
	if len(p.elements) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("", p.elements...)}
}

// take cuts text to most bytes of JSON and to what is left, and books it. It
// is "" where nothing is left that is worth reading.
func (p *part) take(text string, most int) string {
	const least = 40
	room := min(most, p.left-element)
	if text == "" || room < least {
		p.short = p.short || text != ""
		return ""
	}
	fitting := cut(text, room)
	p.short = p.short || fitting != text
	p.left -= element + cost(fitting)
	return fitting
}

// paragraph adds a line of prose behind a bold label.
func (p *part) paragraph(label, text string, most int) {
	if e := p.line(label, text, most); e != nil {
		p.elements = append(p.elements, slack.NewRichTextSection(e...))
	}
}

func (p *part) line(label, text string, most int) []slack.RichTextSectionElement {
	text = p.take(text, most)
	if text == "" {
		return nil
	}
	if label == "" {
		return []slack.RichTextSectionElement{plain(text)}
	}
	p.left -= element + cost(label)
	return []slack.RichTextSectionElement{bold(label + ": "), plain(text)}
}

// quote adds a paragraph with a bar at its left.
func (p *part) quote(text string, most int) {
	if text = p.take(text, most); text != "" {
		p.elements = append(p.elements, &slack.RichTextQuote{
			Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{bold(text)},
		})
	}
}

// title adds a line of its own, in bold.
func (p *part) title(text string) {
	p.left -= element + cost(text)
	p.elements = append(p.elements, slack.NewRichTextSection(bold(text)))
}

// bullets adds a list under a bold label, of at most count items.
func (p *part) bullets(label string, items []string, count, most int) {
	if len(items) == 0 {
		return
	}
	p.title(label)
	p.left -= element
	var list []slack.RichTextElement
	for _, item := range items[:min(len(items), count)] {
		if e := p.line("", item, most); e != nil {
			list = append(list, slack.NewRichTextSection(e...))
		}
	}
	if more := len(items) - len(list); more > 0 {
		p.short = true
		list = append(list, slack.NewRichTextSection(plain(fmt.Sprintf("and %d more", more))))
	}
	p.elements = append(p.elements, slack.NewRichTextList(slack.RTEListBullet, 0, list...))
}

// code adds a block of code, of which whole lines are left out at the end
// where they do not fit.
func (p *part) code(text string, most int) {
	const note = "… %d more lines"
	room := min(most, p.left-element) - len(note)
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	var kept []string
	for _, l := range lines {
		l = cut(visible(l), longestLine)
		if room -= cost(l) + len(`\n`); room < 0 {
			break
		}
		kept = append(kept, l)
	}
	if len(kept) == 0 {
		p.short = p.short || text != ""
		return
	}
	if more := len(lines) - len(kept); more > 0 {
		p.short = true
		kept = append(kept, fmt.Sprintf(note, more))
	}
	p.preformatted(strings.Join(kept, "\n"))
}

// order adds a command, whole or not at all: half of one must not be run.
func (p *part) order(command string) {
	if command = strings.TrimSpace(command); cost(command) > p.left-element {
		p.short = true
		return
	}
	p.preformatted(command)
}

func (p *part) preformatted(code string) {
	p.left -= element + cost(code)
	p.elements = append(p.elements, &slack.RichTextPreformatted{
		Type: slack.RTEPreformatted, Elements: []slack.RichTextSectionElement{plain(code)},
	})
}

// longestLine bounds a line of code, in bytes of JSON.
const longestLine = 600

// visible escapes a line of code. A tab, which is common in policies, becomes
// two blanks.
func visible(line string) string {
	return report.Escape(strings.ReplaceAll(strings.TrimSuffix(line, "\r"), "\t", "  "))
}

func plain(s string) *slack.RichTextSectionTextElement {
	return slack.NewRichTextSectionTextElement(s, nil)
}

func bold(s string) *slack.RichTextSectionTextElement {
	return slack.NewRichTextSectionTextElement(s, &slack.RichTextSectionTextStyle{Bold: true})
}

func mono(s string) *slack.RichTextSectionTextElement {
	return slack.NewRichTextSectionTextElement(s, &slack.RichTextSectionTextStyle{Code: true})
}

// cost is how many bytes text takes within JSON.
func cost(text string) int { return notify.JSONLen(text) }

// cut shortens text to most bytes of JSON.
func cut(text string, most int) string { return notify.CutJSON(text, most, "…") }
