package awsaccount

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// maxSuccessPages bounds a search for a success: two seconds, 200 calls.
const maxSuccessPages = 4

// Succeeded looks in the event history for a call like the denied one that
// succeeded after a time: of the same role and provider, by a caller with the
// same stable subject. Its value is when the first such call was made of those
// that were read; it is missing where there is none yet, which CloudTrail may
// tell only minutes after the call. Of a record nothing but its time is kept:
// one of a success holds a session token.
//
// The history is that of the region of the denied call. It is searched by the
// ARN of the role, the name under which the role stands in the resources of
// such events.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
func (a *Account) Succeeded(ctx context.Context, denied *cloudtrail.Event, after time.Time) diagnose.Known[time.Time] {
	switch {
	case !denied.IsWebIdentity() || denied.RoleARN == "" || denied.Subject == "":
		return diagnose.Unseen[time.Time]("the record does not name the role and the caller")
	case !regionName.MatchString(denied.Region):
		return diagnose.Unseen[time.Time]("the record does not name its region")
	}
	ctx, cancel := context.WithTimeout(ctx, quickLimit)
	defer cancel()
	look := in(a, denied.RoleAccount(), func(ctx context.Context, at *services) seen[time.Time] {
		return newSearch(denied, after, time.Now()).read(ctx, at.trailIn(denied.Region))
	})
	return look(ctx).Known
}

// regionName keeps what is no region out of the name of a host.
var regionName = lazyregexp.New(`^[a-z]{2,8}(-[a-z]{2,12}){1,3}-\d{1,2}$`)

// search is a look through the calls of a role, newest first.
type search struct {
	denied   *cloudtrail.Event
	provider *idp.Provider // of the caller
	stable   string        // subject of the caller
	from, to time.Time
	first    time.Time // success; zero: none was seen
	faulty   bool      // a record could not be read
}

func newSearch(denied *cloudtrail.Event, after, now time.Time) *search {
	p := idp.FindFor(denied.KeyHost(), denied.Subject)
	return &search{denied: denied, provider: p, stable: p.Stable(denied.Subject), from: after, to: now}
}

func (s *search) read(ctx context.Context, trail trailAPI) seen[time.Time] {
	var token *string
	for range maxSuccessPages {
		out, err := trail.LookupEvents(ctx, &api.LookupEventsInput{
			LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyResourceName, AttributeValue: &s.denied.RoleARN}},
			StartTime:        &s.from, EndTime: &s.to, NextToken: token,
		})
		if err != nil {
			return s.outcome(refused(err, needLookup))
		}
		for i := range out.Events {
			s.look(&out.Events[i])
		}
		if token = out.NextToken; aws.ToString(token) == "" {
			return s.outcome(nil)
		}
	}
	return s.outcome(&gap{why: "the role is called so often that not all of its calls were read"})
}

// look keeps the time of an event if it is a success of the caller.
func (s *search) look(e *types.Event) {
	if aws.ToString(e.EventName) != s.denied.Name {
		return
	}
	text := strings.NewReader(aws.ToString(e.CloudTrailEvent))
	for ev, err := range cloudtrail.NewReader(text, "event history").Events() {
		switch {
		case err != nil: // one without a role was denied
			s.faulty = s.faulty || !errors.Is(err, cloudtrail.ErrNoRole)
		case s.is(ev) && (s.first.IsZero() || ev.Time.Before(s.first)):
			s.first = ev.Time
		}
	}
}

// is reports whether a call is a success of the caller.
func (s *search) is(ev *cloudtrail.Event) bool {
	return ev.IsWebIdentity() && !ev.Failed() && ev.Time.After(s.from) &&
		ev.RoleARN == s.denied.RoleARN && ev.Provider == s.denied.Provider &&
		s.provider.Stable(ev.Subject) == s.stable
}

// outcome is what the search brought. A success counts although something else
// was not seen.
func (s *search) outcome(g *gap) seen[time.Time] {
	switch {
	case !s.first.IsZero():
		return found(s.first)
	case g != nil:
		return unseen[time.Time](g)
	case s.faulty:
		return unseen[time.Time](&gap{why: "a record of the event history could not be read"})
	}
	return missing[time.Time]()
}
