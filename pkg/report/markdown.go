package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the report for job summaries and tickets, in GitHub's
// dialect. It holds what Text holds, and folded what is too long for it: the
// whole policy and its Terraform. Everything in it is escaped.
func Markdown(w io.Writer, r *Report) error {
	m := &markdown{}
	tell(m, r)
	if _, err := io.WriteString(w, m.out.String()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// markdown is the medium of job summaries and tickets.
type markdown struct{ out strings.Builder }

// block writes one block and the empty line that ends it.
func (m *markdown) block(s string) { m.out.WriteString(s + "\n\n") }

func (m *markdown) title(headline, circumstances string) {
	m.block("## " + mdText(headline))
	if circumstances != "" {
		m.block(mdText(circumstances))
	}
}

func (m *markdown) alarm(s string) { m.block("> [!CAUTION]\n> " + mdText(s)) }

func (m *markdown) cause(head, message string, code Code) {
	m.block("### " + mdText(capital(head)))
	m.block(mdText(message) + " (" + mdCode(string(code)) + ")")
}

func (m *markdown) prose(label, s string) {
	if label == "" {
		m.block(mdText(s))
		return
	}
	m.block("**" + mdText(capital(label)) + ":** " + mdText(s))
}

func (m *markdown) fix(head, message string) {
	if message == "" {
		m.block("**" + mdText(capital(head)) + "**")
		return
	}
	m.prose(head, message)
}

func (m *markdown) list(label string, items []string) {
	if len(items) == 0 {
		return
	}
	m.block("**" + mdText(capital(label)) + ":**")
	for _, item := range items {
		m.out.WriteString("- " + mdText(item) + "\n")
	}
	m.out.WriteByte('\n')
}

func (m *markdown) facts(label string, pairs []Pair) {
	if len(pairs) == 0 {
		return
	}
	m.block("**" + mdText(capital(label)) + ":**")
	for _, p := range pairs {
		m.out.WriteString("- " + mdText(p.Name) + " " + mdCode(p.Value) + "\n")
	}
	m.out.WriteByte('\n')
}

func (m *markdown) code(caption, language, s string) {
	if caption != "" {
		m.block(mdText(caption))
	}
	m.block(mdFence(language, strings.Join(codeLines(s), "\n")))
}

func (m *markdown) command(c string) {
	if len(c) > longestCommand {
		m.block("A very long command is in the JSON report.")
		return
	}
	m.block(mdFence("sh", c))
}

func (m *markdown) folded(summary, language, s string) {
	if len(s) > longestCommand {
		return
	}
	m.block("<details><summary>" + mdText(summary) + "</summary>")
	m.block(mdFence(language, s))
	m.block("</details>")
}

// source and compare say in a block of code what Text says, laid out by it.
func (m *markdown) source(w *Where, lines []sourceLine) {
	t := &text{width: mostWidth}
	t.source(w, lines)
	m.block(mdFence("text", withoutRule(t)))
}

func (m *markdown) compare(c comparison) {
	t := &text{width: mostWidth}
	t.compare(c)
	m.block(mdFence("text", withoutRule(t)))
}

func withoutRule(t *text) string {
	lines := strings.Split(strings.TrimSpace(t.out.String()), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimPrefix(l, rule), " ")
	}
	return strings.Join(lines, "\n")
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
