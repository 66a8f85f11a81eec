// Package scan answers for a whole account: which roles cannot be assumed, by
// whom, since when, why, and what to change. It reads CloudTrail records from
// wherever they are, groups the denials into incidents, and has one call of
// each incident diagnosed.
package scan

import (
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
)

// Schema names the form of the JSON result, described by docs/scan.schema.json.
const Schema = "rolewhy.scan/1"

// Result is the outcome of a scan.
type Result struct {
	Schema string `json:"schema"`
	// Scanned is when the reading had ended and the incidents were judged.
	Scanned time.Time `json:"scanned,omitzero"`
	From    time.Time `json:"from,omitzero"` // of the first record that was read
	To      time.Time `json:"to,omitzero"`   // of the last
	// How much was read. Of the records most are passed over before they are
	// parsed.
	Files   int   `json:"files"`
	Bytes   int64 `json:"bytes"` // unpacked
	Records int   `json:"records"`
	Denials int   `json:"denials"`
	// Interrupted is whether the context ended the scan, so that the rest
	// tells of a part of what there is.
	Interrupted bool `json:"interrupted,omitempty"`
	// Accounts are those of the incidents, by their numbers.
	Accounts []Account `json:"accounts"`
	// Incidents are sorted by what matters: those that still fail first, those
	// that are allowed now after the others, and strangers, who are denied
	// rightly, last; then by their counts and the last of their calls.
	Incidents  []Incident   `json:"incidents"`
	Unreadable []Unreadable `json:"unreadable"`
	// MoreUnreadable is how many places could not be read beyond those.
	MoreUnreadable int `json:"moreUnreadable,omitempty"`
	// Notes are sentences on what bounds the result: that it was interrupted,
	// that there were more groups than are kept, that no policy was at hand, or
	// that files were passed over or denials left out.
	Notes []string `json:"notes"`
}

// Lost is how many of the denials are in none of the incidents, since there are
// more of those than are kept.
func (r *Result) Lost() int {
	lost := r.Denials
	for i := range r.Incidents {
		lost -= r.Incidents[i].Count
	}
	return lost
}

// Standing says whether the calls of an incident would still be denied.
type Standing string

const (
	Failing Standing = "failing"     // denied by the policy as it stands
	Allowed Standing = "allowed-now" // the policy as it stands allows them
	Unclear Standing = "unknown"     // the policy as it stands was not seen
)

// Incident is a group of denied calls with one fingerprint.
type Incident struct {
	Fingerprint  string    `json:"fingerprint"`
	Standing     Standing  `json:"standing"`
	Count        int       `json:"count"`
	First        time.Time `json:"first,omitzero"` // zero where no record tells its time
	Last         time.Time `json:"last,omitzero"`
	Subjects     []string  `json:"subjects"` // the first of them, at most MostSubjects
	MoreSubjects bool      `json:"moreSubjects,omitempty"`
	// Days are the denials by UTC day, 2006-01-02: of the newest, at most
	// MostDays.
	Days     map[string]int `json:"days"`
	MoreDays bool           `json:"moreDays,omitempty"`
	// Report explains the last of the calls by the trust policy as it stands,
	// and so do its fixes. Of a call that is allowed by now it tells the cause
	// by the version that was in force when it was denied, where the records
	// tell that one, and has no fixes: nothing is left to mend.
	Report *report.Report `json:"report"`
	// Earlier explains the same call, where it is not allowed by now, by the
	// version of the trust policy that was in force when it was denied. It has
	// no fixes, and the change that ended that version is the first of its
	// changes. Nil where that version is not known, is the one that stands, or
	// has the same causes.
	Earlier *report.Report `json:"earlier,omitempty"`
	// Changed is the latest change of the role or its provider, after the
	// calls or before them, and of a call that the trust policy allows by now the
	// latest one of that; nil where none is on record.
	Changed *report.Change `json:"changed,omitempty"`
}

// MostSubjects bounds the subjects that are kept of an incident.
const MostSubjects = 20

// Unreadable is a place that could not be read, or not to its end.
type Unreadable struct {
	Where string `json:"where"`
	Why   string `json:"why"`
}
