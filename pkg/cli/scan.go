package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanning is one run of rolewhy scan.
type scanning struct {
	*invocation
	live     live
	account  string
	output   string
	from, to string
	failOn   []string
	workers  int
	most     int
	width    int
	progress string
}

const scanLong = `scan reads CloudTrail logs and tells which roles cannot be assumed, by whom,
since when, why, and what to change.

PATH is a file or a folder of logs as CloudTrail writes them, plain or gzip; - is
standard input. Folders are read with all that is below them.

The roles and providers of the accounts come from --account or with --live, as
those of explain do. Without either, a trust policy is known where the logs have
the change that set it. Changes in the logs also tell which version was in force
at each denial.

A denial counts once however often its record is read. What cannot be read is
listed at the end; the rest is read all the same. Ctrl-C ends the scan with what
was found until then.

Exit codes:
  0  done
  1  --fail-on holds for an incident
  2  wrong usage
  3  something could not be read, or the scan was interrupted`

// scanOutputs are the values of --output.
var scanOutputs = []string{"text", "json", "jsonl", "csv", "markdown", "html"}

func (in *invocation) scan() *cobra.Command {
	x := &scanning{invocation: in}
	cmd := &cobra.Command{
		Use:   "scan PATH|-...",
		Short: "Find the denied calls of whole accounts in CloudTrail logs",
		Long:  scanLong,
		RunE:  func(cmd *cobra.Command, args []string) error { return x.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.StringVar(&x.account, "account", "", "`FILE` with the roles and providers of the account")
	f.StringVarP(&x.output, "output", "o", "text", strings.Join(scanOutputs, ", ")+" (one page that opens from disk)")
	f.StringVar(&x.from, "from", "", "leave out denials before this `TIME`: 2026-11-23, 2026-11-23T03:12:00Z or 36h ago")
	f.StringVar(&x.to, "to", "", "leave out denials from this `TIME` on")
	f.StringSliceVar(&x.failOn, "fail-on", nil, "exit with 1 if there is an incident of this kind: any, failing, or a `CODE` of a cause")
	f.IntVar(&x.workers, "workers", 0, "files that are read at a time (default: one for each processor)")
	f.IntVar(&x.most, "max-incidents", scan.DefaultMostGroups, "incidents that are kept apart")
	f.IntVar(&x.width, "width", 0, "columns of text (default: those of the terminal, else 120)")
	f.StringVar(&x.progress, "progress", "auto", "auto, always or never")
	x.live.liveFlags(cmd)
	complete(cmd, "output", scanOutputs)
	complete(cmd, "fail-on", append([]string{"any", "failing"}, codes()...))
	return cmd
}

func (x *scanning) run(ctx context.Context, paths []string) error {
	s, err := x.scanner(ctx, paths)
	if err != nil {
		return err
	}
	bar := x.newProgress()
	s.Progress = bar.show
	r, err := s.Scan(ctx, x.sources(paths)...)
	bar.end()
	if err != nil {
		return err
	}
	if err := x.print(r); err != nil {
		return err
	}
	x.tellUnreadable(r)
	x.judge(r)
	return nil
}

func (x *scanning) scanner(ctx context.Context, paths []string) (*scan.Scanner, error) {
	if err := x.check(paths); err != nil {
		return nil, err
	}
	s := &scan.Scanner{Workers: x.workers, MostGroups: x.most}
	var err error
	if s.From, err = x.time("--from", x.from); err != nil {
		return nil, err
	}
	if s.To, err = x.time("--to", x.to); err != nil {
		return nil, err
	}
	s.Account, err = x.policies(ctx)
	return s, err
}

func (x *scanning) check(paths []string) error {
	switch {
	case len(paths) == 0:
		return usageError("scan needs something to read: a file or a folder of CloudTrail logs, or - for standard input")
	case !slices.Contains(scanOutputs, x.output):
		return usagef("--output %q is none of %s", x.output, strings.Join(scanOutputs, ", "))
	case x.live.on && x.account != "":
		return usageError("scan reads the account either from AWS with --live or from a file with --account, not both")
	case !slices.Contains([]string{"auto", "always", "never"}, x.progress):
		return usagef("--progress %q is none of auto, always, never", x.progress)
	case x.workers < 0 || x.most < 1:
		return usageError("--workers and --max-incidents take a number above 0")
	}
	for _, want := range x.failOn {
		if want != "any" && want != "failing" && !slices.Contains(codes(), want) {
			return usagef("--fail-on %q is neither any, failing nor the code of a cause; rolewhy causes lists those", want)
		}
	}
	return x.live.checkLive()
}

// policies are those of the account, nil where none are at hand.
func (x *scanning) policies(ctx context.Context) (diagnose.Account, error) {
	if x.account != "" {
		return loadAccount(x.account)
	}
	if err := x.live.connect(ctx, x.Env); err != nil || x.live.account == nil {
		return nil, err
	}
	return x.live.account, nil
}

// time reads a time of the command line: a day, a time, or how long ago.
func (x *scanning) time(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(form, value); err == nil {
			return t, nil
		}
	}
	if ago, err := time.ParseDuration(value); err == nil && ago > 0 {
		return x.Now().Add(-ago), nil
	}
	return time.Time{}, usagef("%s %q is no time: give a day such as 2026-11-23, a time such as 2026-11-23T03:12:00Z, or how long ago, such as 36h", flag, value)
}

func (x *scanning) sources(paths []string) (list []scan.Source) {
	var files []string
	for _, path := range paths {
		if path == "-" {
			list = append(list, scan.Stdin(x.Stdin))
		} else {
			files = append(files, path)
		}
	}
	if len(files) > 0 {
		list = append(list, scan.Files(files...))
	}
	return list
}

// mostTold bounds the places that are complained of; JSON lists all of them.
const mostTold = 20

// tellUnreadable complains of what could not be read.
func (x *scanning) tellUnreadable(r *scan.Result) {
	for n, u := range r.Unreadable {
		if n == mostTold {
			x.fail(fmt.Errorf("and %d more places could not be read; --output json lists them", len(r.Unreadable)-n))
			break
		}
		x.fail(fmt.Errorf("%s: %s", u.Where, u.Why))
	}
	if r.Interrupted {
		x.worsen(exitFailure)
	}
}

// judge sets the exit code that --fail-on asks for.
func (x *scanning) judge(r *scan.Result) {
	for i := range r.Incidents {
		if slices.ContainsFunc(x.failOn, func(want string) bool { return is(&r.Incidents[i], want) }) {
			x.worsen(exitUnexplained)
			return
		}
	}
}

// is tells whether an incident is of a kind that --fail-on names.
func is(i *scan.Incident, want string) bool {
	return want == "any" || want == "failing" && i.Standing == scan.Failing ||
		slices.ContainsFunc(i.Report.Findings, func(f report.Finding) bool {
			return string(f.Code) == want && f.Certainty != report.Possible
		})
}
