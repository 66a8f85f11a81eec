package scan

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// result puts together what a scan has found.
func (r *run) result(ctx context.Context) *Result {
	kept := r.groups.kept()
	incidents := r.incidents(ctx, kept)
	r.name(ctx, incidents)
	interrupted := ctx.Err() != nil
	result := &Result{
		Schema: Schema, Scanned: r.clock().UTC().Truncate(time.Second), From: r.first, To: r.last,
		Files: int(r.done.Load() - r.shut.Load()), Bytes: r.unpacked.Load(), Records: int(r.records.Load()), Denials: r.groups.count,
		Interrupted: interrupted, Incidents: incidents, Unreadable: r.unreadable,
		MoreUnreadable: r.unlisted,
	}
	result.Accounts = accountsOf(result.Incidents)
	missing := r.gaps(ctx, result.Incidents)
	if r.Live && !interrupted {
		result.Unreadable = append(result.Unreadable, missing.failures()...)
	}
	if result.Unreadable == nil {
		result.Unreadable = []Unreadable{}
	}
	slices.SortStableFunc(result.Unreadable, func(a, b Unreadable) int { return cmp.Compare(a.Where, b.Where) })
	result.Notes = append(r.notes(interrupted, kept), missing.notes(r.Live)...)
	return result
}

// notes are sentences on what bounds the result.
func (r *run) notes(interrupted bool, kept []*group) []string {
	notes := []string{}
	note := func(holds bool, format string, args ...any) {
		if holds {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	left := int(r.inputs.Load() - r.done.Load())
	note(interrupted, "The scan was interrupted: what was not read until then is not in the result. Of the inputs that were found until then %d were left.", left)
	note(interrupted && r.Live, "AWS was not waited for any more: of roles and providers that it had not told of by then, the records alone tell.")
	note(r.Account == nil && r.groups.count > 0, "No account was given: a trust policy is known only where a record tells what it was set to.")
	lost, roles := r.groups.left(kept)
	note(lost > 0, "There are more incidents than the %d that are kept, which are those with the most denials. Denials in none of them: %d, by role: %s.", len(kept), lost, kinds(roles))
	note(r.groups.full, "There are more incidents than the memory holds: of those with few denials, days, subjects or all but their number may be missing, and which ones may depend on the order of reading.")
	note(r.groups.idless, "There are more than %d denials: of those beyond, one whose record was read twice is counted twice.", mostIDs)
	note(!r.history.before.IsZero(), "There are more changes of roles and providers than are kept: those until %s were left out.", r.history.before.UTC().Format(time.RFC3339))
	note(len(r.outdates) > 0, "The account may be older than the logs: it has trust policies that changes on record replaced, and which of the two stands decides whether a call is denied still. Incidents of which that is so, by role: %s.", kinds(r.outdates))
	note(len(r.passed) > 0, "Files whose names do not end as those of logs do were passed over: %s. One that is named itself is read.", kinds(r.passed))
	note(r.outside.Load() > 0, "Records of denied calls that were read, but lie outside the time that was given, and do not count: %d.", r.outside.Load())
	note(r.unlisted > 0, "%d more places could not be read than are listed.", r.unlisted)
	return notes
}

// kinds tells how many there are of each kind, the most first.
func kinds(counts map[string]int) string {
	const most = 6
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	var parts []string
	others := 0
	for i, name := range names {
		if i < most {
			parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
		} else {
			others += counts[name]
		}
	}
	if others > 0 {
		parts = append(parts, fmt.Sprintf("%d others", others))
	}
	return strings.Join(parts, ", ")
}
