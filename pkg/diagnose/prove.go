package diagnose

import (
	"fmt"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// maxAttempts bounds how many combinations of proposals are tried.
const maxAttempts = 64

// prover holds what every proposal for a case is measured against.
type prover struct {
	c          *Case
	probe      *call          // the denied call by other subjects and with other audiences
	before     policy.Verdict // of the denied call under the policy as it is
	actions    []string
	neighbours []string    // subjects that get in after a change only where they did before, or were asked for
	asked      askedFor    // which of them the policy means all the same
	admitted   []string    // subjects of the policy's own values that are admitted now
	bystanders []bystander // calls with tokens of the other providers that the policy trusts
	attempts   int

	save            policy.SaveOptions
	refused         error // why IAM would refuse the last proposal that was otherwise tried, nil for none
	refusesAudience bool  // a token with another audience is refused now by the nearest statement
}

// raisedMaxSize is the highest quota for a trust policy, in characters without
// white space (IAM User Guide, reference_iam-quotas.html): a policy beyond the
// default shows that the account's quota was raised.
const raisedMaxSize = 8192

// otherAudience is an audience that no policy names.
const otherAudience = "https://other.invalid"

// prove turns the proposals of the findings into fixes. A proposal becomes a
// fix only if, together with the first fix of every other finding, it admits
// the denied call, passes what IAM checks when a policy is saved, admits no
// neighbour that was refused and not asked for, and goes on admitting whom the
// policy admitted. prove returns the policy with the first fix of every
// finding applied, nil where there is none.
//
// A stranger gets no fix at all, and a caller that may be one gets none before
// somebody made sure.
func (c *Case) prove(found []Finding) *policy.Document {
	if c.Caller == report.Stranger || c.Verify != "" {
		c.withhold(found)
		return nil
	}
	if c.Policy == nil || !slices.ContainsFunc(found, func(f Finding) bool { return len(f.Proposals) > 0 }) {
		return nil
	}
	c.addSubjectTest(found)
	p := newProver(c)
	chosen := make([]int, len(found))
	fixed := p.choose(found, chosen, 0)
	if fixed == nil {
		p.sayRefused(found)
		return nil
	}
	for i := range found {
		p.accept(found, chosen, i, fixed)
	}
	return fixed
}

// withhold takes every fix from the findings: they would let in somebody who
// may have no business at the role.
func (c *Case) withhold(found []Finding) {
	for i := range found {
		found[i].Fixes = nil
		if c.Verify != "" && i == 0 {
			found[i].Fixes = []report.Fix{{Target: report.Elsewhere, Message: c.Verify}}
		}
	}
}

// sayRefused tells why no change is offered where IAM would not save it.
func (p *prover) sayRefused(found []Finding) {
	if p.refused == nil || len(found) == 0 {
		return
	}
	found[0].Notes = append(found[0].Notes, "no change is offered, since IAM would not save it: "+p.refused.Error())
}

func newProver(c *Case) *prover {
	p := &prover{c: c, actions: c.needs(), probe: newCall(c, c.Event.Subject), refusesAudience: c.testsAudience()}
	if c.Policy.Size() > policy.DefaultMaxSize {
		p.save.MaxSize = raisedMaxSize
	}
	p.before = verdict(c.Policy, c.call, p.actions)
	p.neighbours = append(c.IDP.Neighbours(c.Event.Subject), stranger)
	for _, sample := range c.samples() {
		p.note(sample)
	}
	p.asked, p.bystanders = c.askedFor(), c.bystanders()
	return p
}

// note puts a subject to those that the policy admits as it is, or to those
// that it goes on refusing.
func (p *prover) note(subject string) {
	if p.verdict(p.c.Policy, subject, p.c.Event.Audience) == policy.Allowed {
		p.admitted = append(p.admitted, subject)
	} else if subject != p.c.Event.Subject {
		p.neighbours = append(p.neighbours, subject)
	}
}

// choose picks a proposal for each finding from i on so that all of them
// together hold. chosen receives the picks; the result is the policy with
// them applied, nil where no combination holds.
func (p *prover) choose(found []Finding, chosen []int, i int) *policy.Document {
	if i == len(found) {
		return p.try(found, chosen)
	}
	for n := range max(len(found[i].Proposals), 1) {
		chosen[i] = n
		if d := p.choose(found, chosen, i+1); d != nil {
			return d
		}
		if p.attempts >= maxAttempts {
			return nil
		}
	}
	return nil
}

// try applies the chosen proposals and looks whether the outcome holds.
func (p *prover) try(found []Finding, chosen []int) *policy.Document {
	p.attempts++
	var edits []policy.Edit
	var asked func(string) bool
	for i := range found {
		if chosen[i] < len(found[i].Proposals) {
			proposal := &found[i].Proposals[chosen[i]]
			edits = append(edits, proposal.Edits...)
			asked = either(asked, proposal.Asked)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	d, err := p.c.Policy.Apply(edits...)
	if err != nil || !p.holds(d, asked) || !p.tellsTenant(d, edits) {
		return nil
	}
	return d
}

func either(f, g func(string) bool) func(string) bool {
	switch {
	case f == nil:
		return g
	case g == nil:
		return f
	}
	return func(s string) bool { return f(s) || g(s) }
}

// accept turns the proposals of one finding that hold into its fixes, the
// chosen one first, which leads to fixed, before those fixes that change no trust policy.
func (p *prover) accept(found []Finding, chosen []int, i int, fixed *policy.Document) {
	f := &found[i]
	if len(f.Proposals) == 0 {
		return
	}
	first := chosen[i]
	fixes := []report.Fix{p.c.fix(&f.Proposals[first], fixed)}
	pick := slices.Clone(chosen)
	for n := first + 1; n < len(f.Proposals); n++ {
		if pick[i] = n; f.Proposals[n].Resort {
			continue
		}
		if d := p.try(found, pick); d != nil && !shown(fixes, d) {
			fixes = append(fixes, p.c.fix(&f.Proposals[n], d))
		}
	}
	f.Fixes = append(fixes, f.Fixes...)
}

// shown tells whether a fix leads to this policy already.
func shown(fixes []report.Fix, d *policy.Document) bool {
	return slices.ContainsFunc(fixes, func(f report.Fix) bool { return f.Policy == string(d.Source) })
}

// fix is a proposal that was proved, with the policy it leads to.
func (c *Case) fix(p *Proposal, d *policy.Document) report.Fix {
	f := report.Fix{
		Message: p.Message, Target: report.TrustPolicy, Edits: p.Edits, Policy: string(d.Source),
		Loosens: p.Loosens, Admits: p.Admits, Notes: p.Notes,
	}
	if s := c.Nearest; s != nil && s.Principal == policy.Yes && !c.meansSubjects(s.Statement) && !c.meansSubjects(&d.Statements[s.Index]) {
		f.Loosens = true
		f.Admits = fmt.Sprintf("every subject of %s that meets the other conditions, since statement %d tests no sub", c.Host, s.Index+1)
	}
	return f
}
