package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// print writes the outcome as --output says.
func (x *checking) print(r *checked) error {
	var b bytes.Buffer
	var err error
	switch x.output {
	case "json":
		err = encodeLine(&b, r)
	case "sarif":
		err = r.sarif(&b)
	case "markdown":
		err = x.markdown(&b, r)
	default:
		err = x.text(&b, r)
	}
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	if _, err := x.Stdout.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// alone is a cause of a denial as it is told.
func (d *decision) alone(i int) *report.Alone {
	a := &report.Alone{Head: "cause", Role: d.Role, Policy: d.Policy, Finding: d.Findings[i]}
	if n := len(d.Findings); n > 1 {
		a.Head = fmt.Sprintf("cause %d of %d", i+1, n)
	}
	return a
}

func (x *checking) text(b *bytes.Buffer, r *checked) error {
	const pipe = 80 // columns where there is no terminal
	width := min(max(cmp.Or(x.width, x.Columns, pipe), 40), 120)
	options := report.TextOptions{Width: width, Color: (&printer{in: x.invocation}).color()}
	for i := range r.Roles {
		d := &r.Roles[i]
		if i > 0 {
			fmt.Fprintln(b)
		}
		sheet := &textSheet{width: width}
		sheet.title(fmt.Sprintf("%s (%s:%d)", d.Role, d.File, d.Line))
		sheet.wrapped(d.headline())
		x.unexpected(sheet, d)
		d.trace(sheet)
		b.WriteString(sheet.String())
		for n := range d.Findings {
			if err := report.AloneText(b, d.alone(n), options); err != nil {
				return err
			}
		}
	}
	for i, g := range r.Gaps {
		if i == 0 {
			fmt.Fprintln(b, "\ncould not see:")
		}
		fmt.Fprintln(b, strings.Join(report.Wrap("- "+g.What+", because "+g.Why, width), "\n"))
	}
	return nil
}

// unexpected says that the decision is not the expected one.
func (x *checking) unexpected(s sheet, d *decision) {
	if x.expect != "" && d.Decision != x.expect {
		s.prose("not as expected", "it should be "+x.expect)
	}
}

// trace tells every statement with its parts.
func (d *decision) trace(s sheet) {
	for _, st := range d.Statements {
		var parts []report.Pair
		for _, p := range st.Parts {
			parts = append(parts, report.Pair{Name: p.name(), Value: p.words(d.File)})
		}
		s.facts(st.words(), parts)
	}
}

// name is the outcome of a part with what it is.
func (p *partTrace) name() string { return metWords[p.Met] + " " + cmp.Or(p.Operator, p.Part) }

// metWords are the outcomes of parts.
var metWords = map[string]string{"yes": "met", "no": "NOT MET", "unknown": "open"}

// words tell what a part wants and what it got.
func (p *partTrace) words(file string) string {
	text := strings.Join(p.Wants, ", ")
	if p.Part == "condition" {
		text = p.Key + " wants " + text
		if len(p.Got) > 0 {
			text += ", got " + strings.Join(p.Got, ", ")
		}
	}
	switch reason := reasonWords(p.Reason); {
	case p.Met == "unknown" && p.Reason == "key-hidden":
		text += " (not told; give it by --claim)"
	case reason != "" && p.Met != "yes":
		text += " (" + reason + ")"
	}
	return fmt.Sprintf("%s [%s:%d:%d]", text, file, p.Line, p.Column)
}

// words are the head of a statement.
func (t *statementTrace) words() string {
	text := fmt.Sprintf("statement %d", t.Statement)
	if t.Sid != "" {
		text += " (" + t.Sid + ")"
	}
	switch t.Matches {
	case "yes":
		return text + ", " + t.Effect + ": matches"
	case "no":
		return text + ", " + t.Effect + ": does not match"
	}
	return text + ", " + t.Effect + ": hangs on what is open"
}

func (x *checking) markdown(b *bytes.Buffer, r *checked) error {
	for i := range r.Roles {
		d := &r.Roles[i]
		s := &markdownSheet{}
		s.title(fmt.Sprintf("%s (%s:%d)", d.Role, d.File, d.Line))
		s.prose("", d.headline())
		x.unexpected(s, d)
		d.trace(s)
		b.WriteString(s.String())
		for n := range d.Findings {
			if err := report.AloneMarkdown(b, d.alone(n)); err != nil {
				return err
			}
		}
	}
	for _, g := range r.Gaps {
		fmt.Fprintf(b, "- could not see %s, because %s\n", report.MarkdownText(g.What), report.MarkdownText(g.Why))
	}
	return nil
}
