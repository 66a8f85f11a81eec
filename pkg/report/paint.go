package report

import "github.com/charmbracelet/x/ansi"

// paint colours text for a terminal; the zero value leaves it plain. It uses
// SGR sequences alone: lipgloss looks at the terminal, and within tmux starts
// a process, as soon as it is imported.
type paint struct{ on bool }

func (p paint) with(style ansi.Style, s string) string {
	if !p.on || s == "" {
		return s
	}
	return style.Styled(s)
}

func (p paint) faint(s string) string  { return p.with(ansi.NewStyle().Faint(), s) }
func (p paint) strong(s string) string { return p.with(ansi.NewStyle().Bold(), s) }
func (p paint) good(s string) string   { return p.with(ansi.NewStyle().ForegroundColor(ansi.Green), s) }

func (p paint) bad(s string) string { return p.with(ansi.NewStyle().ForegroundColor(ansi.Red), s) }

func (p paint) alarm(s string) string {
	return p.with(ansi.NewStyle().Bold().ForegroundColor(ansi.Red), s)
}
