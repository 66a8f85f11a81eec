package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// checking is one run of rolewhy check.
type checking struct {
	*invocation
	inventory
	output   string
	width    int
	subject  string
	audience string
	provider string
	claims   []string // NAME=VALUE
	role     string
	expect   string

	context [][2]string // claims, taken apart
}

const checkLong = `check tells whether a trust policy admits a caller: every statement with each of
its parts, met or not, and why; where the caller is denied, the causes as explain
gives them. It is for policies that are not in force yet.

POLICY is a trust policy, a template of CloudFormation or SAM, what terraform
show -json prints, or an account file; - is standard input. Of a file with
several roles all that trust an OIDC provider are checked; --role picks one.

The provider is that of the policy where it names one alone, else the one whose
subjects look like that of --as. Without --aud the audience is the usual one of
the provider. Claims that are not given and that the subject does not tell are
open: where the outcome hangs on one, it is undecided.

Exit codes:
  0  done; with --expect: every decision is the expected one
  1  --expect does not hold
  2  wrong usage
  3  something could not be read`

// checkOutputs are the values of --output.
var checkOutputs = []string{"text", "json", "markdown", "sarif"}

// Decisions of check, of which the first two may be expected.
const (
	allowed   = "allowed"
	deniedNow = "denied"
	undecided = "undecided"
)

func (in *invocation) checkPolicy() *cobra.Command {
	x := &checking{invocation: in, inventory: inventory{invocation: in}}
	cmd := &cobra.Command{
		Use:   "check POLICY|- --as SUB",
		Short: "Tell whether a trust policy in review admits a caller",
		Long:  checkLong,
		RunE:  func(cmd *cobra.Command, args []string) error { return x.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.StringVar(&x.subject, "as", "", "`SUB` of the caller's token")
	f.StringVar(&x.audience, "aud", "", "`AUD` of the token, as STS has it (default: the usual one of the provider)")
	f.StringVar(&x.provider, "provider", "", "`URL|ARN` of the provider (default: that of the policy)")
	f.StringArrayVar(&x.claims, "claim", nil, "`NAME=VALUE` of a further claim, or of a key such as aws:RequestTag/team")
	f.StringVar(&x.role, "role", "", "`ADDRESS` of the one role to check: its logical ID, its address in the plan, or its ARN")
	f.StringVar(&x.expect, "expect", "", "exit with 1 unless every role comes out so: allowed or denied")
	f.StringVarP(&x.output, "output", "o", "text", strings.Join(checkOutputs, ", "))
	f.IntVar(&x.width, "width", 0, "columns of text, 40 to 120 (default: those of the terminal, else 80)")
	x.inventoryFlags(cmd)
	complete(cmd, "output", checkOutputs)
	complete(cmd, "expect", []string{allowed, deniedNow})
	return cmd
}

func (x *checking) run(ctx context.Context, names []string) error {
	if err := x.checkArguments(names); err != nil {
		return err
	}
	if err := x.prepare(ctx); err != nil {
		return err
	}
	account := x.files(names)
	r, err := x.decide(ctx, account, names[0])
	if err != nil {
		return err
	}
	if err := x.print(r); err != nil {
		return err
	}
	for i := range r.Roles {
		if x.expect != "" && r.Roles[i].Decision != x.expect {
			x.worsen(exitUnexplained)
		}
	}
	return nil
}

func (x *checking) checkArguments(names []string) error {
	switch {
	case len(names) != 1:
		return usageError("check takes one file: a trust policy, a template, a Terraform plan or an account file, or - for standard input")
	case x.subject == "":
		return usageError("check needs the sub of a caller: --as repo:acme/api:ref:refs/heads/main")
	case caller.Hide(x.subject) != x.subject:
		return usageError("--as is a token: give its sub, since others can see the arguments of a command")
	case !slices.Contains(checkOutputs, x.output):
		return usagef("--output %q is none of %s", x.output, strings.Join(checkOutputs, ", "))
	case x.expect != "" && x.expect != allowed && x.expect != deniedNow:
		return usagef("--expect %q is neither allowed nor denied", x.expect)
	}
	for _, c := range x.claims {
		name, value, ok := strings.Cut(c, "=")
		if !ok || name == "" {
			return usagef("--claim %q is no NAME=VALUE", c)
		}
		x.context = append(x.context, [2]string{name, value})
	}
	return x.checkInventory()
}

// decide checks the roles of the file.
func (x *checking) decide(ctx context.Context, account *gathered, name string) (*checked, error) {
	r := &checked{Schema: checkSchema, Expect: x.expect, Roles: []decision{}, Gaps: x.gaps(account)}
	passed := 0
	for _, role := range account.roles {
		if x.role != "" && x.role != role.Address && x.role != role.ARN {
			continue
		}
		if len(federated(role.doc)) == 0 && x.role == "" && len(account.roles) > 1 {
			passed++
			continue
		}
		d, err := x.one(ctx, account, role)
		if err != nil {
			x.fail(fmt.Errorf("%s: %s: %w", role.at(), role.title(), err))
			continue
		}
		r.Roles = append(r.Roles, *d)
	}
	if len(r.Roles) == 0 && x.code == exitExplained {
		return nil, x.nothing(name, passed, account)
	}
	return r, nil
}

// gaps are those of the roles that are checked.
func (x *checking) gaps(account *gathered) []report.Gap {
	gaps := []report.Gap{}
	for _, g := range account.gaps {
		if x.role == "" || strings.HasPrefix(g.What, "the trust policy of "+x.role+" (") {
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// nothing says why there is no role to check.
func (x *checking) nothing(name string, passed int, account *gathered) error {
	switch {
	case x.role != "":
		var all []string
		for _, r := range account.roles {
			all = append(all, r.title())
		}
		const most = 20
		return fmt.Errorf("%s has no role %q whose policy is known; it has %s", name, x.role, strings.Join(all[:min(len(all), most)], ", "))
	case passed > 0:
		return fmt.Errorf("none of the roles of %s trusts an OIDC provider", name)
	case len(account.gaps) > 0:
		return errors.New(account.gaps[0].What + " could not be checked: " + account.gaps[0].Why)
	}
	return fmt.Errorf("%s has no role with a trust policy", name)
}
