package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// companionAction looks whether an action that a token needs beside
// AssumeRoleWithWebIdentity is granted, and proposes it in the statement that
// admits the call or is nearest to it.
func (c *Case) companionAction(action, what string) []Finding {
	if c.Trace == nil || policy.Decide(c.Policy, c.request(action)) == policy.Allowed {
		return nil
	}
	s := c.admitting()
	if s == nil || s.Principal == policy.No {
		return nil
	}
	if policy.Evaluate(c.Policy, c.request(action)).Statements[s.Index].Action == policy.Yes {
		return nil // the statement's conditions are the matter, not this action
	}
	out := Finding{Finding: report.Finding{
		Certainty: certaintyOf(s), Where: c.where(s.Index, ".Action", s.ActionAt),
		Expected: strings.Join(textValues(s.Statement.Actions), ", "), Actual: action,
		Message: fmt.Sprintf("the token carries %s, and statement %d does not allow %s", what, s.Index+1, action),
		Notes:   []string{fmt.Sprintf("without %s the whole call is denied", action)},
	}}
	if s.NotAction {
		return []Finding{out}
	}
	out.Proposals = []Proposal{{
		Message: fmt.Sprintf("add %s to the actions of %s", quote(action), c.inStatement(s.Index)),
		Edits:   []policy.Edit{{Kind: policy.AddAction, Statement: s.Index, New: action}},
	}}
	if action == actionTag {
		out.Proposals[0].Notes = []string{"the issuer may then set session tags of any key; a condition on aws:TagKeys would limit them"}
	}
	return []Finding{out}
}

// admitting is the Allow statement that matches the call, or the nearest one.
func (c *Case) admitting() *policy.StatementTrace {
	for i := range c.Trace.Statements {
		if s := &c.Trace.Statements[i]; !s.Deny && s.Result == policy.Yes {
			return s
		}
	}
	return c.Nearest
}
