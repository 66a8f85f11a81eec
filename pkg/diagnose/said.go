package diagnose

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// mentionsAny tells whether a message holds one of the words, in any case.
func mentionsAny(message string, words ...string) bool {
	low := strings.ToLower(message)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(low, w) })
}

// said is a finding that rests on the error text of STS, which is definite.
func (c *Case) said(message string, fixes ...report.Fix) []Finding {
	f := report.Finding{Certainty: report.Certain, Message: message, Fixes: fixes}
	if c.Event.ErrorMessage != "" {
		f.Notes = []string{"STS said: " + idp.Quote(c.Event.ErrorMessage)}
	}
	return []Finding{{Finding: f}}
}
