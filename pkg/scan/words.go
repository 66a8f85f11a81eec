package scan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/report"
)

const minuteForm = "2006-01-02 15:04 UTC"

// ChangedBy is who made the latest change of the role or its provider, as short
// as it can be told: a user, or a role with the name of its session; "" where
// none is on record. It is raw, as the records have it.
func (i *Incident) ChangedBy() string { return short(i.Changed) }

func short(c *report.Change) string {
	if c == nil {
		return ""
	}
	for _, kind := range []string{":assumed-role/", ":user/"} {
		if _, name, ok := strings.Cut(c.By, kind); ok {
			return name
		}
	}
	return c.By
}

// Past tells in sentences what Earlier does: for what the call was denied by the
// version of the trust policy that was in force then, and who ended that one.
// It is "" where Earlier is nil, and raw.
func (i *Incident) Past() string {
	if i.Earlier == nil {
		return ""
	}
	e := i.Earlier
	then, next := "When this was denied ("+e.Event.Time.UTC().Format(minuteForm)+") ", ending(e)
	switch {
	case isFor(e, noRole):
		then += "there was no such role"
	case isFor(i.Report, noRole):
		then += "the role was there"
	default:
		then += "another version of the trust policy was in force"
	}
	if next == nil {
		then += ", as far as changes are on record"
	}
	if len(e.Findings) > 0 && !isFor(e, noRole) {
		then += fmt.Sprintf(": %s (%s)", e.Findings[0].Message, e.Findings[0].Code)
	}
	if next != nil {
		then += fmt.Sprintf(". That held until %s by %s at %s", next.Name, cmp.Or(short(next), "an unknown caller"), next.Time.UTC().Format(minuteForm))
	}
	return then + "."
}

// ending is the change that ended what was in force, nil where it is not on
// record.
func ending(e *report.Report) *report.Change {
	if len(e.Changes) == 0 || !e.Changes[0].Time.After(e.Event.Time) {
		return nil
	}
	return &e.Changes[0]
}

// noRole is the cause where a role does not exist, which tells of no policy.
const noRole report.Code = "role-not-found"

// isFor is whether a report has a main cause.
func isFor(r *report.Report, code report.Code) bool {
	return r != nil && len(r.Findings) > 0 && r.Findings[0].Code == code
}
