package scan

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"sync"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Bounds of what is held until all is read.
const (
	mostEvent   = 64 << 10 // bytes of the fields of one event
	mostDetails = 64 << 20 // bytes of the details of all groups
	mostCounted = 1 << 17  // groups, with details or without
	mostIDs     = 1 << 20  // events that are told apart by their ids
)

// groups are denials by fingerprint. Which of them are kept is settled when
// all is read, and depends on the order of reading only where there is no room
// for the details of all.
type groups struct {
	mu      sync.Mutex
	most    int // groups that are kept
	room    int // mostDetails
	counted int // mostCounted
	all     map[string]*group
	size    int                 // bytes of the details
	ids     map[uint64]struct{} // hashes of the ids of events that were counted
	seed    maphash.Seed
	count   int  // denials
	full    bool // details were given up
	idless  bool
}

func newGroups(most int) *groups {
	return &groups{
		most: most, room: mostDetails, counted: mostCounted,
		all: map[string]*group{}, ids: map[uint64]struct{}{}, seed: maphash.MakeSeed(),
	}
}

// add counts a denial, once however often its record is read.
func (g *groups) add(ev *cloudtrail.Event) {
	key := diagnose.Fingerprint(ev)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.again(ev.ID) {
		return
	}
	g.count++
	one := g.all[key]
	if one == nil {
		one = &group{fingerprint: key, role: ev.RoleARN}
		g.all[key] = one
	}
	if g.size += one.add(ev); g.size > g.room || len(g.all) > g.counted {
		g.shrink()
	}
}

// again is whether an event was counted. Beyond a number of events it cannot
// be told.
func (g *groups) again(id string) bool {
	if id == "" {
		return false
	}
	h := maphash.String(g.seed, id)
	if _, ok := g.ids[h]; ok {
		return true
	}
	if len(g.ids) >= mostIDs {
		g.idless = true
		return false
	}
	g.ids[h] = struct{}{}
	return false
}

// shrink takes the details of the lightest groups, half of all, and forgets the
// lightest quarter where there are too many. A group that is counted on grows
// heavier, and gets details anew.
func (g *groups) shrink() {
	g.full = true
	lightest := g.byWeight()
	slices.Reverse(lightest)
	for _, one := range lightest {
		if g.size <= g.room/2 {
			break
		}
		g.size -= one.strip()
	}
	if len(lightest) <= g.counted {
		return
	}
	for _, one := range lightest[:len(lightest)-g.counted*3/4] {
		g.size -= one.strip()
		delete(g.all, one.fingerprint)
	}
}

// byWeight lists the groups, those with the most denials first, and of those
// with as many the ones that were denied last.
func (g *groups) byWeight() []*group {
	return slices.SortedFunc(maps.Values(g.all), func(a, b *group) int {
		return cmp.Or(b.count-a.count, b.last.Compare(a.last), cmp.Compare(a.fingerprint, b.fingerprint))
	})
}

// kept are the heaviest groups.
func (g *groups) kept() []*group {
	detailed := slices.DeleteFunc(g.byWeight(), func(one *group) bool { return one.event == nil })
	return detailed[:min(g.most, len(detailed))]
}

// left counts the denials of the groups that are not kept, and those by the
// names of their roles.
func (g *groups) left(kept []*group) (count int, roles map[string]int) {
	roles = map[string]int{}
	forgotten := g.count
	for _, one := range g.all {
		roles[one.roleName()] += one.count
		forgotten -= one.count
	}
	roles["of roles that were forgotten"] = forgotten
	count = g.count
	for _, one := range kept {
		roles[one.roleName()] -= one.count
		count -= one.count
	}
	maps.DeleteFunc(roles, func(_ string, n int) bool { return n == 0 })
	return count, roles
}
