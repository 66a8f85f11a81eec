package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/caller"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// hereFlags are the options for a call that this very place makes.
type hereFlags struct {
	try             bool
	audience, place string
}

func (h *hereFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&h.try, "try", false, "without FILE: make the call, without credentials, and tell what STS answers")
	f.StringVar(&h.audience, "audience", "", "without FILE: `AUDIENCE` to ask a token for, where the place lets its jobs choose (default sts.amazonaws.com)")
	f.StringVar(&h.place, "place", "", "without FILE: take this for the `PLACE`: "+placeNames())
}

func placeNames() string {
	ids := make([]string, len(caller.Places))
	for i, p := range caller.Places {
		ids[i] = p.ID
	}
	return strings.Join(ids, ", ")
}

// hereOutputs are the values of --output without a FILE.
var hereOutputs = []string{"text", "json", "markdown", "github"}

// checkHere goes through what a call of this place cannot be combined with.
func (x *explanation) checkHere(elsewhere bool) error {
	switch {
	case elsewhere && (x.here.try || x.here.audience != "" || x.here.place != ""):
		return usageError("--try, --audience and --place are about the call of this very place; leave out FILE, --error and --event-id")
	case !elsewhere && !slices.Contains(hereOutputs, x.output):
		return usagef("--output %q is none of %s, which the call of this place can be told in", x.output, strings.Join(hereOutputs, ", "))
	case !elsewhere && x.output == "github" && x.Env("GITHUB_STEP_SUMMARY") == "":
		return usageError("--output github writes to the job summary, and GITHUB_STEP_SUMMARY, which names it, is not set")
	}
	return nil
}

// usageWithout is said where there is neither a record nor a known place.
const usageWithout = `explain needs a call to explain. Give it a CloudTrail record:
  rolewhy explain denied.json --account account.json
or on standard input:
  aws cloudtrail lookup-events … | rolewhy explain -
or the error that the caller got:
  rolewhy explain --error "Not authorized to perform sts:AssumeRoleWithWebIdentity" --role ROLE_ARN
or run it where the call fails: `

// presence is the call that this place makes, with what is known of it.
type presence struct {
	*caller.Evidence
	remarks []caller.Remark
	event   *cloudtrail.Event // the call as CloudTrail would have it, without an error
	now     time.Time

	asked   bool              // STS was
	answer  awsaccount.Answer // of STS
	silence string            // why STS could not be asked, or gave no answer
	unseen  string            // why the account is not known, "" where it is
	report  *report.Report    // nil where there is nothing to diagnose
}

// present explains the call of this place.
func (x *explanation) present(ctx context.Context) error {
	p, err := x.presence(ctx)
	if err != nil {
		return err
	}
	if x.here.try {
		p.ask(ctx, cmp.Or(x.live.region, p.Region), x.Now)
	}
	p.unseen = x.sight(ctx, p.Token)
	if err := x.judgePresence(ctx, p); err != nil {
		return err
	}
	x.worsen(x.presenceOutcome(p))
	return x.tellPresence(p)
}

// presence gathers the evidence of this place.
func (x *explanation) presence(ctx context.Context) (*presence, error) {
	wish := caller.Wish{Place: x.here.place, Audience: x.here.audience, Role: x.role}
	if x.held.Known() {
		wish.Token = &x.held
	}
	found, err := caller.Find(ctx, caller.OfProcess(x.Environ), wish)
	var unknown *caller.NotRecognized
	switch {
	case errors.As(err, &unknown) && unknown.Place != "":
		return nil, usageError("--place: " + err.Error())
	case err != nil:
		return nil, usageError(usageWithout + err.Error())
	}
	now := x.Now()
	return &presence{Evidence: found, now: now, remarks: found.Judge(now), event: eventOf(found, now)}, nil
}

// eventOf is the call as CloudTrail would have it.
func eventOf(e *caller.Evidence, now time.Time) *cloudtrail.Event {
	ev := pasted{role: e.Role, claims: e.Token.Claims}.event(now)
	ev.Region, ev.SessionName = e.Region, e.Session
	return ev
}

// ask makes the call. Without a role or a whole token there is none to make.
func (p *presence) ask(ctx context.Context, region string, clock func() time.Time) {
	switch {
	case !p.Token.Known():
		p.silence = "there is no token to send"
		return
	case !p.Token.Complete():
		p.silence = "the claims alone are at hand, and STS wants the token"
		return
	case p.Role == "":
		p.silence = "which role to ask for is not known"
		return
	}
	answer, err := awsaccount.Try(ctx, awsaccount.Attempt{Role: p.Role, Session: p.Session, Region: region, Token: p.Token})
	if err != nil {
		p.silence = err.Error()
		return
	}
	p.asked, p.answer = true, answer
	p.event.Region, p.event.RequestID = answer.Region, answer.RequestID
	p.remarks = append(p.remarks, caller.JudgeClock(clock(), answer.Time)...)
}

// sight sees to the account, and says why there is none. That AWS cannot be
// reached with --live is told, and keeps nothing else from being said.
func (x *explanation) sight(ctx context.Context, t caller.Token) string {
	if err := x.live.connect(ctx, x.Env); err != nil {
		said := t.Hide(err.Error())
		x.fail(errors.New(said))
		return "it could not be read: " + said
	}
	if x.live.account == nil && x.given == nil {
		return noAccount.Why
	}
	return ""
}

// assumed is the error that stands for one that was not seen: a call that gets
// past the checks of its token and still fails gets this one.
const assumed = "AccessDenied"

// judgePresence diagnoses the call: by the error that STS gave, or by the
// account where STS was not asked.
func (x *explanation) judgePresence(ctx context.Context, p *presence) (err error) {
	code, message := p.answer.Code, p.answer.Message
	switch {
	case !p.Token.Known() || p.asked && p.answer.Allowed:
		return nil
	case !p.asked && p.unseen != "":
		return nil
	case !p.asked:
		code = assumed
	}
	p.event.RawErrorCode, p.event.ErrorCode, p.event.ErrorMessage = code, strings.TrimSuffix(code, "Exception"), message
	x.claims = p.Token.Claims
	p.report, err = x.diagnose(ctx, p.event)
	if err == nil && !p.asked {
		p.report.Event.ErrorCode, p.report.Event.Time = "", time.Time{}
	}
	return err
}

// presenceOutcome is the exit code: explained where it is known why the call
// fails, or that it does not.
func (x *explanation) presenceOutcome(p *presence) int {
	switch {
	case x.expect != "" && p.report != nil:
		return x.outcome(p.report)
	case x.expect != "":
		return exitUnexplained
	case p.asked && p.answer.Allowed, len(caller.Faults(p.remarks)) > 0:
		return exitExplained
	case p.report != nil:
		return explained(p.report)
	}
	return exitUnexplained
}
