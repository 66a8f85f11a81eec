package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// outputs are the values of --output.
var outputs = []string{"text", "json", "markdown", "slack", "sns"}

// printer writes reports one after the other.
type printer struct {
	in      *invocation
	output  string
	width   int
	heading string // stands above every text, unless it is empty
	printed int
}

// flags adds the flags of the printer to a command.
func (p *printer) flags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&p.output, "output", "o", "text", "text, json (one report a line), markdown, or the payload of an alert: slack, sns")
	cmd.Flags().IntVar(&p.width, "width", 0, "columns of text, 40 to 120 (default: those of the terminal, else 80)")
	complete(cmd, "output", outputs)
}

// complete makes a flag's values known to shell completion.
func complete(cmd *cobra.Command, flag string, values []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag is not there: a mistake in this package
	}
}

func (p *printer) check() error {
	if !slices.Contains(outputs, p.output) {
		return usagef("--output %q is none of %s", p.output, strings.Join(outputs, ", "))
	}
	return nil
}

// print writes one report.
func (p *printer) print(r *report.Report) error {
	p.printed++
	switch p.output {
	case "json":
		return report.JSON(p.in.Stdout, r)
	case "markdown":
		return report.Markdown(p.in.Stdout, r)
	case "slack", "sns":
		return p.payload(r)
	}
	if _, err := io.WriteString(p.in.Stdout, p.lead()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return report.Text(p.in.Stdout, r, report.TextOptions{Width: p.columns(), Color: p.color()})
}

// lead is what stands between two texts.
func (p *printer) lead() (lead string) {
	if p.printed > 1 {
		lead = "\n"
	}
	if p.heading != "" {
		lead += report.Escape(p.heading) + "\n"
	}
	return lead
}

func (p *printer) columns() int {
	if p.width != 0 {
		return p.width
	}
	return p.in.Columns
}

// color follows https://no-color.org.
func (p *printer) color() bool {
	return p.in.Columns > 0 && p.in.Env("NO_COLOR") == "" && p.in.Env("TERM") != "dumb"
}
