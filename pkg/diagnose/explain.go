// Package diagnose finds out why a call was denied: it gathers what is known
// into a Case, evaluates the trust policy into a trace, runs the checks over
// both, and proves the fixes it proposes.
package diagnose

import (
	"context"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// Options is what a user adds to the record.
type Options struct {
	Mine    bool                // the caller is one's own
	Claims  map[string]any      // claims of the token, numbers as json.Number; nil where no token is at hand
	Context map[string][]string // further keys of the request context
}

// Explain diagnoses one event. It never fails: what could not be looked at
// is a gap in the report.
func Explain(ctx context.Context, acct Account, ev *cloudtrail.Event, o Options) *report.Report {
	return &report.Report{Schema: report.Schema}
}

// Check recognizes one cause.
type Check struct {
	Code       report.Code
	Title      string        // a noun phrase
	Doc        string        // Markdown: what it is, how it comes about, what to do
	URL        string        // vendor page
	Errors     []string      // CloudTrail error codes it goes with
	Supersedes []report.Code // at the same place
}

// Checks lists every cause, likeliest first.
var Checks = []*Check{}
