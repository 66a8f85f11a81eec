package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// auditing is one run of rolewhy audit.
type auditing struct {
	*invocation
	inventory
	output string
	failOn []string
	width  int
	rules  bool
}

const auditLong = `audit reads the trust policies of roles before anything fails. It tells
  too-open        who can enter that has no business there, with an example that
                  the policy admits
  cannot-work     statements that no token of their provider satisfies
  left-over       roles that trust a provider that is gone
  about-to-break  what an announced change will end

With --account or --live it reads all roles of the account that trust an OIDC
provider. With FILE it reads the roles in templates of CloudFormation and SAM, in
what terraform show -json prints, and in trust policies; - is standard input.
What the account holds is then taken from --account or --live; without them
nothing is said that hangs on it.

What a template leaves open is not judged, unless --param gives it. A file or a
part of one that cannot be read is told, and the rest goes on.

Exit codes:
  0  done
  1  --fail-on holds for a finding
  2  wrong usage
  3  something could not be read`

// auditOutputs are the values of --output.
var auditOutputs = []string{"text", "json", "markdown", "sarif", "html"}

// auditKinds are the values of --fail-on, and the order in which kinds are told.
var auditKinds = []string{string(audit.TooOpen), string(audit.CannotWork), string(audit.LeftOver), string(audit.AboutToBreak)}

func (in *invocation) audit() *cobra.Command {
	x := &auditing{invocation: in, inventory: inventory{invocation: in}}
	cmd := &cobra.Command{
		Use:   "audit [FILE|-]...",
		Short: "Find trust policies that are too open, cannot work, or are left over",
		Long:  auditLong,
		RunE:  func(cmd *cobra.Command, args []string) error { return x.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.StringVarP(&x.output, "output", "o", "text", strings.Join(auditOutputs, ", "))
	f.StringSliceVar(&x.failOn, "fail-on", nil, "exit with 1 if there is a finding of this `KIND`: any, "+strings.Join(auditKinds, ", "))
	f.IntVar(&x.width, "width", 0, "columns of text, 40 to 120 (default: those of the terminal, else 80)")
	f.BoolVar(&x.rules, "rules", false, "list the rules instead")
	x.inventoryFlags(cmd)
	complete(cmd, "output", auditOutputs)
	complete(cmd, "fail-on", append([]string{"any"}, auditKinds...))
	return cmd
}

func (x *auditing) run(ctx context.Context, names []string) error {
	if err := x.check(names); err != nil {
		return err
	}
	if x.rules {
		return x.listRules()
	}
	if err := x.prepare(ctx); err != nil {
		return err
	}
	r, err := x.look(ctx, names)
	if err != nil {
		return err
	}
	if err := x.print(r); err != nil {
		return err
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Certainty != report.Possible && (slices.Contains(x.failOn, "any") || slices.Contains(x.failOn, string(f.Kind))) {
			x.worsen(exitUnexplained)
		}
	}
	return nil
}

func (x *auditing) check(names []string) error {
	if !slices.Contains(auditOutputs, x.output) {
		return usagef("--output %q is none of %s", x.output, strings.Join(auditOutputs, ", "))
	}
	for _, want := range x.failOn {
		if want != "any" && !slices.Contains(auditKinds, want) {
			return usagef("--fail-on %q is none of any, %s", want, strings.Join(auditKinds, ", "))
		}
	}
	if len(names) == 0 && x.account == "" && !x.live.on && !x.rules {
		return usageError("audit needs something to read: templates, plans or policies, or an account with --account FILE or --live")
	}
	return x.checkInventory()
}

// listRules lists what is looked for.
func (x *auditing) listRules() error {
	w := tabwriter.NewWriter(x.Stdout, 0, 0, 2, ' ', 0)
	for _, rule := range audit.Rules {
		fmt.Fprintf(w, "%s\t%s\t%s\n", rule.Kind, rule.Code, rule.Title)
	}
	return w.Flush()
}

// look audits the files, or without any the account.
func (x *auditing) look(ctx context.Context, names []string) (*audited, error) {
	if len(names) > 0 {
		return x.auditFiles(ctx, names), nil
	}
	r := &audited{Result: audit.Result{Schema: audit.Schema, Findings: []audit.Finding{}, Gaps: []report.Gap{}}}
	if len(x.ids) == 0 {
		return nil, fmt.Errorf("%s: the account file has no roles and no providers with an ARN, so there is nothing to audit", x.account)
	}
	for _, id := range x.ids {
		if roles := x.behind.Roles(ctx, id); roles.Exists == policy.Unknown {
			x.fail(fmt.Errorf("the roles of account %s could not be read: %s", id, roles.Why))
		}
		r.add(audit.Audit(ctx, x.behind, id, audit.Options{Now: x.Now()}))
	}
	if len(x.ids) == 1 {
		r.Account = x.ids[0]
	}
	r.homes = make([]home, len(r.Findings))
	return r, nil
}
