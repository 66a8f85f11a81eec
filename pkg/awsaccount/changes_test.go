package awsaccount

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

// fakeTrail has changes by event name, newest first, which it gives one a
// page. It notes the names that it is asked for.
type fakeTrail struct {
	events map[string][]types.Event
	err    error
	after  int // requests before err

	mu    sync.Mutex
	asked []string
	first *api.LookupEventsInput
}

func (f *fakeTrail) LookupEvents(_ context.Context, in *api.LookupEventsInput, _ ...func(*api.Options)) (*api.LookupEventsOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := *in.LookupAttributes[0].AttributeValue
	f.asked = append(f.asked, name)
	if in.NextToken == nil {
		f.first = in // all first pages of a sweep have the same times
	}
	if f.err != nil && len(f.asked) > f.after {
		return nil, f.err
	}
	if !in.StartTime.Equal(*f.first.StartTime) || !in.EndTime.Equal(*f.first.EndTime) {
		return nil, errors.New("the times changed between pages")
	}
	var page int
	fmt.Sscan(aws.ToString(in.NextToken), &page)
	out := &api.LookupEventsOutput{Events: f.events[name]}
	if len(out.Events) > page {
		out.Events = out.Events[page : page+1]
	}
	if page+1 < len(f.events[name]) {
		out.NextToken = aws.String(fmt.Sprint(page + 1))
	}
	return out, nil
}

func (f *fakeTrail) account(o Options) *Account {
	o.Account = account
	a := newFake().account(o)
	a.home.trail = f
	return a
}

// update is a change of the trust policy of a role at a time.
func update(role string, at time.Time) types.Event {
	record := fmt.Sprintf(`{"eventName":"UpdateAssumeRolePolicy","eventTime":%q,"eventID":"id of %[1]s","recipientAccountId":%q,"userAgent":"terraform",
		"userIdentity":{"arn":"arn:aws:iam::%[2]s:user/me"},"requestParameters":{"roleName":%[3]q,"policyDocument":"{}"}}`, at.Format(time.RFC3339), account, role)
	return types.Event{EventTime: &at, CloudTrailEvent: &record}
}

func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now().UTC()
		f := &fakeTrail{events: map[string][]types.Event{"UpdateAssumeRolePolicy": {
			update("deploy", now.Add(-time.Hour)), update("other", now.Add(-2*time.Hour)), update("deploy", now.Add(-3*time.Hour)),
			update("deploy", now.Add(-30*time.Hour)),
			{EventTime: &now, CloudTrailEvent: aws.String("no record")},
			{EventTime: &now},
		}}}
		got := f.account(Options{}).Changes(t.Context(), deploy, actions, now.Add(-10*time.Hour), now)
		change := func(at time.Time) diagnose.Change {
			return diagnose.Change{
				Time: at, Name: "UpdateAssumeRolePolicy", EventID: "id of " + at.Format(time.RFC3339),
				By: "arn:aws:iam::" + account + ":user/me", Via: "terraform", Role: "deploy", Policy: []byte("{}"),
			}
		}
		want := diagnose.Found([]diagnose.Change{change(now.Add(-3 * time.Hour)), change(now.Add(-time.Hour))})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		if got := f.first.EndTime.Sub(*f.first.StartTime); got != 90*24*time.Hour || !f.first.EndTime.Equal(now) {
			t.Errorf("the window is %v up to %v", got, f.first.EndTime)
		}
		asked := map[string]bool{}
		for _, name := range f.asked {
			asked[name] = true
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(cloudtrail.ChangeNames)), slices.Sorted(maps.Keys(asked))); diff != "" {
			t.Errorf("event names (-want +got):\n%s", diff)
		}
	})
}

