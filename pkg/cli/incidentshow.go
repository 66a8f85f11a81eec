package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// show tells the whole story of one incident.
func (x *incidents) show(ctx context.Context, id string) error {
	i, err := x.find(ctx, id)
	if err != nil {
		return err
	}
	one := []counted{{Incident: i}}
	if err := x.count(ctx, one); err != nil {
		return err
	}
	children, err := x.family(ctx, i)
	if err != nil {
		return err
	}
	if x.output == "json" {
		return x.writeStory(one[0])
	}
	p := &page{width: x.columns()}
	p.story(one[0], children)
	return x.write(p.text.String())
}

// family are the incidents that i speaks for, as far as they are still there.
func (x *incidents) family(ctx context.Context, i *incident.Incident) (children []counted, err error) {
	for _, id := range i.Children {
		child, err := x.store.Get(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read incident %s: %w", id, err)
		}
		if child != nil {
			children = append(children, counted{Incident: child})
		}
	}
	err = x.count(ctx, children)
	return inOrder(children), err
}

// write writes text to standard output.
func (x *incidents) write(text string) error {
	if _, err := io.WriteString(x.Stdout, text); err != nil {
		return fmt.Errorf("write incidents: %w", err)
	}
	return nil
}

// page is text of bounded width, all of it harmless.
type page struct {
	width int
	text  strings.Builder
}

// line is a value behind a label, wrapped below itself. An empty one is left
// out.
func (p *page) line(label, value string) {
	if value == "" {
		return
	}
	const most = 18 // columns of a label
	label = report.Shorten(label, most)
	indent := 2 + max(10, ansi.StringWidth(label)) + gap
	for n, line := range report.Wrap(value, p.width-indent) {
		if n > 0 {
			label = ""
		}
		fmt.Fprintf(&p.text, "  %s%s%s\n", label, strings.Repeat(" ", indent-2-ansi.StringWidth(label)), line)
	}
}

// section is a heading; what follows it is indented.
func (p *page) section(name string) { fmt.Fprintf(&p.text, "\n%s\n", name) }

// story writes all that is known of an incident.
func (p *page) story(c counted, children []counted) {
	fmt.Fprintf(&p.text, "%s · %s\n", stateWord(c.Incident), report.Shorten(c.ID, p.width-20))
	for _, line := range report.Wrap(title(c.Incident), p.width) {
		fmt.Fprintln(&p.text, line)
	}
	fmt.Fprintln(&p.text)
	p.facts(c)
	if lines := timeline(c.tally, min(p.width-2, 72)); lines != nil {
		p.section("denials")
		fmt.Fprintf(&p.text, "  %s\n", strings.Join(lines, "\n  "))
	}
	p.subjects(c.Incident)
	p.roles(children)
	p.chapters(c.Incident)
}

// facts are one line each.
func (p *page) facts(c counted) {
	p.line("role", c.Role)
	p.line("account", joined(", ", c.AccountAlias, c.Account))
	p.line("provider", joined(", ", c.ProviderName, c.Provider))
	p.line("caller", string(c.Caller))
	p.line("denied", often(c.tally))
	switch {
	case c.State == incident.Open && !c.Opened.IsZero():
		p.line("open", "since "+clock(c.Opened)+" UTC")
	case !c.Closed.IsZero():
		p.line(string(c.State), "since "+clock(c.Closed)+" UTC")
	}
	p.line("snoozed by", c.Rule)
	p.line("part of", c.Parent)
	if !c.Waits.IsZero() {
		p.line("waits", "for the next digest, since "+clock(c.Waits)+" UTC")
	}
	for _, edit := range c.Edits {
		p.line("unanswered", "edit "+change(edit))
	}
	for _, m := range c.Outbox {
		p.line("to be sent", fmt.Sprintf("%s of %s UTC, to %s, tries: %d", m.Kind, clock(m.At), strings.Join(m.Channels, ", "), m.Tries))
	}
	for _, cause := range c.Causes {
		p.line("cause", fmt.Sprintf("%s, from %s UTC", cause.Code, clock(cause.From)))
	}
}

func (p *page) subjects(i *incident.Incident) {
	if len(i.Subjects) == 0 {
		return
	}
	p.section("callers")
	for _, sub := range i.Subjects {
		fmt.Fprintln(&p.text, "  "+report.Shorten(sub, p.width-2))
	}
	if i.MoreSubjects {
		fmt.Fprintln(&p.text, "  and more, which are not kept")
	}
}

// roles are the incidents that the one of a provider speaks for.
func (p *page) roles(children []counted) {
	if len(children) == 0 {
		return
	}
	p.section("roles")
	ids := make([]string, len(children))
	for n, c := range children {
		ids[n] = c.ID
	}
	rows := make([][]string, len(children))
	for n, c := range children {
		rows[n] = []string{shortID(c.ID, ids), stateWord(c.Incident), cmp.Or(c.Role, "-"), cmp.Or(string(cause(c.Incident)), "-"), fmt.Sprint(c.tally.Count)}
	}
	heads := []head{{name: "ID"}, {name: "STATE"}, {name: "ROLE", elastic: 30}, {name: "CAUSE", elastic: 20}, {name: "COUNT", right: true}}
	for line := range strings.Lines(grid(p.width-2, heads, rows)) {
		p.text.WriteString("  " + line)
	}
}

// chapters are the story, the first chapter first.
func (p *page) chapters(i *incident.Incident) {
	if len(i.Story) == 0 {
		return
	}
	p.section("story, in UTC")
	for n, chapter := range i.Story {
		if n == 1 && len(i.Story) >= incident.MostStory {
			fmt.Fprintln(&p.text, "  …")
		}
		const indent = 2 + 16 + gap + 10 + gap
		for n, line := range report.Wrap(chapter.Text, p.width-indent) {
			lead := strings.Repeat(" ", indent)
			if n == 0 {
				what := report.Shorten(chapter.What, 10)
				lead = fmt.Sprintf("  %s  %s%s", clock(chapter.At), what, strings.Repeat(" ", 10+gap-ansi.StringWidth(what)))
			}
			fmt.Fprintln(&p.text, strings.TrimRight(lead+line, " "))
		}
	}
}
