package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func (in *invocation) eval() *cobra.Command {
	return &cobra.Command{
		Use:   "eval [FILE|-]",
		Short: "Evaluate trust policies, one request a line",
		Long: `eval reads lines of JSON, each a trust policy with a request:
  {"id", "trustPolicy", "roleArn", "action", "principal", "context",
   "resourceControlPolicies"}
and writes {"id", "result"} for each, where the result is Allowed,
ImplicitlyDenied, ExplicitlyDenied or error. Where the documentation of IAM
leaves the outcome open, it is ImplicitlyDenied with "undecided": true.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := in.open(append(args, "-")[0])
			if err != nil {
				return fmt.Errorf("evaluate: %w", err)
			}
			defer r.Close()
			return policy.EvalLines(r, in.Stdout, runtime.GOMAXPROCS(0))
		},
	}
}
