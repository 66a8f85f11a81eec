package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanning is one run of rolewhy scan.
type scanning struct {
	*invocation
	live            live
	account         string
	output          string
	from, to, since string
	failOn          []string
	workers         int
	most            int
	width           int
	progress        string
	dryRun          bool
	cloud           cloud
}

const scanLong = `scan reads CloudTrail logs and tells which roles cannot be assumed, by whom,
since when, why, and what to change.

PATH is a file or a folder of logs as CloudTrail writes them, plain or gzip;
s3://BUCKET/PREFIX are objects of S3; - is standard input. Folders are read with
all that is below them.

  rolewhy scan AWSLogs --account account.json
  rolewhy scan s3://trail-logs/AWSLogs/ --since 7d --live
  rolewhy scan --since 24h --region all --live      (the event history, no trail)
  rolewhy scan --athena logs.cloudtrail --from 2026-10-01 --max-cost 5

The roles and providers of the accounts come from --account or with --live, as
those of explain do. Without either, a trust policy is known where the logs have
the change that set it. Changes in the logs also tell which version was in force
at each denial.

A denial counts once however often its record is read. What cannot be read is
listed at the end; the rest is read all the same. Ctrl-C or SIGTERM ends the scan
with what was found until then.

Exit codes, of which the highest counts:
  0  done
  1  --fail-on holds for an incident
  2  wrong usage
  3  something could not be read, or the scan was interrupted`

// scanOutputs are the values of --output, progressForms those of --progress.
var (
	scanOutputs   = []string{"text", "json", "jsonl", "csv", "markdown", "html"}
	progressForms = []string{"auto", "lines", "never"}
)

func (in *invocation) scan() *cobra.Command {
	x := &scanning{invocation: in}
	cmd := &cobra.Command{
		Use:   "scan PATH|s3://BUCKET/PREFIX|-...",
		Short: "Find the denied calls of whole accounts in CloudTrail logs",
		Long:  scanLong,
		RunE:  func(cmd *cobra.Command, args []string) error { return x.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&x.account, "account", "", "`FILE` with the roles and providers of the account")
	f.BoolVar(&x.live.on, "live", false, "read the account from AWS, with the credentials of the environment")
	f.StringVarP(&x.output, "output", "o", "text", strings.Join(scanOutputs, ", ")+" (one page that opens from disk)")
	f.StringVar(&x.from, "from", "", "leave out denials before this `TIME`, in UTC: 2026-11-23, 2026-11-23T03:12 or how long ago, as 36h")
	f.StringVar(&x.to, "to", "", "leave out denials after this `TIME`; a day counts to its end")
	f.StringVar(&x.since, "since", "", "leave out denials that are longer ago than this `DURATION`, as 24h or 7d; where nothing else is given to read, read the event history")
	f.StringSliceVar(&x.failOn, "fail-on", nil, "exit with 1 if there is an incident of this `KIND`: any, failing, or the code of a cause")
	f.BoolVar(&x.dryRun, "dry-run", false, "tell what would be read, and read nothing")
	f.IntVar(&x.workers, "workers", 0, "files that are read at a time (default: one for each processor)")
	f.IntVar(&x.most, "max-incidents", scan.DefaultMostGroups, "incidents that are kept, those with the most denied calls")
	f.IntVar(&x.width, "width", 0, "columns of text (default: those of the terminal, else 120)")
	f.StringVar(&x.progress, "progress", "auto", "auto (a bar on a terminal, lines elsewhere), lines or never")
	x.cloud.flags(cmd)
	complete(cmd, "output", scanOutputs)
	complete(cmd, "progress", progressForms)
	complete(cmd, "fail-on", append([]string{"any", "failing"}, codes()...))
	return cmd
}

func (x *scanning) run(cmd *cobra.Command, paths []string) error {
	if err := cmp.Or(x.checkGiven(cmd, paths), x.check(paths)); err != nil {
		return err
	}
	ctx := cmd.Context()
	s := &scan.Scanner{Workers: x.workers, MostGroups: x.most, Now: x.Now}
	var err error
	if s.From, s.To, err = x.times(); err != nil {
		return err
	}
	from, err := x.sources(ctx, paths, s)
	if err != nil {
		return err
	}
	if x.dryRun {
		return x.estimate(ctx, from)
	}
	if s.Account, err = x.policies(ctx); err != nil {
		return err
	}
	s.Live = x.live.account != nil
	return x.read(ctx, s, from)
}

// read does the scan and tells what came of it.
func (x *scanning) read(ctx context.Context, s *scan.Scanner, from *readings) error {
	if err := x.approve(ctx, from.query); err != nil {
		return err
	}
	bar := x.newProgress()
	s.Progress = bar.show
	r, err := s.Scan(ctx, from.all()...)
	bar.end()
	if err != nil {
		return err
	}
	if from.history != nil {
		r.Notes = append(r.Notes, from.history.Notes()...)
	}
	if err := x.print(r); err != nil {
		return err
	}
	x.tellRest(r, from)
	x.tellBill(from.query)
	x.keepState(r, from.history)
	x.judge(r)
	return nil
}

// policies are those of the account, nil where none are at hand.
func (x *scanning) policies(ctx context.Context) (diagnose.Account, error) {
	if x.account != "" {
		return x.filed()
	}
	x.live.region = x.cloud.region()
	if err := x.live.connect(ctx, x.Env); err != nil || x.live.account == nil {
		return nil, err
	}
	return x.live.account, nil
}

// filed is the account of a file. A trust policy alone stands for any role,
// which is right for one call and wrong for those of many roles.
func (x *scanning) filed() (diagnose.Account, error) {
	f, err := loadAccount(x.account)
	if err != nil {
		return nil, err
	}
	if f.AnyRole() {
		return nil, fmt.Errorf("read account: %s: a trust policy alone does not tell which role it is of; give what aws iam get-account-authorization-details prints, or aws iam get-role for one role", x.account)
	}
	return f, nil
}
