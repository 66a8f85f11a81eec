package cli

import (
	"encoding/json"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// expectation is what a sample says is to be found in it.
type expectation struct {
	Causes []string // codes of the certain and likely causes, in any order
	Caller []string // what the caller may be called; empty where that is open
}

// expected reads the expectation of a case, ok false where it has none.
func expected(raw json.RawMessage) (want expectation, ok bool) {
	var c struct{ Expect *expectation }
	if err := json.Unmarshal(raw, &c); err != nil || c.Expect == nil {
		return want, false
	}
	return *c.Expect, true
}

// metBy reports whether the report finds what is expected, and no more than
// that beyond what is merely possible.
func (e expectation) metBy(r *report.Report) bool {
	var found []string
	for _, f := range r.Findings {
		if f.Certainty != report.Possible {
			found = append(found, string(f.Code))
		}
	}
	slices.Sort(found)
	return slices.Equal(slices.Compact(found), slices.Sorted(slices.Values(e.Causes))) &&
		(len(e.Caller) == 0 || slices.Contains(e.Caller, string(r.Caller)))
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
