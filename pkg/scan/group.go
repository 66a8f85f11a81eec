package scan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// MostDays bounds the days that are kept of an incident.
const MostDays = 400

// group is one incident in the making. All but the first of its parts are
// details, which it may have to give up.
type group struct {
	fingerprint, role string
	count             int
	first, last       time.Time

	event        *cloudtrail.Event // the last one; nil: the details were given up
	subjects     []subject         // by time
	moreSubjects bool              // than are kept
	days         []daily           // by day
	moreDays     bool              // than are kept
	size         int               // bytes of these
}

// subject is one with the time of its first denial.
type subject struct {
	name  string
	first time.Time
}

// daily is how many denials there were on a day.
type daily struct {
	day   int32 // since 1970, of UTC
	count int32
}

// add counts an event and keeps it where it is the last one. It returns by how
// many bytes the group has grown.
func (g *group) add(ev *cloudtrail.Event) (grown int) {
	g.count++
	g.spans(ev.Time)
	g.saw(ev.Subject, ev.Time)
	if g.event == nil || isLater(ev, g.event) {
		g.event = ev
	}
	before := g.size
	g.size = g.bytes()
	return g.size - before
}

// isLater is whether an event comes after another one, or of two at a time
// which of them is to be taken for it.
func isLater(a, b *cloudtrail.Event) bool {
	order := cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID))
	return order > 0 || order == 0 && slices.Compare(whole(a), whole(b)) > 0
}

// whole is all that may differ between events of a group.
func whole(ev *cloudtrail.Event) []string {
	texts := textsOf(ev)
	return append(texts[:], fmt.Sprint(ev.PrincipalTags, ev.TransitiveTagKeys, ev.Duration))
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
	g.on(int32(t.UTC().Truncate(24*time.Hour).Unix() / (24 * 60 * 60)))
}

// on counts a denial of a day. The newest days are kept: one that was dropped
// has so many after it in whatever order the records come.
func (g *group) on(day int32) {
	i, ok := slices.BinarySearchFunc(g.days, day, func(d daily, day int32) int { return cmp.Compare(d.day, day) })
	switch {
	case ok:
		g.days[i].count++
		return
	case len(g.days) < MostDays:
		g.days = slices.Insert(g.days, i, daily{day, 1})
		return
	case i > 0:
		copy(g.days, g.days[1:i])
		g.days[i-1] = daily{day, 1}
	}
	g.moreDays = true
}

// byDay are the denials by UTC day, as 2006-01-02.
func (g *group) byDay() map[string]int {
	all := make(map[string]int, len(g.days))
	for _, d := range g.days {
		all[time.Unix(int64(d.day)*24*60*60, 0).UTC().Format(time.DateOnly)] = int(d.count)
	}
	return all
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
		g.subjects, g.moreSubjects = g.subjects[:MostSubjects], true
	}
}

// strip gives up the details. It returns how many bytes those took up.
func (g *group) strip() (freed int) {
	if g.event == nil {
		return 0
	}
	freed = g.size
	*g = group{
		fingerprint: g.fingerprint, role: g.role, count: g.count, first: g.first, last: g.last,
		moreSubjects: true, moreDays: true,
	}
	return freed
}

func (g *group) roleName() string { return cmp.Or(report.RoleName(g.role), "without a role") }

// What an event, a tag, a text and a subject take up beside their letters.
const (
	bytesOfEvent, bytesOfTag, bytesOfText, bytesOfSubject, bytesOfDay = 768, 32, 16, 40, 8
)

// bytes is about how many the details take up.
func (g *group) bytes() int {
	n := sizeOf(g.event) + cap(g.days)*bytesOfDay + cap(g.subjects)*bytesOfSubject
	for _, s := range g.subjects {
		n += len(s.name)
	}
	return n
}

// sizeOf is about how many bytes an event takes up.
func sizeOf(ev *cloudtrail.Event) int {
	n := bytesOfEvent
	for _, s := range textsOf(ev) {
		n += len(s)
	}
	for _, t := range ev.PrincipalTags {
		n += len(t.Key) + len(t.Value) + bytesOfTag
	}
	for _, k := range ev.TransitiveTagKeys {
		n += len(k) + bytesOfText
	}
	return n
}

// textsOf are those of an event, the subject first.
func textsOf(ev *cloudtrail.Event) [22]string {
	return [...]string{
		ev.Subject, ev.SessionName, ev.ID, ev.Name, ev.Source, ev.Region, ev.AccountID, ev.RequestID, ev.SourceIP, ev.UserAgent, ev.ErrorCode, ev.RawErrorCode,
		ev.ErrorMessage, ev.EndpointHost, ev.EndpointType, ev.ServingRegion, ev.VPCEndpoint, ev.RoleARN,
		ev.SourceIdentity, ev.Provider, ev.Audience, string(ev.Case),
	}
}
