package diagnose

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// describe is the call as reports show it.
func describe(ev *cloudtrail.Event) report.Event {
	return report.Event{
		ID: ev.ID, Time: ev.Time, Account: ev.AccountID, Region: ev.Region,
		Role: ev.RoleARN, SessionName: ev.SessionName, Provider: ev.Provider,
		Subject: ev.Subject, Audience: ev.Audience,
		ErrorCode: ev.ErrorCode, ErrorMessage: ev.ErrorMessage,
		SourceIP: ev.SourceIP, UserAgent: ev.UserAgent,
	}
}

func (c *Case) describe() report.Event {
	e := describe(c.Event)
	e.ProviderName = c.IDP.Name
	if c.Host != "" {
		e.Issuer = "https://" + c.Host
	}
	for _, t := range c.Event.PrincipalTags {
		e.Tags = append(e.Tags, report.Pair{Name: t.Key, Value: t.Value})
	}
	e.SourceIdentity = c.call.sourceIdentity()
	for _, p := range c.Subject.Parts {
		if c.Subject.Shape != nil && p.Value != "" {
			e.Derived = append(e.Derived, report.Pair{Name: p.Label, Value: p.Value})
		}
	}
	return e
}

// fingerprintVersion changes whenever equal calls would get another value.
const fingerprintVersion = "1"

// Fingerprint names the failure from the record alone: the same role, issuer,
// error and caller give the same value, whatever the diagnosis and whatever
// the branch, run or generated name. It begins with its version and a dash, and
// is of letters, digits and dashes. Of other events than denied calls it means
// nothing.
func Fingerprint(ev *cloudtrail.Event) string {
	stable := idp.FindFor(cloudtrail.KeyHost(ev.Provider), ev.Subject).Stable(ev.Subject)
	text := make([]byte, 0, 512)
	for _, s := range []string{ev.AccountID, ev.RoleARN, ev.Provider, ev.ErrorCode, stable} {
		text = append(append(strconv.AppendInt(text, int64(len(s)), 10), ':'), s...)
	}
	sum := sha256.Sum256(text)
	return fingerprintVersion + "-" + hex.EncodeToString(sum[:12])
}

// gaps lists what could not be looked at and would matter.
func (c *Case) gaps() []report.Gap {
	gaps := []report.Gap{}
	add := func(what, why string) {
		if why != "" {
			gaps = append(gaps, report.Gap{What: what, Why: why})
		}
	}
	trust := "the trust policy"
	if name := roleName(c.Event.RoleARN); name != "" {
		trust += " of role " + quoteName(name)
	}
	if c.Role.Exists == policy.Unknown {
		add(trust, c.Role.Why)
	}
	if c.Role.Exists == policy.Yes && c.Role.Value.TrustPolicy == nil {
		add(trust, "it could not be read")
	}
	if c.PolicyErr != nil {
		add(trust, "it is no valid policy: "+c.PolicyErr.Error())
	}
	if c.Event.Provider == "" && c.Event.ErrorCode == accessDenied {
		add("the provider of the token", "the record does not name it")
	} else if c.Provider.Exists == policy.Unknown && !c.builtIn() {
		add("the IAM OIDC provider", c.Provider.Why)
	}
	if c.Providers.Exists == policy.Unknown {
		add("the other IAM OIDC providers of the account", c.Providers.Why)
	}
	if c.Roles.Exists == policy.Unknown {
		add("whom the other roles of the account trust", c.Roles.Why)
	}
	if c.Event.ErrorCode == accessDenied {
		add("resource control policies of the organization", c.RCPs.Why)
		add(c.unseenChanges(), c.Changes.Why)
	}
	for _, f := range c.Unseen {
		add("the value of "+f.Condition.Key.Value, c.whyHidden(f))
	}
	return gaps
}

// unseenChanges names the changes that could not be looked at, which may be but
// a part of them.
func (c *Case) unseenChanges() string {
	what := "recent changes of the role and the provider"
	if len(c.Changes.Value) > 0 {
		return "other " + what
	}
	return what
}

// whyHidden says why a value cannot be seen, and where it could be.
func (c *Case) whyHidden(f Failure) string {
	if f.Key.Kind == keyOwn {
		return "CloudTrail records only sub and aud of a token; rolewhy explain --token FILE reads the rest from the token"
	}
	if name := strings.ToLower(f.Key.Claim); strings.HasPrefix(name, "requesttag/") || name == "tagkeys" {
		return "the record shows no session tags; rolewhy explain --token FILE reads them from the token"
	}
	return "the record does not show it"
}
