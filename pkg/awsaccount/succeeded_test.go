package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

const (
	mainBranch = "repo:acme/app:ref:refs/heads/main"
	devBranch  = "repo:acme/app:ref:refs/heads/dev"
)

// noon is when the call was denied.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func deniedCall() *cloudtrail.Event {
	return &cloudtrail.Event{
		Name: "AssumeRoleWithWebIdentity", Time: noon, Region: "eu-west-1", ErrorCode: "AccessDenied", RawErrorCode: "AccessDenied",
		RoleARN: deploy, Provider: actions, Subject: devBranch,
	}
}

// call is a call minutes after noon, a success unless it has a code.
type call struct {
	minutes                       int
	name, role, sub, code, record string
	provider                      string
}

func (c call) event() types.Event {
	at := noon.Add(time.Duration(c.minutes) * time.Minute)
	pick := func(value, otherwise string) string {
		if value == "" {
			return otherwise
		}
		return value
	}
	name := pick(c.name, "AssumeRoleWithWebIdentity")
	record := pick(c.record, fmt.Sprintf(`{"eventSource":"sts.amazonaws.com","eventName":%q,"eventTime":%q,"eventID":"e","awsRegion":"eu-west-1","errorCode":%q,
		"requestParameters":{"roleArn":%q},"userIdentity":{"type":"WebIdentityUser","userName":%q,"identityProvider":%q},
		"responseElements":{"credentials":{"accessKeyId":"ASIASECRET","sessionToken":"TOPSECRET"}}}`,
		name, at.Format(time.RFC3339), c.code, pick(c.role, deploy), pick(c.sub, mainBranch), pick(c.provider, actions)))
	return types.Event{EventName: &name, EventTime: &at, CloudTrailEvent: &record}
}

// roleTrail has the calls of a role, in pages of two, newest first.
type roleTrail struct {
	calls  []call
	err    error
	after  int // requests before err
	region string
	asked  []*api.LookupEventsInput
}

func (f *roleTrail) LookupEvents(_ context.Context, in *api.LookupEventsInput, _ ...func(*api.Options)) (*api.LookupEventsOutput, error) {
	if f.asked = append(f.asked, in); f.err != nil && len(f.asked) > f.after {
		return nil, f.err
	}
	if first := f.asked[0]; !in.StartTime.Equal(*first.StartTime) || !in.EndTime.Equal(*first.EndTime) {
		return nil, errors.New("the times changed between pages")
	}
	var page int
	fmt.Sscan(aws.ToString(in.NextToken), &page)
	out := &api.LookupEventsOutput{}
	for _, c := range f.calls[min(2*page, len(f.calls)):min(2*page+2, len(f.calls))] {
		out.Events = append(out.Events, c.event())
	}
	if 2*page+2 < len(f.calls) {
		out.NextToken = aws.String(fmt.Sprint(page + 1))
	}
	return out, nil
}

func (f *roleTrail) account() *Account {
	a := newFake().account(Options{Account: account})
	a.home.trailIn = func(region string) trailAPI { f.region = region; return f }
	return a
}

func TestSucceeded(t *testing.T) {
	never := diagnose.Missing[time.Time]()
	for _, tt := range []struct {
		name  string
		calls []call
		want  diagnose.Known[time.Time]
	}{
		{name: "nothing was called", want: never},
		{name: "a success on another branch", calls: []call{{minutes: 7}}, want: diagnose.Found(noon.Add(7 * time.Minute))},
		{name: "the first of several", calls: []call{{minutes: 9}, {minutes: 8}, {minutes: 3}}, want: diagnose.Found(noon.Add(3 * time.Minute))},
		{name: "at the same time", calls: []call{{minutes: 0}}, want: never},
		{name: "before", calls: []call{{minutes: -1}}, want: never},
		{name: "denied", calls: []call{{minutes: 1, code: "AccessDenied"}}, want: never},
		{name: "of another caller", calls: []call{{minutes: 1, sub: "repo:acme/other:ref:refs/heads/main"}}, want: never},
		{name: "of another provider", calls: []call{{minutes: 1, provider: strings.Replace(actions, "token", "other", 1)}}, want: never},
		{name: "of another role", calls: []call{{minutes: 1, role: deploy + "2"}}, want: never},
		{name: "of another kind", calls: []call{{minutes: 1, name: "AssumeRole"}}, want: never},
		{
			name:  "a record that cannot be read",
			calls: []call{{minutes: 2, record: `{"eventName":"AssumeRoleWithWebIdentity","TOPSECRET`}},
			want:  diagnose.Unseen[time.Time]("a record of the event history could not be read"),
		},
		{name: "beside one that cannot be read", calls: []call{{minutes: 2, record: "{"}, {minutes: 1}}, want: diagnose.Found(noon.Add(time.Minute))},
		{
			name:  "more calls than are read",
			calls: slices.Repeat([]call{{minutes: 1, sub: "repo:acme/other:ref:refs/heads/main"}}, 9),
			want:  diagnose.Unseen[time.Time]("the role is called so often that not all of its calls were read"),
		},
		{name: "the first of those that are read", calls: slices.Repeat([]call{{minutes: 5}}, 9), want: diagnose.Found(noon.Add(5 * time.Minute))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := &roleTrail{calls: tt.calls}
			if diff := cmp.Diff(tt.want, f.account().Succeeded(t.Context(), deniedCall(), noon)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(f.asked) > maxSuccessPages {
				t.Errorf("%d requests", len(f.asked))
			}
			attribute := f.asked[0].LookupAttributes[0]
			if attribute.AttributeKey != types.LookupAttributeKeyResourceName || *attribute.AttributeValue != deploy || f.region != "eu-west-1" {
				t.Errorf("looked for %s %q in %s", attribute.AttributeKey, *attribute.AttributeValue, f.region)
			}
		})
	}
}

