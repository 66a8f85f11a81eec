package diagnose

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// The calls that change what a role trusts.
const (
	madeRole    = "CreateRole"
	deletedRole = "DeleteRole"
	setTrust    = "UpdateAssumeRolePolicy"
)

// OfTrust is whether the change is one of what a role trusts, also where the
// record leaves out the policy that was set.
func (ch *Change) OfTrust() bool {
	return ch.Role != "" && (ch.Name == madeRole || ch.Name == deletedRole || ch.Name == setTrust)
}

// moment are the changes of one role that were made in one second, which is all
// that a record tells of the time: in the order they can have been made in.
type moment []Change

// Chronological sorts changes of one role and its provider, oldest first, in the
// order they can have been made in. Event IDs tell nothing of it.
func Chronological(changes []Change) []Change {
	sorted := make([]Change, 0, len(changes))
	eachMoment(changes, func(m moment, _ Known[[]byte]) bool {
		sorted = append(sorted, m...)
		return true
	})
	return sorted
}

// InForce tells from the changes of one role, in any order, the trust policy
// that was in force at a time: missing where there was no such role, and unseen
// where no change before is known, where the record of one leaves out the
// policy, or where it cannot be told which of several was the last. The change
// that ended it is nil where none is known.
func InForce(changes []Change, at time.Time) (then Known[[]byte], ended *Change) {
	trust := slices.DeleteFunc(slices.Clone(changes), func(ch Change) bool { return !ch.OfTrust() })
	eachMoment(trust, func(m moment, left Known[[]byte]) bool {
		if m[0].Time.After(at) {
			ended = &m[0]
			return false
		}
		then = left
		return true
	})
	return then, ended
}

// eachMoment goes through changes from the oldest to the newest, with the trust
// policy that each moment left behind, until yield is false.
func eachMoment(changes []Change, yield func(moment, Known[[]byte]) bool) {
	var then Known[[]byte]
	sorted := slices.SortedStableFunc(slices.Values(changes), func(a, b Change) int { return a.Time.Compare(b.Time) })
	for start, end := 0, 0; start < len(sorted); start = end {
		for end < len(sorted) && sorted[end].Time.Equal(sorted[start].Time) {
			end++
		}
		m := moment(sorted[start:end])
		m.sort(then.Exists)
		if slices.ContainsFunc(m, func(ch Change) bool { return ch.OfTrust() }) {
			then = m.leaves(then.Exists)
		}
		if !yield(m, then) {
			return
		}
	}
}

// sort puts changes in the order they can have been made in, where the role was
// there before, or not, or nothing is known of that. What is left to chance is
// decided by the event IDs, so that it is the same each time.
func (m moment) sort(existed policy.Result) {
	order := []string{deletedRole, madeRole, setTrust}
	if m.deletes(existed) {
		order = []string{madeRole, setTrust, deletedRole}
	}
	slices.SortStableFunc(m, func(a, b Change) int {
		return cmp.Or(
			slices.Index(order, a.Name)-slices.Index(order, b.Name), cmp.Compare(a.EventID, b.EventID),
			cmp.Compare(a.Name, b.Name), bytes.Compare(a.Policy, b.Policy),
		)
	})
}

// count is how often a call was made, however often its record is there.
func (m moment) count(name string) (n int) {
	for i := range m {
		if m[i].Name == name && !slices.ContainsFunc(m[:i], m[i].again) {
			n++
		}
	}
	return n
}

// again is whether a change is the same one, of which the record was read twice.
func (ch *Change) again(o Change) bool {
	return ch.Name == o.Name && ch.EventID == o.EventID && (ch.EventID != "" || bytes.Equal(ch.Policy, o.Policy))
}

// deletes is whether the role is gone after it. A role is made and deleted in
// turns; one of which nothing is known from before is taken to have been
// replaced: nobody calls one that is gone within a second.
func (m moment) deletes(existed policy.Result) bool {
	made, deleted := m.count(madeRole), m.count(deletedRole)
	return deleted > made || deleted == made && made > 0 && existed == policy.No
}

// leaves is the trust policy after it.
func (m moment) leaves(existed policy.Result) Known[[]byte] {
	if m.deletes(existed) {
		return Missing[[]byte]()
	}
	last := m.last(existed)
	for i := range last {
		switch {
		case last[i].Policy == nil:
			return Unseen[[]byte](fmt.Sprintf("the record of %s does not tell the policy", last[i].by()))
		case !SamePolicy(last[i].Policy, last[0].Policy):
			return Unseen[[]byte](fmt.Sprintf("the trust policy was set more than once at %s, and the records do not tell which came last", last[i].Time.UTC().Format(time.RFC3339)))
		}
	}
	return Found(last[len(last)-1].Policy)
}

// last are the changes that set a policy and can be the last of the moment: none
// but the updates, where the role can only have been made before all of them.
func (m moment) last(existed policy.Result) (last []Change) {
	made, deleted := m.count(madeRole), m.count(deletedRole)
	first := made == 1 && deleted == 0 && existed != policy.Yes && m.count(setTrust) > 0
	for _, ch := range m {
		if ch.Name == setTrust || ch.Name == madeRole && !first {
			last = append(last, ch)
		}
	}
	return last
}

// SamePolicy is whether two trust policies say the same. Layout and the order of
// members make no difference; what cannot be parsed is the same as nothing.
func SamePolicy(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	one, err1 := content(a)
	other, err2 := content(b)
	return err1 == nil && err2 == nil && reflect.DeepEqual(one, other)
}

// content is what a trust policy holds.
func content(text []byte) (content any, err error) {
	d, err := policy.Parse(text)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(d.Source, &content)
	return content, err
}
