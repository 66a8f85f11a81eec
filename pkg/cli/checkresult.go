package cli

import (
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// checkSchema names the form of the JSON result, described by
// docs/check.schema.json.
const checkSchema = "rolewhy.check/1"

// checked is the outcome of check.
type checked struct {
	Schema string       `json:"schema"`
	Expect string       `json:"expect,omitempty"`
	Roles  []decision   `json:"roles"`
	Gaps   []report.Gap `json:"gaps"`
}

// decision is the outcome for one role.
type decision struct {
	Role       string           `json:"role"`
	File       string           `json:"file"`
	Line       int              `json:"line"` // of the policy in the file
	Decision   string           `json:"decision"`
	Provider   string           `json:"provider"`
	Subject    string           `json:"subject"`
	Audience   string           `json:"audience,omitempty"` // "" where it is open
	Statements []statementTrace `json:"statements"`
	Findings   []report.Finding `json:"findings"` // the causes of a denial
	Policy     string           `json:"policy"`
	role       *filed
}

// statementTrace is a statement with each of its parts.
type statementTrace struct {
	Statement int         `json:"statement"` // from 1
	Sid       string      `json:"sid,omitempty"`
	Effect    string      `json:"effect"`
	Matches   string      `json:"matches"` // yes, no, unknown
	Parts     []partTrace `json:"parts"`
	Line      int         `json:"line"` // of the file
}

// partTrace is the principal, the action or a condition of a statement.
type partTrace struct {
	Part     string   `json:"part"` // principal, action, condition
	Operator string   `json:"operator,omitempty"`
	Key      string   `json:"key,omitempty"`
	Wants    []string `json:"wants"`
	Got      []string `json:"got,omitempty"`
	Met      string   `json:"met"` // yes, no, unknown
	Reason   string   `json:"reason,omitempty"`
	Line     int      `json:"line"`   // of the file
	Column   int      `json:"column"` // in bytes
}

// statement is the trace of one statement with its places in the file.
func (r *filed) statement(s *policy.StatementTrace) statementTrace {
	t := statementTrace{
		Statement: s.Index + 1, Sid: s.Sid.Value, Effect: s.Effect.Value, Matches: s.Result.String(),
		Line: r.Place(s.Span).Line,
	}
	t.Parts = append(t.Parts,
		r.part(partTrace{Part: "principal", Wants: valuesOf(s.Statement.Principals), Met: s.Principal.String(), Reason: s.PrincipalReason.String()}, s.PrincipalAt),
		r.part(partTrace{Part: "action", Wants: valuesOf(s.Statement.Actions), Met: s.Action.String(), Reason: s.ActionReason.String()}, s.ActionAt))
	for i := range s.Conditions {
		k := &s.Conditions[i]
		t.Parts = append(t.Parts, r.part(partTrace{
			Part: "condition", Operator: k.Operator.Value, Key: k.Key.Value, Wants: valuesOf(k.Condition.Values),
			Got: got(k.Got), Met: k.Result.String(), Reason: k.Reason.String(),
		}, k.Key.Span))
	}
	return t
}

// part adds the place of a part.
func (r *filed) part(p partTrace, s policy.Span) partTrace {
	at := r.Place(s)
	p.Line, p.Column = at.Line, at.Column
	return p
}

// valuesOf are the values of parts of a policy.
func valuesOf[T policy.Text | policy.Principal](parts []T) []string {
	all := []string{}
	for _, p := range parts {
		switch p := any(p).(type) {
		case policy.Text:
			all = append(all, p.Value)
		case policy.Principal:
			all = append(all, p.Value)
		}
	}
	return all
}

// got is what the call has for a key.
func got(v policy.Values) []string {
	if v.State != policy.Present {
		return nil
	}
	return v.List
}

// headline is the decision in a sentence.
func (d *decision) headline() string {
	text := fmt.Sprintf("%s: %s", d.Decision, d.Subject)
	if d.Audience != "" {
		text += " with audience " + d.Audience
	}
	return text + " through " + d.Provider
}

// reasonWords is a reason as people say it.
func reasonWords(reason string) string { return strings.ReplaceAll(reason, "-", " ") }
