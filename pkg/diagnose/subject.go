package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// candidate is a value for a sub condition that would match the denied
// subject.
type candidate struct {
	value   string // a pattern where pattern is set, the literal text otherwise
	pattern bool
	asked   func(subject string) bool
	note    string
}

// subjectProposals proposes values for a condition on sub that the subject
// does not meet: the author's own wildcards first where they mean this caller
// already, then the pattern that outlives a generated part, then the exact
// value.
func (c *Case) subjectProposals(f Failure, operator, key string) []Proposal {
	if f.Condition.Op.Negated || !strings.HasPrefix(f.Condition.Op.Base, "String") {
		return nil
	}
	var out []Proposal
	seen := map[string]bool{}
	for _, cand := range c.candidates(f.Condition) {
		if seen[cand.value] {
			continue
		}
		seen[cand.value] = true
		if p, ok := c.valueProposal(f, operator, key, cand); ok {
			out = append(out, p)
		}
	}
	return out
}

func (c *Case) candidates(k *policy.Condition) []candidate {
	sub := c.Event.Subject
	var out []candidate
	for _, v := range k.Values {
		if carried, ok := carry(v.Value, sub); ok && carried != sub && c.namesSomebody(carried) {
			out = append(out, candidate{value: carried, pattern: true})
		}
	}
	for _, v := range k.Values {
		if kept, ok := c.IDP.Keep(v.Value, sub); ok && c.namesSomebody(kept) {
			out = append(out, candidate{value: kept, pattern: true, asked: c.detailOfRun})
		}
	}
	if pattern, why, ok := c.IDP.Pattern(sub); ok {
		out = append(out, candidate{
			value: pattern, pattern: true,
			note: why + ": the pattern goes on matching, the exact value does not",
		})
	}
	return append(out, candidate{value: sub})
}

// detailOfRun tells of a subject that differs from the caller's in details of
// the run alone, such as plan and apply of one workspace.
func (c *Case) detailOfRun(subject string) bool { return c.IDP.RunDetail(c.Event.Subject, subject) }

// generated is the pattern for a subject of which a part is made anew for
// every release or run.
func (c *Case) generated() (string, bool) {
	pattern, _, ok := c.IDP.Pattern(c.Event.Subject)
	return pattern, ok
}

// valueProposal puts a candidate into a condition that stands under operator
// and key: beside what is there, or in the place of a value that it covers or
// that no token can carry.
func (c *Case) valueProposal(f Failure, operator, key string, cand candidate) (Proposal, bool) {
	p := Proposal{Asked: cand.asked, Loosens: cand.pattern}
	if cand.note != "" {
		p.Notes = append(p.Notes, cand.note)
	}
	op := f.Condition.Op
	if cand.pattern && op.Exact() {
		like, ok := likeOperator(operator)
		if !ok || c.otherWildcards(f.Condition, cand.value) {
			return Proposal{}, false
		}
		p.Edits = append(p.Edits, c.edit(f, policy.Edit{Kind: policy.ChangeOperator, Operator: operator, Key: key, New: like}))
		operator = like
	}
	text := cand.value
	if !cand.pattern {
		text = literal(cand.value, !op.Exact())
	}
	c.place(f, &p, operator, key, text, cand)
	if len(p.Edits) == 0 {
		return Proposal{}, false // the value is there already: something else stands in the way
	}
	c.describeValue(f, &p, operator, key, text)
	return p, true
}

func (c *Case) edit(f Failure, e policy.Edit) policy.Edit {
	e.Statement = f.Statement.Index
	return e
}

// place adds the edit that brings the text into the condition.
func (c *Case) place(f Failure, p *Proposal, operator, key, text string, cand candidate) {
	replaced := false
	for _, v := range f.Condition.Values {
		if v.Value == text {
			return // the operator alone was wrong
		}
		if cand.pattern && policy.Like(text, v.Value) || c.impossible(v.Value) {
			if replaced {
				continue
			}
			p.Edits = append(p.Edits, c.edit(f, policy.Edit{Kind: policy.ReplaceValue, Operator: operator, Key: key, Value: v.Value, New: text}))
			replaced = true
		}
	}
	if !replaced {
		p.Edits = append(p.Edits, c.edit(f, policy.Edit{Kind: policy.AddValue, Operator: operator, Key: key, New: text}))
	}
}

