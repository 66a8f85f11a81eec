package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/policyfile"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// one checks a role.
func (x *checking) one(ctx context.Context, account *gathered, r *filed) (*decision, error) {
	provider, err := x.providerOf(account, r)
	if err != nil {
		return nil, err
	}
	ev := x.event(account, r, provider)
	options := diagnose.Options{Mine: true, Context: map[string][]string{}}
	for _, c := range x.context {
		key := c[0]
		if !strings.Contains(key, ":") {
			key = ev.KeyHost() + ":" + key
		}
		options.Context[key] = append(options.Context[key], c[1])
	}
	trace := policy.Evaluate(r.doc, r.request(ev, options))
	d := &decision{
		Role: r.title(), File: r.file.Name, Line: r.Line, Decision: verdictOf(r, trace),
		Provider: provider, Subject: x.subject, Audience: ev.Audience,
		Policy: string(r.doc.Source), Findings: []report.Finding{}, role: r,
	}
	for i := range trace.Statements {
		d.Statements = append(d.Statements, r.statement(&trace.Statements[i]))
	}
	if d.Decision == deniedNow {
		d.causes(ctx, account, ev, options)
	}
	return named2(r, d), nil
}

// named2 is named for what does not survive as JSON.
func named2(r *filed, d *decision) *decision {
	out := named(r, *d)
	out.role = d.role
	return &out
}

// causes finds those that explain gives for the denial.
func (d *decision) causes(ctx context.Context, account *gathered, ev *cloudtrail.Event, o diagnose.Options) {
	why := diagnose.Explain(ctx, account, ev, o)
	for _, f := range why.Findings {
		f.Where, _ = d.role.where(f.Where)
		d.Findings = append(d.Findings, f)
	}
}

// event is the call as CloudTrail would record its denial.
func (x *checking) event(account *gathered, r *filed, provider string) *cloudtrail.Event {
	ev := &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", Time: x.Now(), AccountID: accountIn(r.arn), RoleARN: r.arn,
		Provider: provider, Subject: x.subject, Audience: x.audience, HasAudience: true,
		ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied",
	}
	if ev.Audience == "" {
		known := idp.FindFor(ev.KeyHost(), x.subject)
		ev.Audience = known.UsualAudience()
		if ev.Audience == "" && slices.Contains(known.Audiences, usualAudience) {
			ev.Audience = usualAudience
		}
		ev.HasAudience = ev.Audience != ""
	}
	return ev
}

// usualAudience is that of most providers for AWS.
const usualAudience = "sts.amazonaws.com"

// request is the call as the policy sees it. What the file leaves open stands
// in the policy as variables whose values are hidden.
func (r *filed) request(ev *cloudtrail.Event, o diagnose.Options) *policy.Request {
	request := diagnose.Request(ev, o)
	known := request.Condition
	request.Condition = func(key string) policy.Values {
		if slices.Contains(r.Open, key) {
			return policy.HiddenValue
		}
		return known(key)
	}
	return request
}

// verdictOf is the decision of a policy. Who a principal is that is open cannot
// be told.
func verdictOf(r *filed, trace *policy.Trace) string {
	for i := range r.doc.Statements {
		for _, p := range r.doc.Statements[i].Principals {
			if slices.ContainsFunc(r.Open, func(name string) bool { return strings.Contains(p.Value, "${"+name+"}") }) {
				return undecided
			}
		}
	}
	switch trace.Result {
	case policy.Yes:
		return allowed
	case policy.No:
		return deniedNow
	}
	return undecided
}

// federated are the OIDC providers that a policy allows, as it names them.
func federated(doc *policy.Document) (all []string) {
	for i := range doc.Statements {
		for _, p := range doc.Statements[i].Principals {
			if !doc.Statements[i].Deny && p.Type == "Federated" && cloudtrail.KeyHost(p.Value) != "" && !slices.Contains(all, p.Value) {
				all = append(all, p.Value)
			}
		}
	}
	return all
}

// providerOf is the provider that the call comes through: the one that was
// given, with the account of the policy where it is a URL, or the policy's own.
func (x *checking) providerOf(account *gathered, r *filed) (string, error) {
	all := federated(r.doc)
	if strings.HasPrefix(x.provider, "arn:") {
		if cloudtrail.KeyHost(x.provider) == "" {
			return "", errors.New("--provider is an ARN of something else than an IAM OIDC provider")
		}
		return x.provider, nil
	}
	if x.provider != "" {
		return byURL(x.provider, all, account.id), nil
	}
	if len(all) == 0 && len(r.Open) > 0 {
		return "", errors.New("the file leaves open which provider the policy trusts: " + strings.Join(r.Open, ", "))
	}
	if len(all) == 0 {
		return "", errors.New("the policy trusts no OIDC provider; --provider says which one the caller comes through")
	}
	if len(all) > 1 {
		all = slices.DeleteFunc(all, func(p string) bool {
			return idp.FindFor(cloudtrail.KeyHost(p), x.subject).Parse(x.subject).Shape == nil
		})
	}
	if len(all) != 1 {
		return "", fmt.Errorf("the policy trusts several providers; --provider says which one the caller comes through: %s", strings.Join(federated(r.doc), ", "))
	}
	return all[0], nil
}

// byURL is the provider of a policy with this URL, or one in the account of the
// policy's others.
func byURL(url string, all []string, id string) string {
	host := strings.TrimPrefix(url, "https://")
	partition := "aws"
	for _, p := range all {
		if strings.EqualFold(strings.TrimSuffix(cloudtrail.KeyHost(p), "/"), strings.TrimSuffix(host, "/")) {
			return p
		}
		if fields := strings.SplitN(p, ":", 6); len(fields) == 6 {
			partition, id = fields[1], fields[4]
		}
	}
	return "arn:" + partition + ":iam::" + cmp.Or(id, policyfile.AnyAccount) + ":oidc-provider/" + host
}

// accountIn is the account of an ARN, "" where it has none.
func accountIn(arn string) string {
	if fields := strings.SplitN(arn, ":", 6); len(fields) == 6 {
		return fields[4]
	}
	return ""
}
