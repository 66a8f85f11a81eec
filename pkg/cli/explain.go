package cli

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// explanation is one run of rolewhy explain.
type explanation struct {
	*invocation
	printer
	account, token, text, role, expect string
	mine                               bool

	live   live
	here   hereFlags
	judge  func(*cloudtrail.Event, *report.Report) int // the exit code of a report, nil for that of explain
	given  *casefile.File
	held   caller.Token   // that was given with --token
	claims map[string]any // of the token
}

const explainLong = `explain reads CloudTrail records and tells for each denied
AssumeRoleWithWebIdentity call what the cause is and what would cure it.

FILE is a record as CloudTrail, EventBridge, SQS, LookupEvents or a trail in S3
have it, plain or gzip; - is standard input. Where there is no record, give the
error that the program printed with --error, and the role with --role.

Without any of these it looks at the place it runs in: a pod, or a job of GitHub
Actions, GitLab, CircleCI, Bitbucket, Buildkite or HCP Terraform. It finds the
token that the failing call presents, tells its claims and what is wrong as far
as that can be seen from there, and prints what to send to the people who own
the role. With --try it makes the call and tells what STS answers.

The roles and providers of the account come from --account: a file with
{"roles": […], "oidcProviders": […]}, or the output of
aws iam get-account-authorization-details. An event that has a "case" beside
the record brings its own. With --live the account is read from AWS instead,
with the credentials and the region that the environment gives, and with
--event-id the record is too. The claims that CloudTrail leaves out come from
--token; the token is read on this machine and shown nowhere.

`

func (in *invocation) explain() *cobra.Command {
	x := &explanation{invocation: in, printer: printer{in: in}}
	cmd := &cobra.Command{
		Use:   "explain [FILE|-]...",
		Short: "Explain denied calls",
		Long:  explainLong + exitCodes,
		RunE:  func(cmd *cobra.Command, args []string) error { return x.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.StringVar(&x.account, "account", "", "`FILE` with the roles and providers of the account")
	f.StringVar(&x.token, "token", "", "`FILE` with the caller's token, a JWT or its claims as JSON; - is standard input")
	f.StringVar(&x.text, "error", "", "error `TEXT` that the caller got, in place of a record")
	f.StringVar(&x.role, "role", "", "`ARN` of the role that the caller wanted, where no record names it")
	f.BoolVar(&x.mine, "mine", false, "the caller is yours: propose fixes even for one whom the account does not know")
	f.StringVar(&x.expect, "expect", "", "exit with 0 only if this cause, a `CODE`, is found in every report")
	x.live.liveFlags(cmd)
	x.live.eventFlag(cmd)
	x.here.flags(cmd)
	x.flags(cmd)
	complete(cmd, "expect", codes())
	return cmd
}

func (x *explanation) run(ctx context.Context, files []string) error {
	if err := x.checkArguments(files); err != nil {
		return err
	}
	if err := x.load(); err != nil {
		return err
	}
	if !x.elsewhere(files) {
		return x.present(ctx)
	}
	if err := x.live.connect(ctx, x.Env); err != nil {
		return err
	}
	switch {
	case x.text != "":
		return x.pasted(ctx)
	case x.live.eventID != "":
		return x.fetched(ctx)
	}
	for _, name := range files {
		if err := x.file(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// pasted explains the error that was given in place of a record. It is judged
// as of now, which is not when it happened.
func (x *explanation) pasted(ctx context.Context) error {
	r, err := x.diagnose(ctx, pasted{x.text, x.role, x.claims}.event(x.Now()))
	if err != nil {
		return err
	}
	r.Event.Time = time.Time{}
	return x.deliver(r)
}

// elsewhere tells whether the call is given, and is not that of this place.
func (x *explanation) elsewhere(files []string) bool {
	return len(files) > 0 || x.text != "" || x.live.eventID != ""
}

func (x *explanation) checkArguments(files []string) error {
	switch {
	case len(files) > 0 && x.text != "":
		return usageError("explain takes either a FILE or --error, not both")
	case x.role != "" && x.text == "" && x.elsewhere(files):
		return usageError("--role goes with --error; a record names its role itself")
	case x.token == "-" && slices.Contains(files, "-"):
		return usageError("standard input cannot be both the record and the token")
	case x.expect != "" && !slices.Contains(codes(), x.expect):
		return unknownCode(x.expect)
	}
	if err := cmp.Or(x.checkHere(x.elsewhere(files)), x.checkLive(files)); err != nil || !x.elsewhere(files) {
		return err
	}
	return x.check()
}

// load reads the account and the token.
func (x *explanation) load() (err error) {
	if x.account != "" {
		if x.given, err = loadAccount(x.account); err != nil {
			return err
		}
	}
	if x.token != "" {
		x.held, err = x.readToken(x.token)
		x.claims = x.held.Claims
	}
	return err
}