// describeValue writes the message of a value proposal from its edits.
func (c *Case) describeValue(f Failure, p *Proposal, operator, key, text string) {
	last := p.Edits[len(p.Edits)-1]
	where := c.inStatement(f.Statement.Index)
	switch last.Kind {
	case policy.ReplaceValue:
		p.Message = fmt.Sprintf("replace %s by %s in %s of %s", quote(last.Value), quote(text), c.condition(operator, key), where)
	case policy.ChangeOperator:
		p.Message = fmt.Sprintf("move %s to %s in %s, and keep its value %s", c.condition(last.Operator, key), operator, where, quote(text))
	default:
		p.Message = fmt.Sprintf("add %s to the values of %s in %s", quote(text), c.condition(operator, key), where)
		if len(f.Condition.Values) == 1 && !c.deadUnder(f.Condition) {
			p.Notes = append(p.Notes, fmt.Sprintf("%s goes on being admitted; take it out if nobody needs it", quote(f.Condition.Values[0].Value)))
		}
	}
	if len(p.Edits) > 1 && p.Edits[0].Kind == policy.ChangeOperator {
		p.Message += fmt.Sprintf(", and move the condition there from %s, which takes * literally", p.Edits[0].Operator)
	}
	c.warnPullRequest(p)
	c.warnFreedName(f, p)
	if p.Loosens && p.Admits == "" {
		p.Admits = fmt.Sprintf("every subject that matches %s", quote(text))
	}
}

// deadUnder tells whether the one value of a condition admits nobody as it
// stands: its wildcard is a plain character, or no token can carry it.
func (c *Case) deadUnder(k *policy.Condition) bool {
	v := k.Values[0].Value
	return k.Op.Exact() && strings.ContainsAny(v, "*?") || c.impossible(v)
}

// warnPullRequest says what opening a role to pull requests means: the
// subject names no branch and no author.
func (c *Case) warnPullRequest(p *Proposal) {
	if context, ok := c.Subject.Part("context"); !ok || context.Value != "pull_request" {
		return
	}
	p.Loosens = true
	p.Admits = fmt.Sprintf("any pull request of %s from a branch of the repository, whoever opened it", repository(c.Subject))
	p.Notes = append(p.Notes, "the better way for pull requests is a role of their own that may only read")
}

// warnFreedName says that a value for an owner's former name is a door once
// somebody else takes that name.
func (c *Case) warnFreedName(f Failure, p *Proposal) {
	if !c.hasOwner || c.IDP.Open != policy.Yes {
		return
	}
	for _, v := range f.Condition.Values {
		o, ok := c.IDP.OwnerOfPattern(v.Value)
		if ok && o.ID == "" && o.Name != "" && !strings.EqualFold(o.Name, c.owner.Name) && relate(o, c.owner) == sameRepositoryName {
			p.Notes = append(p.Notes, fmt.Sprintf("if %s was renamed or transferred, take %s out once nothing uses it: a name that is free again can be taken by somebody else",
				quote(o.Name+"/"+o.Repository), quote(v.Value)))
			return
		}
	}
}

func repository(s idp.Subject) string {
	return s.Value("owner") + "/" + s.Value("repository")
}

// likeOperator is the operator with wildcards for an exact one. There is none
// for StringEqualsIgnoreCase.
func likeOperator(operator string) (string, bool) {
	if strings.Contains(operator, "IgnoreCase") || !strings.Contains(operator, "StringEquals") {
		return "", false
	}
	return strings.Replace(operator, "StringEquals", "StringLike", 1), true
}

// otherWildcards tells whether a condition has values that would become
// patterns under StringLike although nobody evaluated them as such.
func (c *Case) otherWildcards(k *policy.Condition, text string) bool {
	for _, v := range k.Values {
		if v.Value != text && strings.ContainsAny(v.Value, "*?") && !policy.Like(text, v.Value) {
			return true
		}
	}
	return false
}

// literal writes a text so that an operator takes it as it is: policy
// variables, and wildcards where the operator has them, are spelled as
// variables (IAM User Guide, reference_policies_variables.html#policy-vars-specialchars).
func literal(s string, pattern bool) string {
	if strings.Contains(s, "${") {
		s = strings.ReplaceAll(s, "$", "${$}")
	}
	if !pattern || !strings.ContainsAny(s, "*?") {
		return s
	}
	return strings.NewReplacer("*", "${*}", "?", "${?}").Replace(s)
}
