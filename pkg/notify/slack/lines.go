package slack

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// room bounds what a notice says beside its report: items of a list, and bytes
// of JSON of a value and of words.
type room struct{ items, value, words int }

// rooms are tried from the first on, until the block keeps its budget.
var rooms = []room{{8, 200, 500}, {5, 200, 300}, {3, 150, 250}, {1, 100, 150}}

// Budgets of the block, in bytes of JSON: beside a report, and alone.
const (
	budgetBeside = 2200
	budgetAlone  = 7000
)

// lines is what a notice says beside its report. In a thread, where there is no
// header, the first line begins with the sign.
func lines(n *notify.Notice, d destination) []slack.Block {
	budget := budgetAlone
	if notify.ShowsReport(n) {
		budget = budgetBeside
	}
	sign := ""
	if d == inThread {
		sign = notify.Sign(n) + " "
	}
	var block *slack.RichTextBlock
	for _, r := range rooms {
		if block = r.block(notify.Lines(n, r.items), sign); block == nil {
			return nil
		}
		if raw, err := json.Marshal(block); err == nil && len(raw) <= budget {
			break
		}
	}
	return []slack.Block{block}
}

// block is nil where there are no lines.
func (r room) block(lines []notify.Line, sign string) *slack.RichTextBlock {
	var elements, items []slack.RichTextElement
	flush := func() {
		if len(items) > 0 {
			elements = append(elements, slack.NewRichTextList(slack.RTEListBullet, 0, items...))
		}
		items = nil
	}
	for i, l := range lines {
		if l.Item {
			items = append(items, slack.NewRichTextSection(r.pieces(l.Pieces)...))
			continue
		}
		flush()
		if i > 0 {
			sign = ""
		}
		elements = append(elements, slack.NewRichTextSection(r.line(l, sign)...))
	}
	if flush(); len(elements) == 0 {
		return nil
	}
	return slack.NewRichTextBlock("", elements...)
}

// line is one that is none of a list. Where there is a header, which is where
// there is no sign, that has said the lead.
func (r room) line(l notify.Line, sign string) []slack.RichTextSectionElement {
	rest := r.pieces(l.Pieces)
	var before []slack.RichTextSectionElement
	switch {
	case l.Lead && sign == "":
		if first, ok := rest[0].(*slack.RichTextSectionTextElement); ok {
			first.Text = capital(first.Text)
		}
	case l.Lead:
		before = append(before, bold(sign+l.Label))
	case l.Label != "" && len(rest) == 0:
		before = append(before, bold(sign+l.Label))
	case l.Label != "":
		before = append(before, bold(sign+l.Label+"  "))
	case sign != "":
		before = append(before, plain(sign))
	}
	return append(before, rest...)
}

func (r room) pieces(all []notify.Piece) (elements []slack.RichTextSectionElement) {
	for _, p := range all {
		text := report.Escape(notify.Cut(p.Text, longestPiece, "…"))
		switch {
		case !p.Time.IsZero():
			elements = append(elements, moment(p.Time, notify.InUTC))
		case text == "":
		case p.Code:
			elements = append(elements, mono(cut(strings.TrimSpace(text), r.value)))
		default:
			elements = append(elements, plain(cut(text, r.words)))
		}
	}
	return elements
}

// longestPiece keeps the escaping of very long texts short, in bytes.
const longestPiece = 1000
