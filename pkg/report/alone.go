package report

import (
	"fmt"
	"io"
)

// Alone is a finding of which no call tells: one about a policy as it stands.
type Alone struct {
	Title  string // who has it, for example the name of a role
	Place  string // where that is; "" where there is nothing to say
	Head   string // what the finding is called: cause, too open
	Role   string // ARN, for the command that changes the policy; anything else gives none
	Policy string // the trust policy that Finding.Where and the fixes are about
	Finding
	Label string // of Facts
	Facts []Pair // what shows it, for example who is admitted; nil for none
}

// tellAlone says what is wrong, what shows it, and what to change.
func tellAlone(m medium, a *Alone) {
	r := &Report{TrustPolicy: a.Policy, Event: Event{Role: a.Role}, Findings: []Finding{a.Finding}}
	if a.Title != "" {
		m.title(a.Title, a.Place)
	}
	tellFinding(m, r, &a.Finding, a.Head)
	m.facts(a.Label, a.Facts)
	tellFixes(m, r, r.Findings)
	if a.Docs != "" {
		m.code("see", "text", a.Docs) // where lines are not broken
	}
}

// AloneText writes a finding as Text writes those of a report.
func AloneText(w io.Writer, a *Alone, o TextOptions) error {
	t := &text{paint: paint{o.Color}, width: min(max(o.Width, leastWidth), mostWidth)}
	if o.Width == 0 {
		t.width = usualWidth
	}
	tellAlone(t, a)
	if _, err := io.WriteString(w, t.out.String()); err != nil {
		return fmt.Errorf("write finding: %w", err)
	}
	return nil
}

// AloneMarkdown writes a finding as Markdown writes those of a report.
func AloneMarkdown(w io.Writer, a *Alone) error {
	m := &markdown{}
	tellAlone(m, a)
	if _, err := io.WriteString(w, m.out.String()); err != nil {
		return fmt.Errorf("write finding: %w", err)
	}
	return nil
}
