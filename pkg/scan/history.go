package scan

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// mostChanges bounds the changes that are kept, in bytes. A trust policy has
// some thousand.
const mostChanges = 16 << 20

// history is what the records tell of changes of roles and providers. Where
// there are more than are kept, the newest are.
type history struct {
	mu      sync.Mutex
	changes byTime // a heap, the oldest on top; once settled in order
	ids     map[string]bool
	size    int
	before  time.Time // changes until then were dropped; zero: none was

	// Once settled, oldest first.
	ofRole     map[string][]*cloudtrail.Change // by name in lower case
	ofProvider []*cloudtrail.Change
}

func (h *history) add(c cloudtrail.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ids[c.EventID] || !h.before.IsZero() && !c.Time.After(h.before) {
		return
	}
	if h.ids == nil {
		h.ids = map[string]bool{}
	}
	if c.EventID != "" {
		h.ids[c.EventID] = true
	}
	heap.Push(&h.changes, c)
	for h.size += sizeOfChange(&c); h.overfull(); {
		old := heap.Pop(&h.changes).(cloudtrail.Change)
		h.size -= sizeOfChange(&old)
		h.before = old.Time
		delete(h.ids, old.EventID)
	}
}

// overfull is whether a change has to go, and with it all others of its second:
// else what is kept would hang on the order of reading.
func (h *history) overfull() bool {
	return h.size > mostChanges || len(h.changes) > 0 && !h.before.IsZero() && h.changes[0].Time.Equal(h.before)
}

// settle makes the history ready for questions: nothing is added any more.
func (h *history) settle() {
	slices.SortFunc(h.changes, func(a, b cloudtrail.Change) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.EventID, b.EventID))
	})
	h.ofRole = map[string][]*cloudtrail.Change{}
	for i := range h.changes {
		c := &h.changes[i]
		if c.Role != "" {
			name := strings.ToLower(c.Role)
			h.ofRole[name] = append(h.ofRole[name], c)
		} else {
			h.ofProvider = append(h.ofProvider, c)
		}
	}
}

// ofNamed are the changes of the roles of that name in whatever account.
func (h *history) ofNamed(role string) []*cloudtrail.Change {
	return h.ofRole[strings.ToLower(role[strings.LastIndexByte(role, '/')+1:])]
}

// of lists the changes of a role and of a provider.
func (h *history) of(role, provider string, from, to time.Time) []diagnose.Change {
	var found []diagnose.Change
	for _, c := range slices.Concat(h.ofNamed(role), h.ofProvider) {
		if !c.Time.Before(from) && !c.Time.After(to) && c.Concerns(role, provider) {
			found = append(found, diagnose.Change{
				Time: c.Time, Name: c.Name, EventID: c.EventID, By: c.By, Via: c.Via,
				Role: c.Role, Provider: c.Provider, Policy: c.Policy,
			})
		}
	}
	return found
}

// version is a trust policy of a role, or that it was deleted.
type version struct {
	policy []byte // nil: there was no such role
	known  bool
	why    string // it is not known, though a change before is on record
}

// versions are the one that the records say was in force at a time, and the
// change that put another in its place; nil where none is on record.
func (h *history) versions(role string, at time.Time) (then version, next *diagnose.Change) {
	known, next := diagnose.InForce(h.of(role, "", time.Time{}, endOfTime), at)
	return version{known.Value, known.Exists != policy.Unknown, known.Why}, next
}

// stands is whether a version is that of the role as it stands.
func (v version) stands(role *diagnose.Known[diagnose.Role]) bool {
	if v.policy == nil || role.Exists != policy.Yes {
		return v.policy == nil && role.Exists == policy.No
	}
	return diagnose.SamePolicy(v.policy, role.Value.TrustPolicy)
}

func sizeOfChange(c *cloudtrail.Change) int {
	return 256 + len(c.Name) + len(c.EventID) + len(c.By) + len(c.Via) + len(c.Account) + len(c.Role) + len(c.Provider) + len(c.Policy)
}

// byTime is a heap of changes.
type byTime []cloudtrail.Change

func (b byTime) Len() int           { return len(b) }
func (b byTime) Less(i, j int) bool { return b[i].Time.Before(b[j].Time) }
func (b byTime) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byTime) Push(x any)        { *b = append(*b, x.(cloudtrail.Change)) }
func (b *byTime) Pop() any {
	last := len(*b) - 1
	c := (*b)[last]
	(*b)[last] = cloudtrail.Change{}
	*b = (*b)[:last]
	return c
}
