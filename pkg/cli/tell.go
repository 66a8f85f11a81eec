package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// file explains the calls of one file. What cannot be read is told, and the
// rest goes on; an error means that nothing can be written any more.
func (x *explanation) file(ctx context.Context, name string) error {
	r, err := x.open(name)
	if err != nil {
		x.fail(err)
		return nil
	}
	defer r.Close()
	return x.records(ctx, r, name)
}

// records explains the calls of one input, whose name is for errors.
func (x *explanation) records(ctx context.Context, r io.Reader, name string) error {
	told, others := 0, 0
	var other *cloudtrail.Event
	for ev, err := range cloudtrail.NewReader(r, name).Events() {
		switch {
		case errors.Is(err, cloudtrail.ErrNoRole):
			x.complain(err)
		case err != nil:
			x.fail(err)
		case !denied(ev):
			others, other = others+1, ev
		default:
			told++
			if err := x.tell(ctx, ev); err != nil {
				return err
			}
		}
	}
	if told == 0 && others == 1 {
		return x.tell(ctx, other)
	}
	x.countOthers(name, others)
	return nil
}

func denied(ev *cloudtrail.Event) bool { return ev.IsWebIdentity() && ev.Failed() }

// countOthers tells how many records were no denied calls: a report on each
// would bury the others.
func (x *explanation) countOthers(name string, n int) {
	if n > 0 {
		fmt.Fprintf(x.Stderr, "rolewhy: %s: passed over records of other calls: %d\n", report.Escape(name), n)
	}
}

// tell explains one call and writes the report. A case that cannot be read is
// told, and the rest goes on.
func (x *explanation) tell(ctx context.Context, ev *cloudtrail.Event) error {
	r, err := x.diagnose(ctx, ev)
	if err != nil {
		x.fail(err)
		return nil
	}
	if x.judge != nil {
		return x.conclude(r, x.judge(ev, r))
	}
	return x.deliver(r)
}

func (x *explanation) diagnose(ctx context.Context, ev *cloudtrail.Event) (*report.Report, error) {
	account, options, err := x.know(ev)
	if err != nil {
		return nil, err
	}
	options.Mine = x.mine
	if x.claims != nil && x.tokenFits(ev) {
		options.Claims = x.claims
	}
	r := diagnose.Explain(ctx, account, ev, options)
	r.Event.AccountAlias = x.live.alias(ctx, r.Event.Account)
	return r, nil
}

func (x *explanation) deliver(r *report.Report) error { return x.conclude(r, x.outcome(r)) }

// conclude takes the exit code of a report into account and prints it.
func (x *explanation) conclude(r *report.Report, code int) error {
	x.worsen(code)
	return x.print(r)
}

// tokenFits guards against the token of another caller, whose claims would
// explain nothing.
func (x *explanation) tokenFits(ev *cloudtrail.Event) bool {
	sub, _ := x.claims["sub"].(string)
	if sub == "" || ev.Subject == "" || sub == ev.Subject {
		return true
	}
	fmt.Fprintln(x.Stderr, "rolewhy: the token is left aside: its sub is another than that of event "+report.Escape(cmp.Or(ev.ID, "without an ID")))
	return false
}

// outcome is the exit code that a report stands for.
func (x *explanation) outcome(r *report.Report) int {
	if x.expect != "" {
		return explainedIf(slices.ContainsFunc(r.Findings, func(f report.Finding) bool { return string(f.Code) == x.expect }))
	}
	return explained(r)
}

func explained(r *report.Report) int {
	if r.Verdict == report.AllowedNow {
		return explainedIf(len(r.Findings) > 0 && r.Findings[0].Certainty != report.Possible)
	}
	return explainedIf(r.Verdict != report.Unexplained)
}

func explainedIf(yes bool) int {
	if yes {
		return exitExplained
	}
	return exitUnexplained
}
