package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/policyfile"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// audited is the outcome of an audit with the places in files.
type audited struct {
	audit.Result
	homes []home // of each finding
}

// home is where a finding stands in a file; nil of both where it is in an
// account.
type home struct {
	role  *filed
	place *policyfile.Place
}

// add joins the outcome for another account.
func (r *audited) add(more *audit.Result) {
	r.Roles += more.Roles
	r.Providers += more.Providers
	r.Findings = append(r.Findings, more.Findings...)
	r.Gaps = append(r.Gaps, more.Gaps...)
	slices.SortStableFunc(r.Findings, func(a, b audit.Finding) int {
		return slices.Index(auditKinds, string(a.Kind)) - slices.Index(auditKinds, string(b.Kind))
	})
}

// auditFiles audits the roles in files.
func (x *auditing) auditFiles(ctx context.Context, names []string) *audited {
	account := x.files(names)
	r := &audited{Result: *audit.Audit(ctx, account, "", audit.Options{Now: x.Now()})}
	r.Gaps = slices.Concat(account.gaps, r.Gaps)
	r.Providers = max(r.Providers, len(account.declared))
	if account.id != policyfile.AnyAccount {
		r.Account = account.id
	}
	for i := range r.Findings {
		r.homes = append(r.homes, account.home(&r.Findings[i]))
	}
	return r
}

// gathered is the account of the roles of all files, with what is open.
type gathered struct {
	filedAccount
	gaps []report.Gap
}

// files gathers the roles of files. What cannot be read is complained of.
func (v *inventory) files(names []string) *gathered {
	g := &gathered{filedAccount: filedAccount{id: cmp.Or(v.params[accountParameter], policyfile.AnyAccount), behind: v.behind}}
	for _, name := range names {
		f, text := v.read(name)
		if f == nil {
			continue
		}
		gaps, faults := g.take(f, text)
		for _, err := range faults {
			v.fail(err)
		}
		g.gaps = append(g.gaps, gaps...)
	}
	return g
}

// home moves a finding into its file.
func (a *filedAccount) home(f *audit.Finding) home {
	i := slices.IndexFunc(a.roles, func(r *filed) bool { return r.arn == f.Role })
	if i < 0 {
		return home{}
	}
	r := a.roles[i]
	h := home{role: r}
	f.Where, h.place = r.where(f.Where)
	*f = named(r, *f)
	f.Source = r.at()
	if h.place != nil {
		f.Source = r.file.Name
	}
	return h
}
