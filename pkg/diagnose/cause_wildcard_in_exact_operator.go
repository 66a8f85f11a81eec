package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var wildcardInExactOperator = &Check{
	Code:  "wildcard-in-exact-operator",
	Title: "A wildcard stands under an operator that takes it literally",
	Doc: `Under StringEquals an asterisk is an asterisk. Only StringLike (and ArnLike) takes ` + "`*`" + ` and ` + "`?`" + ` as wildcards.
Several published guides had it wrong, so the mistake is copied often.

What to do: move the key under StringLike in the same statement and keep its value, or name the exact value. The other
conditions stay where they are: all of them must hold together, so sub and aud belong into one statement.`,
	URL:        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String",
	Errors:     []string{accessDenied},
	Supersedes: []report.Code{"subject-mismatch", "audience-mismatch", "condition-not-met"},
	Run:        findWildcardInExactOperator,
}

func findWildcardInExactOperator(c *Case) []Finding {
	var found []Finding
	for _, f := range c.Failures {
		if f.Key.Kind != keyOwn && f.Key.Kind != keyGlobal || f.Got.State != policy.Present || !f.Condition.Op.Exact() || f.Condition.Op.Negated {
			continue
		}
		if v, ok := literalWildcard(f); ok {
			found = append(found, c.wildcardFinding(f, v))
		}
	}
	return found
}

// literalWildcard is the value of a condition that holds a wildcard which its
// operator takes literally: the one that would match as a pattern, if any.
func literalWildcard(f Failure) (value string, ok bool) {
	for i := range f.Values {
		v := f.Values[i].Text.Value
		if !strings.ContainsAny(v, "*?") {
			continue
		}
		if !ok || f.Values[i].Reason == policy.WildcardLiteral {
			value, ok = v, true
		}
	}
	return value, ok
}

func (c *Case) wildcardFinding(f Failure, value string) Finding {
	got := f.Got.List[0]
	operator := f.Condition.Operator.Value
	out := Finding{Finding: report.Finding{
		Certainty: c.certainty(f), Where: c.at(f), Expected: value, Actual: got,
		Message: fmt.Sprintf("%s holds a wildcard under %s in statement %d, where it is a plain character", quote(value), operator, f.Statement.Index+1),
	}}
	like, ok := likeOperator(operator)
	switch {
	case f.Key.Kind == keyOwn && c.isSubject(f.Key.Claim):
		out.Proposals = c.wildcardProposals(f, value)
		if !policy.Like(value, got) {
			out.Notes = append(out.Notes, "as a pattern it would not match either: "+c.difference(value, got, true))
		}
	case ok && policy.Like(value, got) && !c.otherWildcards(f.Condition, value):
		out.Proposals = []Proposal{c.moveTo(f, like, value)}
	}
	return out
}

// wildcardProposals keeps the author's wildcard where it means the caller and
// names somebody in particular, and offers the exact value beside it.
func (c *Case) wildcardProposals(f Failure, value string) []Proposal {
	operator, key := f.Condition.Operator.Value, f.Condition.Key.Value
	like, ok := likeOperator(operator)
	var out []Proposal
	if ok && policy.Like(value, c.Event.Subject) && c.namesSomebody(value) && !c.otherWildcards(f.Condition, value) {
		out = append(out, c.moveTo(f, like, value))
	}
	return append(out, c.subjectProposals(f, operator, key)...)
}

func (c *Case) moveTo(f Failure, like, value string) Proposal {
	p := Proposal{Loosens: true, Edits: []policy.Edit{c.edit(f, policy.Edit{
		Kind: policy.ChangeOperator, Operator: f.Condition.Operator.Value, Key: f.Condition.Key.Value, New: like,
	})}}
	c.describeValue(f, &p, like, f.Condition.Key.Value, value)
	return p
}

// namesSomebody tells whether a pattern for sub names an owner, a namespace or
// an account at least: one that does not is no protection. At an issuer that
// is open to all it must be the owner.
func (c *Case) namesSomebody(pattern string) bool {
	if c.hasOwner && c.IDP.Open == policy.Yes {
		_, ok := c.IDP.OwnerOfPattern(pattern)
		return ok
	}
	for _, word := range strings.FieldsFunc(pattern, func(r rune) bool { return strings.ContainsRune(":/@", r) }) {
		if !strings.ContainsAny(word, "*?") && !formWord(word) {
			return true
		}
	}
	return false
}

// formWord tells whether a word belongs to the form of subjects and names
// nobody.
func formWord(word string) bool {
	switch word {
	case "system", "serviceaccount", "repo", "ref", "refs", "heads", "tags", "environment", "pull_request", "project_path",
		"ref_type", "branch", "tag", "organization", "project", "workspace", "run_phase", "pipeline", "main", "master":
		return true
	}
	return false
}

// difference is the first thing that tells a value from what was carried.
func (c *Case) difference(value, got string, pattern bool) string {
	if hints := c.IDP.Compare(value, got, pattern); len(hints) > 0 {
		return hints[0].Text
	}
	return fmt.Sprintf("%s is not %s", quote(got), quote(value))
}
