package incident_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// The error codes of denied calls, as CloudTrail has them.
const (
	accessDenied         = "AccessDenied"
	invalidIdentityToken = "InvalidIdentityToken"
)

// stream is all that fails in one way: one caller at one role with one error.
// To the people it is one incident.
type stream struct {
	role      *role
	arn       string // as it is asked for; a stranger may ask for a role that is not there
	caller    caller
	code      string
	stranger  bool
	calls     []*call
	successes []time.Time // calls that were let in, in order
	id        string      // what rolewhy calls it
}

// call is one denied call.
type call struct {
	id  string
	at  time.Time // in whole seconds, as in CloudTrail
	of  *stream
	job int
}

// allowed is whether a call would be let in at a time: the truth.
func (s *stream) allowed(t time.Time) bool {
	return !s.stranger && s.role.admits(s.caller.name, t)
}

// succeeded is the first call that was let in after a time and until another.
func (s *stream) succeeded(after, until time.Time) (time.Time, bool) {
	for _, t := range s.successes {
		if t.After(after) && !t.After(until) {
			return t, true
		}
	}
	return time.Time{}, false
}

// event is the record of a call.
func (c *call) event() *cloudtrail.Event {
	s, p := c.of, c.of.role.issuer
	ev := &cloudtrail.Event{
		ID: c.id, Name: "AssumeRoleWithWebIdentity", Source: "sts.amazonaws.com", Time: c.at, Region: "eu-west-1",
		AccountID: p.account, SourceIP: "192.0.2.24", UserAgent: "aws-sdk-go-v2/1.41.0",
		ErrorCode: s.code, RawErrorCode: s.code, ErrorMessage: "An unknown error occurred",
		EndpointHost: "sts.eu-west-1.amazonaws.com", EndpointType: "regional", ServingRegion: "eu-west-1",
		RoleARN: s.arn, SessionName: "session", Duration: 3600,
		Provider: p.arn, Subject: s.caller.subject(c.job), Audience: p.audience, HasAudience: true,
	}
	if s.code == invalidIdentityToken {
		ev.ErrorMessage = "No OpenIDConnect provider found in your account for https://" + p.host
		if p.at(c.at).exists {
			ev.ErrorMessage = "Incorrect token audience"
		}
	}
	return ev
}

// calls adds denied calls at those times, of one job.
func (g *generator) calls(s *stream, job int, times ...time.Time) {
	for _, t := range times {
		s.calls = append(s.calls, &call{id: g.uuid(), at: t.Truncate(time.Second), of: s, job: job})
	}
	g.count += len(times)
}

// stream is that of a caller at a role, with an error.
func (g *generator) stream(r *role, name, code string) *stream {
	key := r.arn + " " + name + " " + code
	if s := g.byKey[key]; s != nil {
		return s
	}
	i := slices.IndexFunc(r.callers, func(c caller) bool { return c.name == name })
	s := &stream{role: r, arn: r.arn, caller: r.callers[i], code: code}
	g.byKey[key] = s
	g.streams = append(g.streams, s)
	return s
}

// backOff are the times at which a crashing pod calls: Kubernetes waits twice
// as long each time, at most five minutes.
// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-restarts
func (g *generator) backOff(from, to time.Time) []time.Time {
	var times []time.Time
	wait := 10 * time.Second
	for t := from; t.Before(to); t = t.Add(wait + g.upTo(wait/10)) {
		times = append(times, t)
		wait = min(2*wait, 5*time.Minute)
	}
	return times
}

// retries are the times of one job of GitHub: 12 calls within 90 seconds.
// https://github.com/aws-actions/configure-aws-credentials
func (g *generator) retries(from time.Time) []time.Time {
	times := make([]time.Time, 12)
	for i := range times {
		times[i] = from.Add(time.Duration(i*7) * time.Second)
	}
	return times
}

// upTo is a random duration.
func (g *generator) upTo(most time.Duration) time.Duration {
	return time.Duration(g.Int64N(int64(most) + 1))
}

// between is a random duration of at least one and at most another.
func (g *generator) between(least, most time.Duration) time.Duration {
	return least + g.upTo(most-least)
}

// uuid is an event ID such as CloudTrail gives.
func (g *generator) uuid() string {
	a, b := g.Uint64(), g.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}

// finish puts what a stream has in order and asks for its ID, which has to be
// the same for all its calls.
func (s *stream) finish() error {
	slices.SortStableFunc(s.calls, func(a, b *call) int { return a.at.Compare(b.at) })
	slices.SortFunc(s.successes, time.Time.Compare)
	for _, c := range s.calls {
		id := diagnose.Fingerprint(c.event())
		if s.id != "" && s.id != id {
			return fmt.Errorf("calls of %s as %s are two incidents: %s and %s", s.arn, s.caller.name, s.id, id)
		}
		s.id = id
	}
	return nil
}
