package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/policyfile"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// filed is a role that a file holds.
type filed struct {
	*policyfile.Role
	file *policyfile.File
	arn  string // its own, or one that stands for it
	doc  *policy.Document
}

// title names the role.
func (r *filed) title() string { return cmp.Or(r.Address, r.file.Name) }

// at is the file with the line of the policy.
func (r *filed) at() string { return fmt.Sprintf("%s:%d", r.file.Name, r.Line) }

// filedAccount is the account of roles in files: it has those roles, and of the
// rest what the files declare and what the account behind them has.
type filedAccount struct {
	id       string // policyfile.AnyAccount where it is not known
	roles    []*filed
	declared []diagnose.Provider
	behind   diagnose.Account
}

// take adds the roles of a file whose policies can be read. Of the others it
// says why not.
func (a *filedAccount) take(f *policyfile.File, text []byte) (gaps []report.Gap, faults []error) {
	for _, r := range f.Roles {
		one := &filed{Role: r, file: f, arn: r.ARN}
		if r.Policy == nil || len(r.Open) > 0 {
			gaps = append(gaps, report.Gap{What: "the trust policy of " + one.title() + " (" + one.at() + ")", Why: openInWords(f, r)})
			if r.Policy == nil {
				continue
			}
		}
		doc, err := policy.Parse(r.Policy)
		if err != nil {
			faults = append(faults, one.invalid(err))
			continue
		}
		if one.doc = doc; !strings.HasPrefix(one.arn, "arn:") {
			one.arn = fmt.Sprintf("arn:aws:iam::%s:role/%s", a.id, standIn(len(a.roles)+1))
		}
		a.roles = append(a.roles, one)
	}
	a.declared = append(a.declared, f.Providers...)
	if f.Form == policyfile.Account {
		a.own(f.Name, text)
	}
	return gaps, faults
}

// own makes an account file that is audited the account behind its roles, where
// no other was given.
func (a *filedAccount) own(name string, text []byte) {
	if _, none := a.behind.(diagnose.NoAccount); !none {
		return
	}
	if f, err := casefile.Load(bytes.NewReader(text), name); err == nil {
		a.behind = f
	}
}

// standIn is the name of a role of which the file does not tell the ARN.
func standIn(n int) string { return fmt.Sprintf("in-file-%d-", n) }

// openInWords says what is open, and how to give it.
func openInWords(f *policyfile.File, r *policyfile.Role) string {
	names := strings.Join(r.Open, ", ")
	if f.Form == policyfile.Template {
		return "the template leaves open " + names + "; --param NAME=VALUE gives it"
	}
	return "it is open: " + names
}

// invalid is why a policy is none that IAM stores, with its place in the file.
func (r *filed) invalid(err error) error {
	var bad *policy.SyntaxError
	if !errors.As(err, &bad) || bytes.HasPrefix(bytes.TrimSpace(r.Policy), []byte("%")) {
		return fmt.Errorf("%s: the trust policy of %s is not valid: %w", r.at(), r.title(), err)
	}
	p := r.Place(policy.Span{Start: bad.Offset, End: bad.Offset + 1})
	return fmt.Errorf("%s:%d:%d: the trust policy of %s is not valid: %s", r.file.Name, p.Line, p.Column, r.title(), strings.TrimPrefix(bad.Path+": "+bad.Msg, ": "))
}

// where moves a place in the policy into the file. A policy in one long line,
// as a plan has it, is shown by itself.
func (r *filed) where(w *report.Where) (*report.Where, *policyfile.Place) {
	if w == nil || w.Source != "" || bytes.HasPrefix(bytes.TrimSpace(r.Policy), []byte("%")) {
		return w, nil
	}
	p := r.Place(w.Span)
	if p.Text == "" {
		return w, &p
	}
	moved := *w
	moved.Line, moved.Column, moved.Length = p.Line, p.Column, p.Length
	moved.Source, moved.Text = r.file.Name, p.Text
	return &moved, &p
}

// named puts the names of the file into a value in the place of those that
// stood for them.
func named[T any](r *filed, v T) T {
	text, err := json.Marshal(v)
	if err != nil {
		return v
	}
	if r.arn != r.ARN {
		text = bytes.ReplaceAll(text, []byte(r.arn), inString(r.title()))
		text = bytes.ReplaceAll(text, []byte(r.arn[strings.LastIndexByte(r.arn, '/')+1:]), inString(r.title()))
	}
	if r.Account {
		text = bytes.ReplaceAll(text, []byte("::"+policyfile.AnyAccount+":"), []byte("::${AWS::AccountId}:"))
	}
	var out T
	if err := json.Unmarshal(text, &out); err != nil {
		return v
	}
	return out
}

// inString is a text as it stands in a string of JSON.
func inString(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return text[1 : len(text)-1]
}

// knows tells whether an ARN is one that the account behind may be asked for.
func (a *filedAccount) knows(arn string) bool {
	return !strings.Contains(arn, "::"+policyfile.AnyAccount+":")
}

// Role implements diagnose.Account.
func (a *filedAccount) Role(ctx context.Context, arn string) diagnose.Known[diagnose.Role] {
	if i := slices.IndexFunc(a.roles, func(r *filed) bool { return r.arn == arn }); i >= 0 {
		return diagnose.Found(a.roles[i].role())
	}
	return a.behind.Role(ctx, arn)
}

func (r *filed) role() diagnose.Role { return diagnose.Role{ARN: r.arn, TrustPolicy: r.Policy} }

// Roles implements diagnose.Account: those of the files whose policies are
// known whole.
func (a *filedAccount) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	roles := []diagnose.Role{}
	for _, r := range a.roles {
		if len(r.Open) == 0 {
			roles = append(roles, r.role())
		}
	}
	return diagnose.Found(roles)
}

// Provider implements diagnose.Account.
func (a *filedAccount) Provider(ctx context.Context, arn string) diagnose.Known[diagnose.Provider] {
	if i := slices.IndexFunc(a.declared, func(p diagnose.Provider) bool { return p.ARN == arn }); i >= 0 {
		return diagnose.Found(a.declared[i])
	}
	if !a.knows(arn) {
		return diagnose.Unseen[diagnose.Provider](openAccount)
	}
	return a.behind.Provider(ctx, arn)
}

const openAccount = "the account is not known; --param AWS::AccountId=ID, --account FILE or --live tells it"

// Providers implements diagnose.Account.
func (a *filedAccount) Providers(ctx context.Context, id string) diagnose.Known[[]diagnose.Provider] {
	if _, none := a.behind.(diagnose.NoAccount); a.id == policyfile.AnyAccount && !none {
		return diagnose.Unseen[[]diagnose.Provider](openAccount)
	}
	known := a.behind.Providers(ctx, cmp.Or(id, a.id))
	known.Value = slices.Concat(known.Value, a.declared)
	return known
}

// ResourceControlPolicies implements diagnose.Account.
func (a *filedAccount) ResourceControlPolicies(ctx context.Context, id string) diagnose.Known[[]diagnose.NamedPolicy] {
	return a.behind.ResourceControlPolicies(ctx, cmp.Or(id, a.id))
}

// Changes implements diagnose.Account: a policy in a file is not yet in force.
func (a *filedAccount) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Found([]diagnose.Change{})
}
