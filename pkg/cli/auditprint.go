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
	var b bytes.Buffer
	var err error
	switch x.output {
	case "json":
		err = encodeLine(&b, &r.Result)
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

// ofKind yields the findings of a kind that are told one by one.
func (r *audited) ofKind(kind string) (all []*audit.Finding) {
	for i := range r.Findings {
		if string(r.Findings[i].Kind) == kind {
			all = append(all, &r.Findings[i])
		}
	}
	return all
}

func (x *auditing) text(b *bytes.Buffer, r *audited) error {
	const pipe = 80 // columns where there is no terminal
	width := cmp.Or(x.width, x.Columns, pipe)
	width = min(max(width, 40), 120)
	lines := func(s string) { fmt.Fprintln(b, strings.Join(report.Wrap(s, width), "\n")) }
	lines(auditSummary(&r.Result))
	options := report.TextOptions{Width: width, Color: (&printer{in: x.invocation}).color()}
	for _, kind := range auditKinds {
		found := r.ofKind(kind)
		if len(found) == 0 {
			continue
		}
		fmt.Fprintln(b)
		lines(fmt.Sprintf("%s (%d)", auditKindWords[audit.Kind(kind)], len(found)))
		if kind == string(audit.LeftOver) {
			for _, g := range byProvider(found) {
				fmt.Fprintln(b)
				lines(g.provider + ", " + count(len(g.roles), "role"))
				for _, role := range g.roles {
					fmt.Fprintln(b, "  "+role)
				}
			}
			continue
		}
		for _, f := range found {
			fmt.Fprintln(b)
			if err := report.AloneText(b, alone(f), options); err != nil {
				return err
			}
		}
	}
	for i, g := range r.Gaps {
		if i == 0 {
			fmt.Fprintln(b, "\ncould not see:")
		}
		lines("- " + g.What + ", because " + g.Why)
	}
	return nil
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
		found := r.ofKind(kind)
		if len(found) == 0 {
			continue
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
			continue
		}
		for _, f := range found {
			if err := report.AloneMarkdown(b, alone(f)); err != nil {
				return err
			}
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
