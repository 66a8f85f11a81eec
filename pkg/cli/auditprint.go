package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/audit"
	htmlpage "github.com/rolewhy/rolewhy/pkg/page"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// auditKindWords head the findings of each kind.
var auditKindWords = map[audit.Kind]string{
	audit.TooOpen:      "Too open: somebody who has no business there can enter",
	audit.CannotWork:   "Cannot work: no token satisfies the statement",
	audit.LeftOver:     "Left over: the provider is gone",
	audit.AboutToBreak: "About to break: an announced change ends what works today",
}

// print writes the outcome as --output says.
func (x *auditing) print(r *audited) error {
	if x.output == "json" { // as it is: it is the longest by far
		if err := encodeLine(x.Stdout, &r.Result); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
		return nil
	}
	var b bytes.Buffer
	var err error
	switch x.output {
	case "html":
		err = htmlpage.Audit(&b, &r.Result)
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

// auditSummary is what was read and found, in a line or two.
func auditSummary(r *audit.Result) string {
	text := fmt.Sprintf("%s for OIDC providers, %s", count(r.Roles, "role"), count(r.Providers, "provider"))
	if r.Account != "" {
		text = "account " + r.Account + ": " + text
	}
	if len(r.Findings) == 0 {
		return text + ": no findings"
	}
	var parts []string
	for _, kind := range auditKinds {
		if n := countKind(r, audit.Kind(kind)); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ReplaceAll(kind, "-", " ")))
		}
	}
	return text + ": " + strings.Join(parts, ", ")
}

func countKind(r *audit.Result, kind audit.Kind) (n int) {
	for i := range r.Findings {
		if r.Findings[i].Kind == kind {
			n++
		}
	}
	return n
}

// ofKind are the findings of a kind.
func (r *audited) ofKind(kind string) (all []*audit.Finding) {
	for i := range r.Findings {
		if string(r.Findings[i].Kind) == kind {
			all = append(all, &r.Findings[i])
		}
	}
	return all
}

// mostFindings bounds the findings of a kind that are told whole to readers.
const mostFindings = 100

func leftOut(n int) string {
	return fmt.Sprintf("and %d more of this kind, which --output html and --output json have", n)
}

// auditText is an audit on its way to a terminal.
type auditText struct {
	*bytes.Buffer
	options report.TextOptions
}

func (x *auditing) text(b *bytes.Buffer, r *audited) error {
	const pipe = 80 // columns where there is no terminal
	width := min(max(cmp.Or(x.width, x.Columns, pipe), 40), 120)
	t := &auditText{b, report.TextOptions{Width: width, Color: (&printer{in: x.invocation}).color()}}
	t.lines(auditSummary(&r.Result))
	for _, kind := range auditKinds {
		if err := t.kind(kind, r.ofKind(kind)); err != nil {
			return err
		}
	}
	for i, g := range r.Gaps {
		if i == 0 {
			fmt.Fprintln(t, "\ncould not see:")
		}
		t.lines("- " + g.What + ", because " + g.Why)
	}
	return nil
}

func (t *auditText) lines(s string) {
	fmt.Fprintln(t, strings.Join(report.Wrap(s, t.options.Width), "\n"))
}

// kind tells the findings of a kind.
func (t *auditText) kind(kind string, found []*audit.Finding) error {
	if len(found) == 0 {
		return nil
	}
	fmt.Fprintln(t)
	t.lines(fmt.Sprintf("%s (%d)", auditKindWords[audit.Kind(kind)], len(found)))
	if kind == string(audit.LeftOver) {
		t.leftOver(found)
		return nil
	}
	for _, f := range found[:min(len(found), mostFindings)] {
		fmt.Fprintln(t)
		if err := report.AloneText(t, alone(f), t.options); err != nil {
			return err
		}
	}
	if more := len(found) - mostFindings; more > 0 {
		fmt.Fprintln(t)
		t.lines(leftOut(more))
	}
	return nil
}

