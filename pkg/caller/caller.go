// Package caller finds out, within a job or a pod, what it presents to STS:
// which token, for which role. It looks at variables, files and the token
// service of the place it runs in, never at AWS, and judges what can be judged
// without it.
//
// No part of a token leaves this package but by Token.Reveal. What a token says
// of itself, its claims, is not secret.
package caller

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Evidence is what a place holds of the call that it makes.
type Evidence struct {
	Place  *Place
	Others []*Place // that the same environment looks like too
	Detail string   // of the place, for example the workflow and the job; may be empty

	Token     Token    // the zero value where none was found; Remarks say why
	TokenFrom string   // in words: where it was found
	Role      string   // ARN, as it is written there; "" where it is not known
	RoleFrom  string   // in words: where it was found
	Session   string   // name that the place gives its session, "" where it gives none
	Region    string   // of AWS, "" where none is set
	Audience  string   // that was asked for, "" where the usual one will do
	Remarks   []Remark // what was noticed on the way to the token
}

// Grade says how much a remark weighs.
type Grade string

const (
	Fault Grade = "fault" // STS refuses the call, or it cannot even be made
	Doubt Grade = "doubt" // it may be the reason
	Note  Grade = "note"  // worth knowing, and nothing is wrong with it
)

// Remark is one thing that was noticed.
type Remark struct {
	Grade   Grade  `json:"grade"`
	Text    string `json:"text"`              // what is so: lower case, no full stop, stands alone
	Fix     string `json:"fix,omitempty"`     // verb phrase: what to do, and where
	Snippet string `json:"snippet,omitempty"` // what to write there
}

// Wish is what a user asks for. Every field may be left empty.
type Wish struct {
	Place    string // ID of the place, in place of looking for one
	Audience string // of the token, where the place lets its jobs choose
	Role     string // ARN of the role
	Token    *Token // to be looked at in place of the one that would be found
}

// NotRecognized tells that the environment is none of the known places.
type NotRecognized struct {
	Place string // the one that was asked for and does not exist; "" where all were looked for
}

func (e *NotRecognized) Error() string {
	if e.Place != "" {
		return fmt.Sprintf("there is no place %q; there are %s", e.Place, strings.Join(placeIDs(), ", "))
	}
	lines := make([]string, len(Places))
	for i, p := range Places {
		lines[i] = fmt.Sprintf("  %-19s %s", p.Name, p.Looks)
	}
	return "this is none of the places that make such calls, by their variables:\n" + strings.Join(lines, "\n")
}

func placeIDs() []string {
	ids := make([]string, len(Places))
	for i, p := range Places {
		ids[i] = p.ID
	}
	return ids
}

// Find gathers the evidence of the place that env is of: the first of Places
// that recognizes it. The error is a *NotRecognized. A token that cannot be
// had is no error: a remark says why, and what to do about it. Without a
// place, a wish that has a token is evidence of its own.
func Find(ctx context.Context, env Environment, w Wish) (*Evidence, error) {
	here := recognized(env)
	e := &Evidence{Role: env.Get("AWS_ROLE_ARN"), RoleFrom: "AWS_ROLE_ARN", Session: env.Get("AWS_ROLE_SESSION_NAME"), Region: region(env), Audience: w.Audience}
	switch at := slices.IndexFunc(Places, func(p *Place) bool { return p.ID == w.Place }); {
	case at >= 0:
		e.Place = Places[at]
	case w.Place != "":
		return nil, &NotRecognized{Place: w.Place}
	case len(here) > 0:
		e.Place = here[0]
	case w.Token != nil:
		e.Place = elsewhere
	default:
		return nil, &NotRecognized{}
	}
	e.Others = slices.DeleteFunc(here, func(p *Place) bool { return p == e.Place || p == variables }) // pods have those variables too
	if w.Token != nil {
		e.Token, e.TokenFrom = *w.Token, "--token"
	}
	e.Place.look(ctx, env, w, e)
	if w.Role != "" {
		e.Role, e.RoleFrom = w.Role, "--role"
	}
	e.doubtRole(env)
	return e, nil
}

// doubtRole tells of a role that may be that of the pod in which a job runs,
// which EKS names by the same variable.
func (e *Evidence) doubtRole(env Environment) {
	if e.Role != "" && e.RoleFrom == "AWS_ROLE_ARN" && slices.Contains(e.Others, pod) && env.Get("AWS_WEB_IDENTITY_TOKEN_FILE") != "" {
		e.remark(Remark{
			Grade: Doubt, Text: "the job runs in a pod that has a role of its own, and AWS_ROLE_ARN may name that one",
			Fix: "give the role of the job with --role, or look at the pod with --place pod",
		})
	}
}

// recognized are the places that env looks like.
func recognized(env Environment) (here []*Place) {
	for _, p := range Places {
		if p.is(env) {
			here = append(here, p)
		}
	}
	return here
}

// region is that of AWS, as its SDKs find it in variables.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
func region(env Environment) string {
	if r := env.Get("AWS_REGION"); r != "" {
		return r
	}
	return env.Get("AWS_DEFAULT_REGION")
}

// given tells whether the token came from elsewhere, so that the place is not
// asked for one.
func (e *Evidence) given() bool { return e.Token.Known() }

// found takes a token that the place holds. One that cannot be read is a
// fault.
func (e *Evidence) found(raw []byte, from string) {
	t, err := Parse(raw)
	if err != nil {
		e.fault(fmt.Sprintf("%s holds no token: %s", from, reason(err)), "see what writes it there: an ID token in three parts with dots between them, not an access token, a path or an error message")
		return
	}
	e.Token, e.TokenFrom = t, from
}

func (e *Evidence) remark(r Remark) { e.Remarks = append(e.Remarks, r) }

func (e *Evidence) fault(text, fix string) { e.remark(Remark{Grade: Fault, Text: text, Fix: fix}) }

func (e *Evidence) note(text string) { e.remark(Remark{Grade: Note, Text: text}) }

// roleFrom takes the role from the first of the variables that is set.
func (e *Evidence) roleFrom(env Environment, names ...string) {
	for _, name := range names {
		if v := env.Get(name); v != "" {
			e.Role, e.RoleFrom = v, name
			return
		}
	}
}

// Faults are the remarks that explain by themselves why the call fails.
func Faults(remarks []Remark) (faults []Remark) {
	for _, r := range remarks {
		if r.Grade == Fault {
			faults = append(faults, r)
		}
	}
	return faults
}
