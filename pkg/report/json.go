package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes the report as one line of JSON, in the form that
// docs/report.schema.json describes. Beside what the value holds it has the
// diff, the command and the Terraform of every change of the policy.
// Characters that act on a terminal are written as \u escapes.
func JSON(w io.Writer, r *Report) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(newDocument(r)); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	if _, err := w.Write(escapeJSON(b.Bytes())); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// document is a Report with what is rendered for machines. Its members stand
// in the place of those of the same name in Report.
type document struct {
	*Report
	Findings []documentFinding `json:"findings"`
	Gaps     []Gap             `json:"gaps"`
	Fixed    *rendered         `json:"fixed,omitempty"` // all first fixes together
}

type documentFinding struct {
	*Finding
	Fixes []documentFix `json:"fixes"`
}

type documentFix struct {
	*Fix
	*rendered
}

// rendered is a changed policy in the forms in which it can be applied.
type rendered struct {
	Diff      string `json:"diff,omitempty"`      // unified, of the trust policy
	Command   string `json:"command,omitempty"`   // of the AWS CLI, for a POSIX shell
	Terraform string `json:"terraform,omitempty"` // argument of an aws_iam_role
}

func newDocument(r *Report) document {
	d := document{Report: r, Findings: []documentFinding{}, Gaps: append([]Gap{}, r.Gaps...)}
	for i := range r.Findings {
		f := documentFinding{Finding: &r.Findings[i], Fixes: []documentFix{}}
		for j := range f.Finding.Fixes {
			fix := &f.Finding.Fixes[j]
			f.Fixes = append(f.Fixes, documentFix{fix, render(r, fix.Policy)})
		}
		d.Findings = append(d.Findings, f)
	}
	d.Fixed = render(r, wholeFix(r))
	return d
}

// render is nil where there is no policy.
func render(r *Report, policy string) *rendered {
	if policy == "" {
		return nil
	}
	return &rendered{policyDiff(r.TrustPolicy, policy), policyCommand(r.Event.Role, policy), Terraform(policy)}
}
