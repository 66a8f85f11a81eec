package awsaccount

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// Bounds of a sweep. CloudTrail keeps its event history for 90 days. Two
// requests a second make most of the requests take twelve seconds.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
const (
	historyWindow = 90 * 24 * time.Hour
	maxLookups    = 24
)

// sweep reads the changes of an account off its event history. CloudTrail
// finds events by one attribute at a time, and is not known to index changes
// of roles by the role, so that all events of each name are read.
type sweep struct {
	trail    trailAPI
	from, to time.Time
	queue    []*lookup
	changes  []cloudtrail.Change
}

// lookup is a search for the events of one name, newest first, page by page.
type lookup struct {
	name   string
	token  *string   // of the next page; nil at the first
	oldest time.Time // of the events that were read; zero before the first page
}

func newSweep(trail trailAPI, now time.Time) *sweep {
	s := &sweep{trail: trail, from: now.Add(-historyWindow), to: now}
	for _, name := range cloudtrail.ChangeNames {
		s.queue = append(s.queue, &lookup{name: name})
	}
	return s
}

// read takes a page of each name before the second page of any: the newest
// changes matter most.
func (s *sweep) read(ctx context.Context) seen[history] {
	for n := 0; n < maxLookups && len(s.queue) > 0; n++ {
		next := s.queue[0]
		more, err := s.page(ctx, next)
		if err != nil {
			return partly(s.history(), len(s.changes) > 0, refused(err, needLookup))
		}
		s.queue = s.queue[1:]
		if more {
			s.queue = append(s.queue, next)
		}
	}
	return found(s.history())
}

// page reads the next page of a name. The other parameters have to stay the
// same from page to page.
func (s *sweep) page(ctx context.Context, l *lookup) (more bool, err error) {
	out, err := s.trail.LookupEvents(ctx, &api.LookupEventsInput{
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: &l.name}},
		StartTime:        &s.from, EndTime: &s.to, NextToken: l.token,
	})
	if err != nil {
		return false, err
	}
	for i := range out.Events {
		l.oldest = aws.ToTime(out.Events[i].EventTime)
		s.changes = append(s.changes, changes(aws.ToString(out.Events[i].CloudTrailEvent))...)
	}
	l.token = out.NextToken
	return aws.ToString(l.token) != "", nil
}

// changes reads the changes off the JSON text of a record.
func changes(record string) (all []cloudtrail.Change) {
	for ev, err := range cloudtrail.NewReader(strings.NewReader(record), "event history").Events() {
		if err == nil {
			if c, ok, _ := ev.Change(); ok {
				all = append(all, c)
			}
		}
	}
	return all
}

// history sorts what was read. What is older than the last page of a name that
// has more pages may be incomplete.
func (s *sweep) history() history {
	h := history{changes: s.changes}
	slices.SortStableFunc(h.changes, func(a, b cloudtrail.Change) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.EventID, b.EventID))
	})
	for _, l := range s.queue {
		if l.oldest.After(h.since) {
			h.since = l.oldest
		}
	}
	return h
}
