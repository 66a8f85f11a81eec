package awstrail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	records "github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// mostLookupTries is how often a request is tried: another program of the
// account may use up the two requests a second.
const mostLookupTries = 12

const needLookup = "cloudtrail:LookupEvents on *"

// trail is a client for one region.
func (a *AWS) trail(region string) cloudtrail.LookupEventsAPIClient {
	return cloudtrail.NewFromConfig(a.cfg, func(o *cloudtrail.Options) {
		o.Region, o.RetryMaxAttempts = region, mostLookupTries
		o.APIOptions = append(slices.Clip(o.APIOptions), awsaccount.PaceLookups())
	})
}

// lookup is a search for the events of one name in one region, newest first.
type lookup struct {
	region, name string
	from, to     time.Time
	token        *string // of the next page; nil at the first
	done         bool
}

func (l *lookup) key() string { return l.region + " " + l.name }

func (l *lookup) String() string {
	return fmt.Sprintf("the event history of %s, %s", l.region, l.name)
}

// resume goes on from where a scan came to.
func (l *lookup) resume(at reached) {
	if !at.Until.IsZero() && at.Until.Before(l.to) {
		l.to = at.Until
	}
	l.done = at.Done || l.to.Before(l.from)
}

// search is the search of one region.
type search struct {
	*History
	trail cloudtrail.LookupEventsAPIClient
	found chan<- listed
}

// all does the lookups. One that is refused ends, and the others go on. What
// several are refused for is told once, when all have ended.
func (s *search) all(ctx context.Context, lookups []*lookup) {
	var refused refusals
	defer func() {
		for i := range refused {
			s.send(ctx, listed{err: refused[i].told()})
		}
	}()
	for _, l := range lookups {
		for !l.done {
			in, err := s.page(ctx, l)
			if err != nil {
				refused.add(l, err)
				break
			}
			if in.Size > 0 && !s.send(ctx, listed{Input: in}) {
				return
			}
		}
	}
}

// refusals are the errors of the lookups of a region that differ.
type refusals []refusal

// refusal is the error of the first of some lookups.
type refusal struct {
	*scan.InputError
	of   *lookup
	more int // lookups with the same one
}

func (r *refusals) add(l *lookup, err error) {
	at := &scan.InputError{Name: l.String(), Err: err}
	errors.As(err, &at)
	for i := range *r {
		if one := &(*r)[i]; one.Err.Error() == at.Err.Error() {
			one.more++
			return
		}
	}
	*r = append(*r, refusal{at, l, 0})
}

func (r *refusal) told() error {
	if r.more == 0 || r.Name != r.of.String() {
		return r.InputError
	}
	return &scan.InputError{Name: fmt.Sprintf("%s and %d names more", r.of, r.more), Err: r.Err}
}

func (s *search) send(ctx context.Context, one listed) bool {
	select {
	case s.found <- one:
		return true
	case <-ctx.Done():
		return false
	}
}

// page reads the next page of a lookup. The other parameters have to stay the
// same from page to page.
func (s *search) page(ctx context.Context, l *lookup) (scan.Input, error) {
	out, err := s.trail.LookupEvents(ctx, &cloudtrail.LookupEventsInput{
		LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: &l.name}},
		StartTime:        &l.from, EndTime: &l.to, NextToken: l.token,
	})
	if err != nil {
		return scan.Input{}, l.refused(err)
	}
	var texts []string
	at := reached{Region: l.region, Name: l.name}
	for i := range out.Events {
		texts = append(texts, aws.ToString(out.Events[i].CloudTrailEvent))
		at.Until = aws.ToTime(out.Events[i].EventTime)
	}
	l.token = out.NextToken
	l.done = aws.ToString(l.token) == ""
	at.Done = l.done
	if s.journal != nil {
		if err := s.journal.add(at, texts); err != nil {
			return scan.Input{}, err
		}
	}
	return l.input(texts, at.Until), nil
}

// input is a page of records, one on each line.
func (l *lookup) input(texts []string, until time.Time) scan.Input {
	text := strings.Join(texts, "\n")
	return scan.Input{
		Name: fmt.Sprintf("%s, back to %s", l, until.UTC().Format(time.RFC3339)), Size: int64(len(text)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil },
	}
}

// refused words why a region cannot be searched. Credentials are not taken in
// regions that the account has not enabled.
func (l *lookup) refused(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) && slices.Contains([]string{"UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"}, api.ErrorCode()) {
		return &scan.InputError{Name: l.String(), Err: fmt.Errorf("AWS does not take the credentials there (%s): is the region enabled for the account?", api.ErrorCode())}
	}
	return refused(l.String(), err, needLookup)
}

// matter are the records that matter, and those that cannot be read.
func matter(texts []string) (kept []string) {
	for _, text := range texts {
		for ev, err := range records.NewReader(strings.NewReader(text), "").Events() {
			if err != nil || ev.Matters() {
				kept = append(kept, text)
				break
			}
		}
	}
	return kept
}
