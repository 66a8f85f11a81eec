package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// propagation is how long a change of trust may take to reach all of STS:
// seconds as a rule, minutes at times, more than five have been seen (IAM User Guide,
// troubleshoot.html#troubleshoot_general_eventual-consistency).
const propagation = 10 * time.Minute

// policyInForce is the trust policy at the time of the denial where the
// changes tell that it was another than today's, nil otherwise. It was another
// too where today's is not the newest on record: the change to it is not.
func (c *Case) policyInForce() *policy.Document {
	then, ended := InForce(c.Changes.Value, c.Event.Time)
	now := c.Role.Value.TrustPolicy
	if then.Exists != policy.Yes || ended == nil && (now == nil || SamePolicy(then.Value, now)) {
		return nil
	}
	d, err := policy.Parse(then.Value)
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

// mostTold is how many changes a report tells of.
const mostTold = 5

// changes lists the newest changes for the report, the last one first. The last
// one of the trust policy is always among them.
func (c *Case) changes() []report.Change {
	var out []report.Change
	told := c.Changes.Value[max(0, len(c.Changes.Value)-mostTold):]
	trust := c.lastChange((*Change).OfTrust)
	if trust != nil && !slices.ContainsFunc(told, func(ch Change) bool { return ch.OfTrust() }) {
		told = append([]Change{*trust}, told[1:]...)
	}
	for i := range slices.Backward(told) {
		ch := &told[i]
		out = append(out, report.Change{
			Time: ch.Time, Name: ch.Name, By: ch.By, Via: ch.Via, EventID: ch.EventID, Effect: c.effect(ch),
		})
	}
	return out
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
		n := int(d / u.unit)
		if n > 2 || n > 0 && u.unit < 24*time.Hour {
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

// changedSince is the last change of the trust policy after the denial, nil
// where none is known.
func (c *Case) changedSince() *Change {
	return c.lastChange(func(ch *Change) bool { return ch.Time.After(c.Event.Time) && ch.OfTrust() })
}

// causesThen are the causes under the policy in force at the denial, where it
// was another than today's.
func (c *Case) causesThen() []Finding {
	if c.InForce == nil {
		return nil
	}
	then := *c
	then.Policy, then.InForce, then.Nearest, then.Failures, then.Unseen = c.InForce, nil, nil, nil, nil
	then.call = newCall(&then, c.Event.Subject)
	then.evaluate()
	return slices.DeleteFunc(supersede(then.run()), func(f Finding) bool { return f.Where == nil })
}

// soften takes certainty from what was found in a policy that was changed
// after the denial: it stands in the way now, but only what the policy in force
// at the time had as well is the cause of the denial.
func (c *Case) soften(found []Finding) []Finding {
	note := "the policy was changed after the denial: this stands in the way now"
	switch {
	case c.changedSince() != nil:
	case c.InForce != nil:
		note = "the policy is not the newest on record, so it may have been changed after the denial: this stands in the way now"
	default:
		return found
	}
	for i := range found {
		f := &found[i]
		then := slices.ContainsFunc(c.Then, func(t Finding) bool { return t.Code == f.Code })
		if f.place == (policy.Span{}) || then || f.Certainty != report.Certain {
			continue
		}
		f.Certainty = report.Likely
		f.Notes = append(f.Notes, note)
	}
	return byCertainty(found)
}

// policyNote says which policy is shown where that needs saying, "" otherwise.
func (c *Case) policyNote(v report.Verdict) string {
	ch := c.changedSince()
	if v == report.AllowedNow && ch == nil && c.Event.ErrorCode == accessDenied {
		return c.whatIsLeft()
	}
	if ch != nil && c.Policy != nil {
		return fmt.Sprintf("as it stands now; it was changed %s after the denial: %s", roughly(ch.Time.Sub(c.Event.Time)), ch.by())
	}
	return ""
}

// whatIsLeft says, of a call that the policy allows, what was looked at beside
// the policy and what could still be the cause.
func (c *Case) whatIsLeft() string {
	var looked []string
	if c.RCPs.Exists == policy.Yes {
		looked = append(looked, "no resource control policy denies it")
	}
	if c.Changes.Exists == policy.Yes && len(c.Changes.Value) == 0 {
		looked = append(looked, "no change of the role or the provider is on record")
	}
	left := "what is left is the policy of an STS endpoint in a VPC, or a change that had not reached STS: try the call again"
	if c.RCPs.Exists != policy.Yes {
		left = "what is left is a resource control policy of the organization, the policy of an STS endpoint in a VPC, or a change that had not reached STS"
	}
	return strings.Join(append(looked, left), "; ")
}
