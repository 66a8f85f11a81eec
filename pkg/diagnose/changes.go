package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// propagation is how long a change of trust may take to reach all of STS:
// seconds as a rule, minutes at times, more than five have been seen (IAM User Guide,
// troubleshoot.html#troubleshoot_general_eventual-consistency).
const propagation = 10 * time.Minute

// policyInForce is the trust policy at the time of the denial where the
// changes tell that it was another than today's, nil otherwise.
func (c *Case) policyInForce() *policy.Document {
	var before *Change
	changed := false
	for i := range c.Changes.Value {
		ch := &c.Changes.Value[i]
		switch {
		case ch.Policy == nil || ch.Role == "":
		case ch.Time.After(c.Event.Time):
			changed = true
		default:
			before = ch
		}
	}
	if !changed || before == nil {
		return nil
	}
	d, err := policy.Parse(before.Policy)
	if err != nil {
		return nil
	}
	return d
}

// lastChange is the last change that keep holds of, nil where there is none.
func (c *Case) lastChange(keep func(*Change) bool) *Change {
	for i := len(c.Changes.Value) - 1; i >= 0; i-- {
		if keep(&c.Changes.Value[i]) {
			return &c.Changes.Value[i]
		}
	}
	return nil
}

// changes lists the changes for the report, newest first.
func (c *Case) changes() []report.Change {
	var out []report.Change
	for i := range c.Changes.Value {
		ch := &c.Changes.Value[i]
		out = append(out, report.Change{
			Time: ch.Time, Name: ch.Name, By: ch.By, Via: ch.Via, EventID: ch.EventID, Effect: c.effect(ch),
		})
	}
	slices.SortStableFunc(out, func(a, b report.Change) int { return b.Time.Compare(a.Time) })
	return out[:min(len(out), 5)]
}

// effect says what a change did to this call, as far as its policy tells.
func (c *Case) effect(ch *Change) string {
	when := fmt.Sprintf("%s before the denial", roughly(c.Event.Time.Sub(ch.Time)))
	if ch.Time.After(c.Event.Time) {
		when = fmt.Sprintf("%s after the denial", roughly(ch.Time.Sub(c.Event.Time)))
	}
	if ch.Policy == nil {
		return when
	}
	d, err := policy.Parse(ch.Policy)
	if err != nil {
		return when
	}
	switch verdict(d, c.call, c.needs()) {
	case policy.Allowed:
		return when + "; the policy it set allows the call"
	case policy.Undecided:
		return when
	}
	return when + "; the policy it set denies the call"
}

// roughly writes a duration in its largest unit.
func roughly(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if n := int(d / u.unit); n > 0 {
			return fmt.Sprintf("%d %s%s", n, u.name, plural(n))
		}
	}
	return "less than a second"
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// by says who made a change, and how.
func (ch *Change) by() string {
	return fmt.Sprintf("%s by %s at %s", ch.Name, cmp.Or(ch.By, "an unknown caller"), ch.Time.UTC().Format(time.RFC3339))
}