func TestSucceededRefused(t *testing.T) {
	seen := slices.Repeat([]call{{minutes: 5}}, 3)
	for _, tt := range []struct {
		name  string
		trail *roleTrail
		want  diagnose.Known[time.Time]
	}{
		{
			name: "at once", trail: &roleTrail{err: apiError("AccessDeniedException")},
			want: diagnose.Unseen[time.Time]("AWS refused it: grant cloudtrail:LookupEvents on *"),
		},
		{name: "behind a success", trail: &roleTrail{calls: seen, err: apiError("ThrottlingException"), after: 1}, want: diagnose.Found(noon.Add(5 * time.Minute))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.trail.account().Succeeded(t.Context(), deniedCall(), noon)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A call that cannot be recognized is not looked for, nor is one where a
// record names no region, which becomes a part of a host name.
func TestSucceededWithoutACaller(t *testing.T) {
	for name, change := range map[string]func(*cloudtrail.Event){
		"no role":        func(ev *cloudtrail.Event) { ev.RoleARN = "" },
		"no subject":     func(ev *cloudtrail.Event) { ev.Subject = "" },
		"another call":   func(ev *cloudtrail.Event) { ev.Name = "AssumeRole" },
		"no region":      func(ev *cloudtrail.Event) { ev.Region = "" },
		"hostile region": func(ev *cloudtrail.Event) { ev.Region = "eu-west-1.evil.example/" },
		"other account":  func(ev *cloudtrail.Event) { ev.RoleARN = foreign },
	} {
		f, ev := &roleTrail{}, deniedCall()
		change(ev)
		if got := f.account().Succeeded(t.Context(), ev, noon); got.Why == "" || len(f.asked) > 0 {
			t.Errorf("%s: %+v after %d requests", name, got, len(f.asked))
		}
	}
}

// The session token of a success stays out of what is told, also
// where the answer itself is broken. Requests keep their pace.
func TestSessionTokensStayOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &network{}
		n.answer = func(string, url.Values) (int, string) {
			if len(n.times) > 2 {
				return 200, `{"Events":[{"CloudTrailEvent":"TOPSECRET`
			}
			return 200, `{"NextToken":"n","Events":[{"EventName":"AssumeRoleWithWebIdentity","CloudTrailEvent":"{\"eventName\":\"AssumeRoleWithWebIdentity\",\"responseElements\":{\"credentials\":{\"sessionToken\":\"TOPSECRET"}]}`
		}
		got := New(n.config("us-east-1"), Options{Account: account}).Succeeded(t.Context(), deniedCall(), noon)
		if text := fmt.Sprintf("%+v", got); strings.Contains(text, "SECRET") || got.Why == "" {
			t.Errorf("told: %s", text)
		}
		for i, host := range n.hosts {
			if host != "cloudtrail.eu-west-1.amazonaws.com" {
				t.Errorf("asked %s, where the call was not recorded", host)
			}
			if i >= 2 && n.times[i].Sub(n.times[i-2]) < time.Second {
				t.Errorf("three requests within %v", n.times[i].Sub(n.times[i-2]))
			}
		}
	})
}
