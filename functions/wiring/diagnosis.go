package wiring

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// account is where evidence comes from.
type account interface {
	diagnose.Account
	// Begin starts reading all that the diagnosis of an event asks for.
	Begin(*cloudtrail.Event)
	// Alias is the name of an account, "" where it has none or it is not known.
	Alias(ctx context.Context, account string) string
	// Succeeded is when a call like a denied one succeeded after a time.
	Succeeded(ctx context.Context, denied *cloudtrail.Event, after time.Time) diagnose.Known[time.Time]
}

// diagnosis looks at calls with what an account shows.
type diagnosis struct{ account }

// explain makes the report of a denied call as of now, the name of its account
// included. What AWS has not told in time is a gap in it.
func (d diagnosis) explain(ctx context.Context, ev *cloudtrail.Event) *report.Report {
	ctx, cancel := evidenceTime(ctx)
	defer cancel()
	d.Begin(ev)
	r := diagnose.Explain(ctx, d.account, ev, diagnose.Options{})
	r.Event.AccountAlias = d.Alias(ctx, r.Event.Account)
	return r
}

// succeeded looks for a call of the incident that succeeded after a time. It is
// false as well where nobody can tell.
func (d diagnosis) succeeded(ctx context.Context, i *incident.Incident, after time.Time) (time.Time, bool) {
	denied := &cloudtrail.Event{}
	if json.Unmarshal(i.Event, denied) != nil {
		return time.Time{}, false // it was too long to keep
	}
	at := d.Succeeded(ctx, denied, after)
	return at.Value, at.Exists == policy.Yes
}
