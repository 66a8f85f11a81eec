package scan

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Bounds of what is kept.
const (
	mostEvent  = 64 << 10 // bytes of the fields of one event
	mostEvents = 32 << 20 // and of those of all groups
	mostIDs    = 1 << 20  // events that are told apart by their ids
	mostDays   = 400      // of a group
)

// groups are denials by fingerprint.
type groups struct {
	mu     sync.Mutex
	most   int
	all    map[string]*group
	size   int                 // bytes of the events
	ids    map[uint64]struct{} // hashes of the ids of events that were counted
	seed   maphash.Seed
	count  int // denials
	lost   int // denials of groups that are not kept
	idless bool
}

// group is one incident in the making.
type group struct {
	count       int
	first, last time.Time
	event       *cloudtrail.Event // the last one
	subjects    []subject         // by time
	more        bool              // subjects than are kept
	days        map[string]int
}

// subject is one with the time of its first denial.
type subject struct {
	name  string
	first time.Time
}

func newGroups(most int) *groups {
	return &groups{most: most, all: map[string]*group{}, ids: map[uint64]struct{}{}, seed: maphash.MakeSeed()}
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
	if one == nil && (len(g.all) >= g.most || g.size+sizeOf(ev) > mostEvents) {
		g.lost++
		return
	}
	if one == nil {
		one = &group{days: map[string]int{}}
		g.all[key] = one
	}
	g.size += one.add(ev, mostEvents-g.size)
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

// add counts an event and keeps it where it is the last one and there is room.
// It returns by how much the group has grown.
func (g *group) add(ev *cloudtrail.Event, room int) (grown int) {
	g.count++
	g.spans(ev.Time)
	g.saw(ev.Subject, ev.Time)
	if g.event != nil {
		if cmp.Or(ev.Time.Compare(g.event.Time), cmp.Compare(ev.ID, g.event.ID)) <= 0 {
			return 0
		}
		grown = -sizeOf(g.event)
	}
	if grown += sizeOf(ev); grown > room {
		return 0
	}
	g.event = ev
	return grown
}

func (g *group) spans(t time.Time) {
	if t.IsZero() {
		return
	}
	if g.first.IsZero() || t.Before(g.first) {
		g.first = t
	}
	if t.After(g.last) {
		g.last = t
	}
	day := t.UTC().Format(time.DateOnly)
	if _, ok := g.days[day]; ok || len(g.days) < mostDays {
		g.days[day]++
	}
}

// saw keeps the subjects that were denied first, so that they are the same in
// whatever order the records come.
func (g *group) saw(name string, t time.Time) {
	i := slices.IndexFunc(g.subjects, func(s subject) bool { return s.name == name })
	switch {
	case name == "":
		return
	case i < 0:
		g.subjects = append(g.subjects, subject{name, t})
	case t.Before(g.subjects[i].first):
		g.subjects[i].first = t
	default:
		return
	}
	slices.SortFunc(g.subjects, func(a, b subject) int { return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.name, b.name)) })
	if len(g.subjects) > MostSubjects {
		g.subjects, g.more = g.subjects[:MostSubjects], true
	}
}

// sizeOf is about how many bytes an event takes up.
func sizeOf(ev *cloudtrail.Event) int {
	n := 512
	for _, s := range []string{
		ev.ID, ev.Name, ev.Source, ev.Region, ev.AccountID, ev.RequestID, ev.SourceIP, ev.UserAgent, ev.ErrorCode, ev.RawErrorCode,
		ev.ErrorMessage, ev.EndpointHost, ev.EndpointType, ev.ServingRegion, ev.VPCEndpoint, ev.RoleARN, ev.SessionName,
		ev.SourceIdentity, ev.Provider, ev.Subject, ev.Audience, string(ev.Case),
	} {
		n += len(s)
	}
	for _, t := range ev.PrincipalTags {
		n += len(t.Key) + len(t.Value) + 32
	}
	for _, k := range ev.TransitiveTagKeys {
		n += len(k) + 16
	}
	return n
}
