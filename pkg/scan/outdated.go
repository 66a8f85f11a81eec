package scan

import (
	"context"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// outdated is whether the standing of a call hangs on whether the account was
// written down before the logs end: it has a version of the trust policy that a
// change on record replaced, and the version which that change set gives the
// call another standing. An account that is asked during the scan is not older.
func (r *run) outdated(ctx context.Context, role *diagnose.Known[diagnose.Role], ev *cloudtrail.Event, standing Standing) bool {
	newest, _ := r.history.versions(ev.RoleARN, endOfTime)
	if r.Live || !newest.known || newest.stands(role) || !r.history.had(ev.RoleARN, role) {
		return false
	}
	last := &view{Account: r.account, history: r.history, at: endOfTime}
	then := last.Role(ctx, ev.RoleARN)
	if r.standing(ctx, last, &then, diagnose.Explain(ctx, last, ev, diagnose.Options{})) == standing {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.outdates == nil {
		r.outdates = map[string]int{}
	}
	r.outdates[ev.RoleARN]++
	return true
}

// had is whether a role once was as an account has it, as far as changes are on
// record: with that trust policy, or not there.
func (h *history) had(arn string, role *diagnose.Known[diagnose.Role]) bool {
	for n, ch := range h.of(arn, "", time.Time{}, endOfTime) {
		switch {
		case role.Exists == policy.Yes && ch.Policy != nil && diagnose.SamePolicy(ch.Policy, role.Value.TrustPolicy):
			return true
		case role.Exists == policy.No && (ch.Name == "DeleteRole" || n == 0 && ch.Name == "CreateRole"):
			return true
		}
	}
	return false
}

// doubt makes an incident one of which it is not known which version stands:
// then nothing is to be changed.
func (i *Incident) doubt() {
	i.Standing = Unclear
	withoutFixes(i.Report)
	i.Report.TrustPolicyNote = "as the account has it; the newest change on record set another, so the account may have been read before that"
}
