package audit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Options is what an audit does not read from the account.
type Options struct {
	Now time.Time // of which the offered condition keys are; zero: time.Now
}

// Audit reads the trust policies of all roles of an account. It never fails:
// what could not be looked at is a gap in the result.
func Audit(ctx context.Context, acct diagnose.Account, account string, o Options) *Result {
	a := newAuditor(ctx, acct, account, o)
	roles := acct.Roles(ctx, account)
	if roles.Exists == policy.Unknown {
		a.gap("the roles of the account", roles.Why)
	}
	docs := make([]*policy.Document, len(roles.Value))
	for i := range roles.Value {
		docs[i] = a.read(&roles.Value[i])
	}
	for i := range roles.Value {
		if docs[i] != nil {
			a.role(ctx, &roles.Value[i], docs[i])
			docs[i] = nil
		}
	}
	return a.finish()
}

// auditor gathers the findings of one account.
type auditor struct {
	acct      diagnose.Account
	account   string
	now       time.Time
	providers diagnose.Known[[]diagnose.Provider]
	byARN     map[string]diagnose.Known[diagnose.Provider]
	controls  diagnose.Known[[]diagnose.NamedPolicy]
	owners    owners
	endings   map[*idp.Provider][]string // of subjects, by provider
	strange   map[*idp.Provider][]string // subjects of other tenants
	pieces    map[*idp.Provider][]string // what these are made of
	unnamed   map[tenancy][]string       // those whom no policy names
	parsed    []control                  // of controls; nil until they are asked for
	pinned    map[string]bool            // providers that were told of
	result    *Result
}

func newAuditor(ctx context.Context, acct diagnose.Account, account string, o Options) *auditor {
	a := &auditor{
		acct: acct, account: account, now: o.Now,
		providers: acct.Providers(ctx, account),
		controls:  acct.ResourceControlPolicies(ctx, account),
		byARN:     map[string]diagnose.Known[diagnose.Provider]{},
		owners:    owners{},
		endings:   map[*idp.Provider][]string{},
		strange:   map[*idp.Provider][]string{},
		pieces:    map[*idp.Provider][]string{},
		unnamed:   map[tenancy][]string{},
		pinned:    map[string]bool{},
		result: &Result{
			Schema: Schema, Account: account, Findings: []Finding{}, Gaps: []report.Gap{},
		},
	}
	if a.now.IsZero() {
		a.now = time.Now()
	}
	a.result.Providers = len(a.providers.Value)
	if a.providers.Exists == policy.Unknown {
		a.gap("the IAM OIDC providers of the account", a.providers.Why)
	}
	return a
}

func (a *auditor) gap(what, why string) {
	a.result.Gaps = append(a.result.Gaps, report.Gap{What: what, Why: why})
}

// read parses the trust policy of a role and takes down the owners that it
// names. It is nil for one that trusts no OIDC provider for sure, and for one
// that cannot be read, which is a gap.
func (a *auditor) read(r *diagnose.Role) *policy.Document {
	if r.TrustPolicy == nil {
		a.gap("the trust policy of "+r.ARN, "it could not be read")
		return nil
	}
	if !mayTrustOIDC(r.TrustPolicy) {
		return nil
	}
	doc, err := policy.Parse(r.TrustPolicy)
	if err != nil {
		a.gap("the trust policy of "+r.ARN, "it is no valid policy: "+err.Error())
		return nil
	}
	a.owners.read(doc)
	return doc
}

// role applies every rule to one role, if it trusts an OIDC provider.
func (a *auditor) role(ctx context.Context, r *diagnose.Role, doc *policy.Document) {
	t := &trust{auditor: a, role: r, doc: doc}
	t.grants = t.findGrants(ctx)
	if len(t.grants) == 0 {
		return
	}
	a.result.Roles++
	for _, rule := range Rules {
		for _, f := range rule.Run(t) {
			f.Kind, f.Code, f.Docs = rule.Kind, rule.Code, cmp.Or(f.Docs, rule.URL)
			f.Role, f.Policy = r.ARN, string(doc.Source)
			if f.Fixes == nil {
				f.Fixes = []report.Fix{}
			}
			a.result.Findings = append(a.result.Findings, f)
		}
	}
}

// finish puts the findings in order: by kind, what is left over by provider, and
// then by role.
func (a *auditor) finish() *Result {
	slices.SortStableFunc(a.result.Findings, func(x, y Finding) int {
		byProvider := 0
		if x.Kind == LeftOver {
			byProvider = cmp.Compare(x.Provider, y.Provider)
		}
		return cmp.Or(x.Kind.place()-y.Kind.place(), byProvider, cmp.Compare(x.Role, y.Role))
	})
	return a.result
}

// provider looks up a provider by its ARN, each once.
func (a *auditor) provider(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	known, ok := a.byARN[arn]
	if !ok {
		known = a.acct.Provider(ctx, arn)
		a.byARN[arn] = known
	}
	return known
}