// Many failures of many roles cost one sweep of their account a minute.
func TestOneSweepForAllRoles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeTrail{}
		a := f.account(Options{})
		for minute := range 3 {
			for i := range 100 {
				role := fmt.Sprintf("arn:aws:iam::%s:role/r%d", account, i)
				if got := a.Changes(t.Context(), role, actions, time.Time{}, time.Now()); got.Exists != policy.Yes || got.Value == nil {
					t.Errorf("changes %+v", got)
				}
			}
			if want := (minute + 1) * len(cloudtrail.ChangeNames); len(f.asked) != want {
				t.Errorf("%d requests after minute %d, want %d", len(f.asked), minute, want)
			}
			time.Sleep(time.Minute)
		}
	})
}

// The newest page of every name comes before the second of any, and an end is
// made of it.
func TestSweepIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now().UTC()
		var many []types.Event
		for i := range 100 {
			many = append(many, update("deploy", now.Add(-time.Duration(i+1)*time.Hour)))
		}
		f := &fakeTrail{events: map[string][]types.Event{"UpdateAssumeRolePolicy": many, "CreateRole": many[:3]}}
		a := f.account(Options{})
		got := a.Changes(t.Context(), deploy, "", now.Add(-90*24*time.Hour), now)
		if len(f.asked) != maxLookups {
			t.Errorf("%d requests, want %d", len(f.asked), maxLookups)
		}
		if diff := cmp.Diff(cloudtrail.ChangeNames, f.asked[:9]); diff != "" {
			t.Errorf("the first requests (-want +got):\n%s", diff)
		}
		// 9 first pages, 2 further ones of CreateRole, 13 of UpdateAssumeRolePolicy.
		want := "there are so many changes in the account that those before " + now.Add(-14*time.Hour).Format(time.RFC3339) + " were not read"
		if got.Exists != policy.Unknown || got.Why != want || len(got.Value) != 17 {
			t.Errorf("%d changes, %d, %q; want %q", len(got.Value), got.Exists, got.Why, want)
		}
		if got := a.Changes(t.Context(), deploy, "", now.Add(-14*time.Hour), now); got.Exists != policy.Yes || got.Why != "" {
			t.Errorf("of the time that was read: %d, %q", got.Exists, got.Why)
		}
	})
}

func TestChangesRefused(t *testing.T) {
	for _, tt := range []struct {
		name  string
		err   error
		after int
		why   string
		some  int
	}{
		{"at once", apiError("AccessDeniedException"), 0, "AWS refused it: grant cloudtrail:LookupEvents on *", 0},
		{"half way", apiError("ThrottlingException"), 4, "AWS throttled it (ThrottlingException): needs cloudtrail:LookupEvents on *", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Now().UTC()
			f := &fakeTrail{err: tt.err, after: tt.after, events: map[string][]types.Event{"UpdateAssumeRolePolicy": {update("deploy", now)}}}
			got := f.account(Options{}).Changes(t.Context(), deploy, actions, now.Add(-time.Hour), now.Add(time.Hour))
			if got.Exists != policy.Unknown || got.Why != tt.why || len(got.Value) != tt.some {
				t.Errorf("%+v", got)
			}
			if len(f.asked) != tt.after+1 {
				t.Errorf("%d requests, want %d", len(f.asked), tt.after+1)
			}
		})
	}
}

// Without a role, the account is that of the provider.
func TestChangesOfAProviderAlone(t *testing.T) {
	f := &fakeTrail{}
	if f.account(Options{}).Changes(t.Context(), "", actions, time.Time{}, time.Now()); len(f.asked) != len(cloudtrail.ChangeNames) {
		t.Errorf("%d requests", len(f.asked))
	}
}

func TestNothingToChange(t *testing.T) {
	f := &fakeTrail{}
	got := f.account(Options{}).Changes(t.Context(), "deploy", "accounts.google.com", time.Time{}, time.Now())
	if got.Exists != policy.Yes || len(got.Value) > 0 || len(f.asked) > 0 {
		t.Errorf("%+v after %d requests", got, len(f.asked))
	}
}
