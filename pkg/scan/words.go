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
	then := "When this was denied (" + e.Event.Time.UTC().Format(minuteForm) + ") "
	switch {
	case isFor(e, noRole):
		return then + "there was no such role" + ended(e, ". It came with ") + "."
	case isFor(i.Report, noRole):
		then += "the role was there"
	default:
		then += "another version of the trust policy was in force"
	}
	if len(e.Findings) > 0 {
		then += fmt.Sprintf(": %s (%s)", e.Findings[0].Message, e.Findings[0].Code)
	}
	return then + ended(e, ". It stood until ") + "."
}

// noRole is the cause where a role does not exist, which tells of no policy.
const noRole report.Code = "role-not-found"

// isFor is whether a report has a main cause.
func isFor(r *report.Report, code report.Code) bool {
	return r != nil && len(r.Findings) > 0 && r.Findings[0].Code == code
}

// ended tells which change ended what was in force.
func ended(e *report.Report, with string) string {
	if len(e.Changes) == 0 {
		return ""
	}
	c := &e.Changes[0]
	return fmt.Sprintf("%s%s by %s at %s", with, c.Name, cmp.Or(short(c), "an unknown caller"), c.Time.UTC().Format(minuteForm))
}
