// Package cli is the command line. A Command is a value with its own streams
// and environment, so that tests run it as a user would.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Command is one invocation of rolewhy, in the manner of exec.Cmd.
type Command struct {
	Args           []string // without the name of the program
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Env            func(name string) string
	Environ        []string         // all variables, as os.Environ has them, to tell the place by
	Asks           bool             // somebody is at a terminal on Stdin to answer a question
	Columns        int              // of the terminal on Stdout, 0 where it is none
	ErrColumns     int              // of the terminal on Stderr, 0 where it is none
	Now            func() time.Time // time of the calls whose record is not at hand

	// Incidents opens the table of incidents in a region, "" for that of the
	// environment. Nil: it is DynamoDB's.
	Incidents func(ctx context.Context, region, table string) (incident.Store, error)
}

// FromProcess is the command that the operating system started.
func FromProcess() *Command {
	c := &Command{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.Getenv, Environ: os.Environ(), Now: time.Now,
	}
	if columns, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		c.Columns = columns
	}
	c.Asks = term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd()))
	if columns, _, err := term.GetSize(int(os.Stderr.Fd())); err == nil {
		c.ErrColumns = columns
	}
	return c
}

// Exit codes. Of several reports the worst counts.
const (
	exitExplained   = 0
	exitUnexplained = 1
	exitUsage       = 2
	exitFailure     = 3
)

const exitCodes = `Exit codes, the worst of several reports:
  0  every denial was explained
  1  a denial was not explained; with --expect: the cause was not found
  2  wrong usage
  3  failure: input that could not be read, or output that could not be written`

// Run does what the arguments say and returns the exit code.
func (c *Command) Run(ctx context.Context) int {
	own := *c
	if c.Stdin != nil {
		own.Stdin = &untilDone{ctx: ctx, Reader: c.Stdin}
	}
	in := &invocation{Command: &own}
	root := in.root()
	root.SetArgs(append([]string{}, c.Args...))
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
	case errors.As(err, &usage), !in.started:
		in.complain(err)
		in.worsen(exitUsage)
	default:
		in.complain(err)
		in.worsen(exitFailure)
	}
	return in.code
}

// invocation is a command that runs, with what came of it so far.
type invocation struct {
	*Command
	started bool // the arguments were understood
	code    int
}

func (in *invocation) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "rolewhy",
		Short: "Why was this AssumeRoleWithWebIdentity call denied?",
		Long: `rolewhy tells why an sts:AssumeRoleWithWebIdentity call was denied, and what the
smallest safe change is.

  rolewhy explain denied.json --account account.json
  rolewhy explain --error "$(cat error.txt)" --role ROLE_ARN --token token.jwt
  rolewhy explain --try     (in the job or pod whose call fails)

` + exitCodes,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		PersistentPreRun: func(*cobra.Command, []string) {
			in.started = true
		},
		RunE: func(*cobra.Command, []string) error {
			return usageError("no command was given. Try rolewhy explain FILE, or rolewhy --help")
		},
	}
	root.AddCommand(in.explain(), in.replay(), in.causes(), in.incidents(), in.scan(), in.audit(), in.checkPolicy(), in.eval(), in.version())
	return root
}

// usageError is a mistake in the arguments.
type usageError string

func (e usageError) Error() string { return string(e) }

func usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// worsen keeps the worst exit code.
func (in *invocation) worsen(code int) { in.code = max(in.code, code) }

// complain writes an error for people: escaped, and without any token that
// the arguments or the input held. Usage errors may have several lines.
func (in *invocation) complain(err error) {
	text := caller.Hide(err.Error())
	if usage := usageError(""); !errors.As(err, &usage) {
		text = report.Escape(text)
	}
	for i, line := range strings.Split(text, "\n") {
		if i == 0 {
			line = "rolewhy: " + line
		}
		fmt.Fprintln(in.Stderr, report.Escape(line))
	}
}

// fail complains of one input and goes on with the others.
func (in *invocation) fail(err error) {
	in.complain(err)
	in.worsen(exitFailure)
}
