package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

func (in *invocation) causes() *cobra.Command {
	return &cobra.Command{
		Use:               "causes [CODE]",
		Short:             "List the causes, or explain one",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.FixedCompletions(codes(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return in.listCauses()
			}
			return in.explainCause(args[0])
		},
	}
}

// codes are the codes of all causes.
func codes() []string {
	codes := make([]string, 0, len(diagnose.Checks))
	for _, c := range diagnose.Checks {
		codes = append(codes, string(c.Code))
	}
	return codes
}

func (in *invocation) listCauses() error {
	w := tabwriter.NewWriter(in.Stdout, 0, 0, 2, ' ', 0)
	for _, c := range diagnose.Checks {
		fmt.Fprintf(w, "%s\t%s\n", c.Code, c.Title)
	}
	return w.Flush()
}

func (in *invocation) explainCause(code string) error {
	for _, c := range diagnose.Checks {
		if string(c.Code) == code {
			_, err := fmt.Fprint(in.Stdout, causeText(c))
			return err
		}
	}
	return unknownCode(code)
}

func causeText(c *diagnose.Check) string {
	text := fmt.Sprintf("%s: %s\n\n%s\n", c.Code, c.Title, strings.TrimSpace(c.Doc))
	if len(c.Errors) > 0 {
		text += "\nError code: " + strings.Join(c.Errors, ", ") + "\n"
	}
	if c.URL != "" {
		text += "\nSee " + c.URL + "\n"
	}
	return text
}

// unknownCode says which code was probably meant.
func unknownCode(code string) error {
	const near = 5 // edits
	best, distance := "", near+1
	for _, c := range codes() {
		if d := levenshtein.ComputeDistance(code, c); d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		return usagef("there is no cause %q; rolewhy causes lists them", code)
	}
	return usagef("there is no cause %q; did you mean %s? rolewhy causes lists them", code, best)
}
