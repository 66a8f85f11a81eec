package diagnose

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var actionNotAllowed = &Check{
	Code:  "action-not-allowed",
	Title: "No statement for this caller grants sts:AssumeRoleWithWebIdentity",
	Doc: `Web identities assume roles by the action sts:AssumeRoleWithWebIdentity. sts:AssumeRole is another action and does not
cover it. A role that was made for EC2 or for another account grants sts:AssumeRole only.

Permission policies do not matter here: the caller is not authenticated by IAM, only the trust policy counts.

What to do: name the action in the statement that trusts the provider.`,
	URL:    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
	Errors: []string{accessDenied},
	Run:    findActionNotAllowed,
}

func findActionNotAllowed(c *Case) []Finding {
	if c.Trace == nil || c.Trace.Denied == policy.Yes && c.Nearest == nil {
		return nil
	}
	if c.Nearest == nil {
		return c.noAllowStatement()
	}
	s := c.Nearest
	if s.Action != policy.No || c.actionGranted() {
		return nil
	}
	actions := textValues(s.Statement.Actions)
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Where: c.where(s.Index, ".Action", s.ActionAt),
		Expected: strings.Join(actions, ", "), Actual: actionAssume,
		Message: fmt.Sprintf("no Allow statement for this caller grants %s: statement %d grants %s", actionAssume, s.Index+1, list(actions)),
		Notes:   []string{"permission policies do not matter here: only the trust policy decides on this call"},
	}}
	if s.NotAction {
		out.Message = fmt.Sprintf("no Allow statement for this caller grants %s: statement %d leaves it out by NotAction", actionAssume, s.Index+1)
	}
	if s.Principal == policy.Yes {
		out.Proposals = c.actionProposals(s)
	} else {
		out.Covered = true
	}
	return []Finding{out}
}

// actionGranted tells whether a statement with another principal grants the
// action: then the principal alone is the matter.
func (c *Case) actionGranted() bool {
	if c.Nearest.Principal == policy.Yes {
		return false
	}
	for i := range c.Trace.Statements {
		s := &c.Trace.Statements[i]
		if !s.Deny && s.Action == policy.Yes {
			return true
		}
	}
	return false
}

func (c *Case) noAllowStatement() []Finding {
	if c.Trace.Allowed == policy.Yes {
		return nil
	}
	out := Finding{Finding: report.Finding{
		Certainty: report.Certain, Message: "the trust policy has no Allow statement", Actual: actionAssume,
	}}
	if c.Event.Subject != "" && c.Event.Provider != "" {
		out.Proposals = []Proposal{c.addStatement()}
	}
	return []Finding{out}
}

// actionProposals grants the action: in the place of sts:AssumeRole where that
// can serve nobody, beside the others otherwise.
func (c *Case) actionProposals(s *policy.StatementTrace) []Proposal {
	if s.NotAction {
		return []Proposal{c.addStatement()}
	}
	add := Proposal{
		Message: fmt.Sprintf("add %s to the actions of %s", quote(actionAssume), c.inStatement(s.Index)),
		Edits:   []policy.Edit{{Kind: policy.AddAction, Statement: s.Index, New: actionAssume}},
	}
	for _, a := range s.Statement.Actions {
		if strings.EqualFold(a.Value, "sts:AssumeRole") && federatedOnly(s.Statement) {
			return []Proposal{{
				Message: fmt.Sprintf("replace the action %s by %s in %s", quote(a.Value), quote(actionAssume), c.inStatement(s.Index)),
				Edits:   []policy.Edit{{Kind: policy.ReplaceAction, Statement: s.Index, Value: a.Value, New: actionAssume}},
			}, resort(add)}
		}
	}
	return []Proposal{add, resort(c.addStatement())}
}

// federatedOnly tells whether a statement trusts identity providers only, for
// which sts:AssumeRole has no meaning.
func federatedOnly(s *policy.Statement) bool {
	for _, p := range s.Principals {
		if p.Type != "Federated" {
			return false
		}
	}
	return !s.NotPrincipal && len(s.Principals) > 0
}
