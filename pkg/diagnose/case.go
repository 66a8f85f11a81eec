package diagnose

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// The actions that one call may need (IAM User Guide, id_session-tags.html).
const (
	actionAssume    = "sts:AssumeRoleWithWebIdentity"
	actionTag       = "sts:TagSession"
	actionSetSource = "sts:SetSourceIdentity"
)

// Case is all that is known about one denied call. It is gathered once;
// checks only read it.
type Case struct {
	Event   *cloudtrail.Event
	Options Options

	Host    string        // the issuer without https://: tail of the provider ARN and prefix of the condition keys
	IDP     *idp.Provider // what is known of the issuer; never nil
	Subject idp.Subject   // the subject taken apart

	Role      Known[Role]
	Roles     Known[[]Role] // looked at where the role is missing or the owner of the subject is not trusted by it
	Provider  Known[Provider]
	Providers Known[[]Provider] // looked at where the provider is missing or no principal names it
	RCPs      Known[[]NamedPolicy]
	Changes   Known[[]Change]

	Policy    *policy.Document // the trust policy as it stands; nil where it could not be read
	PolicyErr error            // why it could not be parsed
	InForce   *policy.Document // the one in force at the denial, where it is known to be another
	Then      []Finding        // the causes under InForce
	Trace     *policy.Trace    // of Policy for this call; nil without a policy
	Nearest   *policy.StatementTrace
	Failures  []Failure // the conditions of Nearest that are not met
	Unseen    []Failure // the conditions of Nearest that hang on hidden values

	Caller       report.Caller
	CallerReason string
	Verify       string // what to make sure of before anything is changed; no policy is offered until then

	owner    idp.Owner // the tenant that the subject belongs to
	hasOwner bool

	// Whether STS makes keys of the claims sub and aud of this provider.
	offersSubject, offersAudience bool

	call *call // the request context of this very call
}

// Failure is a condition of the nearest statement that is not met, with what
// its key is to this call.
type Failure struct {
	*policy.ConditionTrace
	Statement *policy.StatementTrace
	Key       keyReading
}

// endOfTime is later than any change: one that came long after the denial may
// have mended it, and one from long before may have brought it about.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// newCase is what the record alone gives.
func newCase(ev *cloudtrail.Event, o Options) *Case {
	host := cloudtrail.KeyHost(ev.Provider)
	c := &Case{Event: ev, Options: o, Host: host, IDP: idp.FindFor(host, ev.Subject)}
	c.Subject = c.IDP.Parse(ev.Subject)
	c.owner, c.hasOwner = c.IDP.Owner(ev.Subject)
	c.offersSubject = c.IDP.Offers("sub", ev.Time).State == idp.Offered
	c.offersAudience = c.IDP.Offers("aud", ev.Time).State == idp.Offered
	c.call = newCall(c, ev.Subject)
	return c
}

// gather asks the account for what the diagnosis of the event needs: last for
// what takes its time, so that whether the caller is a stranger does not hang on
// it. An account that can read in parallel has begun before.
func gather(ctx context.Context, acct Account, ev *cloudtrail.Event, o Options) *Case {
	c := newCase(ev, o)
	if c.Role = Unseen[Role]("the record names no role"); ev.RoleARN != "" {
		c.Role = acct.Role(ctx, ev.RoleARN)
	}
	if ev.Provider != "" && !c.builtIn() {
		c.Provider = acct.Provider(ctx, ev.Provider)
	}
	c.readPolicy()
	c.evaluate()
	if c.wantsProviders() {
		c.Providers = acct.Providers(ctx, ev.AccountID)
	}
	if c.Role.Exists == policy.No {
		c.Roles = acct.Roles(ctx, ev.AccountID)
	}
	c.judgeCaller(ctx, acct)
	c.Changes = acct.Changes(ctx, ev.RoleARN, ev.Provider, time.Time{}, endOfTime)
	c.Changes.Value = Chronological(c.Changes.Value)
	c.RCPs = acct.ResourceControlPolicies(ctx, ev.AccountID)
	c.InForce = c.policyInForce()
	return c
}

// wantsProviders tells whether the other providers of the account matter:
// where the token's own is missing, or no principal of the policy names it.
func (c *Case) wantsProviders() bool {
	if c.Event.Provider == "" || c.builtIn() {
		return false
	}
	return c.Provider.Exists != policy.Yes || !c.trustsProvider()
}

// trustsProvider tells from the text of the policy alone whether the token's
// provider is named in it.
func (c *Case) trustsProvider() bool {
	return c.Role.Exists == policy.Yes && bytes.Contains(c.Role.Value.TrustPolicy, []byte(strconv.Quote(c.Event.Provider)))
}

// builtIn tells whether the provider is one of those that need no IAM OIDC
// provider: then it is a host, not an ARN.
func (c *Case) builtIn() bool { return c.Event.Provider != "" && c.Event.Provider == c.Host }

func (c *Case) readPolicy() {
	if c.Role.Exists != policy.Yes || c.Role.Value.TrustPolicy == nil {
		return
	}
	c.Policy, c.PolicyErr = policy.Parse(c.Role.Value.TrustPolicy)
}

func (c *Case) evaluate() {
	if c.Policy == nil || c.Event.Provider == "" {
		return // without the provider no statement can be judged
	}
	c.Trace = policy.Evaluate(c.Policy, c.request(actionAssume))
	near := c.Trace.NearMisses()
	if len(near) == 0 || c.Trace.Allowed == policy.Yes {
		return
	}
	c.Nearest = meant(near)
	for i := range c.Nearest.Conditions {
		t := &c.Nearest.Conditions[i]
		switch t.Result {
		case policy.No:
			c.Failures = append(c.Failures, Failure{t, c.Nearest, readKey(t.Condition.Key.Value, c.Host)})
		case policy.Unknown:
			c.Unseen = append(c.Unseen, Failure{t, c.Nearest, readKey(t.Condition.Key.Value, c.Host)})
		}
	}
}

// meant is the statement that was meant for the call: the nearest that trusts
// the provider and grants the action, the nearest of all where none does. One
// that fails in its principal or action alone, as a statement for the session
// tags, is not nearer than one that is about such calls.
func meant(near []*policy.StatementTrace) *policy.StatementTrace {
	for _, s := range near {
		if s.Principal == policy.Yes && s.Action == policy.Yes {
			return s
		}
	}
	return near[0]
}

// request is the call as a policy sees it, for one of the actions it needs.
func (c *Case) request(action string) *policy.Request { return c.call.request(action) }

// needs lists the actions that the call needs: session tags and a source
// identity each need one of their own.
func (c *Case) needs() []string {
	actions := []string{actionAssume}
	if c.call.tagged() {
		actions = append(actions, actionTag)
	}
	if c.call.sourceIdentity() != "" {
		actions = append(actions, actionSetSource)
	}
	return actions
}

// verdict is what the whole of a policy says of a call: allowed only where
// every action it needs is.
func verdict(d *policy.Document, k *call, actions []string) policy.Verdict {
	worst := policy.Allowed
	for _, a := range actions {
		switch v := policy.Decide(d, k.request(a)); {
		case v == policy.ExplicitlyDenied:
			return v
		case v == policy.ImplicitlyDenied, v == policy.Undecided && worst == policy.Allowed:
			worst = v
		}
	}
	return worst
}
