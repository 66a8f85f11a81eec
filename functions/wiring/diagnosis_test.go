package wiring

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/incident"
)

const record = `{"eventVersion":"1.08","eventName":"AssumeRoleWithWebIdentity","eventSource":"sts.amazonaws.com",
	"eventID":"e1","eventTime":"2026-11-01T03:00:00Z","errorCode":"AccessDenied","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/r"}}`

// fakeAccount has no role, and calls that succeeded as it is told.
type fakeAccount struct {
	diagnose.Account
	begun     []string
	succeeded diagnose.Known[time.Time]
	asked     *cloudtrail.Event
	limited   bool
}

func (a *fakeAccount) Begin(ev *cloudtrail.Event) { a.begun = append(a.begun, ev.ID) }

func (a *fakeAccount) Alias(context.Context, string) string { return "acme-prod" }

func (a *fakeAccount) Succeeded(_ context.Context, ev *cloudtrail.Event, _ time.Time) diagnose.Known[time.Time] {
	a.asked = ev
	return a.succeeded
}

func (a *fakeAccount) Role(ctx context.Context, _ string) diagnose.Known[diagnose.Role] {
	_, a.limited = ctx.Deadline()
	return diagnose.Missing[diagnose.Role]()
}

func (*fakeAccount) Provider(context.Context, string) diagnose.Known[diagnose.Provider] {
	return diagnose.Unseen[diagnose.Provider]("no")
}

func (*fakeAccount) Roles(context.Context, string) diagnose.Known[[]diagnose.Role] {
	return diagnose.Unseen[[]diagnose.Role]("no")
}

func (*fakeAccount) Providers(context.Context, string) diagnose.Known[[]diagnose.Provider] {
	return diagnose.Unseen[[]diagnose.Provider]("no")
}

func (*fakeAccount) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Unseen[[]diagnose.NamedPolicy]("no")
}

func (*fakeAccount) Changes(context.Context, string, string, time.Time, time.Time) diagnose.Known[[]diagnose.Change] {
	return diagnose.Unseen[[]diagnose.Change]("no")
}

// event is the one of the record.
func event(t *testing.T) *cloudtrail.Event {
	t.Helper()
	for ev, err := range cloudtrail.NewReader(strings.NewReader(record), "record").Events() {
		if err != nil {
			t.Fatal(err)
		}
		return ev
	}
	t.Fatal("no event")
	return nil
}

func TestExplain(t *testing.T) {
	a := &fakeAccount{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	r := diagnosis{a}.explain(ctx, event(t))
	if r.Event.AccountAlias != "acme-prod" || len(r.Findings) == 0 || r.Findings[0].Code != "role-not-found" || len(a.begun) != 1 || !a.limited {
		t.Errorf("report %+v of account %+v", r, a)
	}
}

func TestSucceeded(t *testing.T) {
	at := time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC)
	kept, err := json.Marshal(event(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		event json.RawMessage // as incidents keep it
		known diagnose.Known[time.Time]
		want  time.Time
		found bool
	}{
		{"it did", kept, diagnose.Found(at), at, true},
		{"not yet", kept, diagnose.Missing[time.Time](), time.Time{}, false},
		{"nobody can tell", kept, diagnose.Unseen[time.Time]("refused"), time.Time{}, false},
		{"the record was too long to keep", nil, diagnose.Found(at), time.Time{}, false},
		{"the record is broken", json.RawMessage("{"), diagnose.Found(at), time.Time{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := &fakeAccount{succeeded: tt.known}
			got, found := diagnosis{a}.succeeded(t.Context(), &incident.Incident{ID: "f", Event: tt.event}, at)
			if !got.Equal(tt.want) || found != tt.found || found && a.asked.ID != "e1" {
				t.Errorf("%v, %t", got, found)
			}
		})
	}
}