// leftOver lists the roles of each provider that is gone.
func (t *auditText) leftOver(found []*audit.Finding) {
	for _, g := range byProvider(found) {
		fmt.Fprintln(t)
		t.lines(g.provider + ", " + count(len(g.roles), "role"))
		for _, role := range g.roles {
			fmt.Fprintln(t, "  "+role)
		}
	}
}

// gone is a provider that is gone, with the roles that still trust it.
type gone struct {
	provider string
	roles    []string // escaped
}

// byProvider lists the roles that name each provider that is gone.
func byProvider(found []*audit.Finding) (all []gone) {
	for _, f := range found {
		i := slices.IndexFunc(all, func(g gone) bool { return g.provider == f.Provider })
		if i < 0 {
			i, all = len(all), append(all, gone{provider: f.Provider})
		}
		if name := report.Shorten(placed(f), 200); !slices.Contains(all[i].roles, name) {
			all[i].roles = append(all[i].roles, name)
		}
	}
	return all
}

// placed is the role of a finding, with its place in a file where it is in one.
func placed(f *audit.Finding) string {
	if f.Source == "" {
		return f.Role
	}
	return f.Role + " (" + inFile(f) + ")"
}

// inFile is the file of a finding with its line.
func inFile(f *audit.Finding) string {
	if f.Where != nil && f.Where.Source != "" {
		return fmt.Sprintf("%s:%d:%d", f.Source, f.Where.Line, f.Where.Column)
	}
	return f.Source
}

// alone is a finding as it is told.
func alone(f *audit.Finding) *report.Alone {
	a := &report.Alone{
		Title: f.Role, Head: strings.ReplaceAll(string(f.Kind), "-", " "), Role: f.Role, Policy: f.Policy,
		Finding: report.Finding{Code: f.Code, Certainty: f.Certainty, Message: f.Message, Where: f.Where, Notes: f.Notes, Fixes: f.Fixes, Docs: f.Docs},
	}
	if f.Source != "" {
		a.Place = inFile(f)
	}
	if who := f.Admitted; who != nil {
		a.Label = "for example this one can enter"
		a.Facts = append([]report.Pair{{Name: "who", Value: who.Who}, {Name: "provider", Value: who.Provider}, {Name: "subject", Value: who.Subject}, {Name: "audience", Value: who.Audience}}, who.Claims...)
		a.Facts = slices.DeleteFunc(a.Facts, func(p report.Pair) bool { return p.Value == "" })
	}
	return a
}

func (x *auditing) markdown(b *bytes.Buffer, r *audited) error {
	fmt.Fprintf(b, "# Trust policies for OIDC providers\n\n%s\n\n", report.MarkdownText(auditSummary(&r.Result)))
	for _, kind := range auditKinds {
		if err := markdownKind(b, kind, r.ofKind(kind)); err != nil {
			return err
		}
	}
	for i, g := range r.Gaps {
		if i == 0 {
			b.WriteString("# Could not see\n\n")
		}
		fmt.Fprintf(b, "- %s, because %s\n", report.MarkdownText(g.What), report.MarkdownText(g.Why))
	}
	return nil
}

// markdownKind tells the findings of a kind.
func markdownKind(b *bytes.Buffer, kind string, found []*audit.Finding) error {
	if len(found) == 0 {
		return nil
	}
	fmt.Fprintf(b, "# %s (%d)\n\n", report.MarkdownText(auditKindWords[audit.Kind(kind)]), len(found))
	if kind == string(audit.LeftOver) {
		for _, g := range byProvider(found) {
			fmt.Fprintf(b, "- %s\n", report.MarkdownCode(g.provider))
			for _, role := range g.roles {
				fmt.Fprintf(b, "  - %s\n", report.MarkdownCode(role))
			}
		}
		b.WriteString("\n")
		return nil
	}
	for _, f := range found[:min(len(found), mostFindings)] {
		if err := report.AloneMarkdown(b, alone(f)); err != nil {
			return err
		}
	}
	if more := len(found) - mostFindings; more > 0 {
		b.WriteString(report.MarkdownText(leftOut(more)) + "\n\n")
	}
	return nil
}
