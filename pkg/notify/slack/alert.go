package slack

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

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
		line("When", moment(e.Time, toTheSecond), plain(cut(circumstances(e), 150)))
	}
	if what := report.Escape(e.ErrorMessage); what != "" && what != noMessage {
		line("Error", plain(cut(what, 250)))
	}
	if len(lines) == 0 {
		return nil
	}
	return []slack.Block{slack.NewRichTextBlock("", slack.NewRichTextSection(lines...))}
}

// moment is a time as the reader's clock shows it; the layout is that for
// readers of whose clock Slack knows nothing.
func moment(t time.Time, layout string) slack.RichTextSectionElement {
	fallback := t.UTC().Format(layout)
	return slack.NewRichTextSectionDateElement(t.Unix(), "{date_short_pretty} at {time}", nil, &fallback)
}

// toTheSecond is the layout of the time of a call.
const toTheSecond = "2006-01-02 15:04:05 UTC"

func circumstances(e *report.Event) string {
	text := "  (" + e.Time.UTC().Format(toTheSecond) + ")"
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
	case d != byWebhook:
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
