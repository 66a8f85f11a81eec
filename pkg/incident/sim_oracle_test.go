package incident_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// oracle judges what people saw by what the generator knows to be true. It
// never asks the desk.
type oracle struct {
	*simulation
	limits   incident.Options
	messages []*message            // by the time at which a channel first took them
	byID     map[string][]*message // by incident
	digests  []*message
	security []*message
	parents  map[string][]*message // Provider, Over and Back of providers, by ARN
	answers  map[string][]*message // by the event ID of an edit
	faults   map[string]int        // by check
	told     []string              // what is wrong
}

// message is a notice with all its postings: one per channel, if nothing
// crashed.
type message struct {
	notify.Notice
	at       time.Time
	postings []posting
}

func newOracle(s *simulation) *oracle {
	o := &oracle{
		simulation: s, limits: incident.Defaults(), byID: map[string][]*message{}, parents: map[string][]*message{},
		answers: map[string][]*message{}, faults: map[string]int{},
	}
	byNotice := map[string]*message{}
	for _, p := range s.ledger.postings {
		m := byNotice[p.notice.ID]
		if m == nil {
			m = &message{Notice: p.notice, at: p.at}
			byNotice[p.notice.ID] = m
			o.messages = append(o.messages, m)
			o.sort(m)
		}
		m.postings = append(m.postings, p)
	}
	for _, ed := range s.edits { // one that was to come after the end never came
		entry(s.edited, ed)
	}
	slices.SortStableFunc(s.struck, func(a, b execution) int { return a.at.Compare(b.at) })
	return o
}

// sort puts a message where the checks look for it.
func (o *oracle) sort(m *message) {
	o.byID[m.Incident.ID] = append(o.byID[m.Incident.ID], m)
	switch {
	case m.Kind == notify.Digest:
		o.digests = append(o.digests, m)
	case m.Incident.ID == "strangers":
		o.security = append(o.security, m)
	case strings.HasPrefix(m.Incident.ID, "provider-") && m.Kind != notify.Answer && m.Kind != notify.Update:
		o.parents[m.Incident.Provider] = append(o.parents[m.Incident.Provider], m)
	}
	for _, e := range m.Edits {
		o.answers[e.EventID] = append(o.answers[e.EventID], m)
	}
}

// wrong notes a finding of a check. The first of each are told.
func (o *oracle) wrong(check, format string, args ...any) {
	o.faults[check]++
	if o.faults[check] <= 6 {
		o.told = append(o.told, check+": "+fmt.Sprintf(format, args...))
	}
}

// verdict runs all checks.
func (o *oracle) verdict() []string {
	for _, err := range o.errors {
		o.wrong("run", "%v", err)
	}
	o.checkCounters()
	o.checkNames()
	o.checkRepetitions()
	o.checkChannels()
	o.checkAlerts()
	o.checkSandbox()
	o.checkStrangers()
	o.checkDays()
	o.checkAnswers()
	o.checkTogether()
	o.checkOver()
	o.checkBack()
	o.checkProviders()
	o.checkRates()
	o.checkLeft()
	o.checkPrices()
	for _, check := range slices.Sorted(keys(o.faults)) {
		o.told = append(o.told, fmt.Sprintf("%s: %d in all", check, o.faults[check]))
	}
	return o.told
}

// common is whether a stream fails for a reason that it has in common with
// others of its provider.
func (s *stream) common() bool {
	return s.code == invalidIdentityToken || s.caller.name == "renamed" || s.caller.name == "immutable"
}

// describe names a stream in a finding.
func (s *stream) describe() string {
	id, _, _ := strings.Cut(s.id, "-")
	return fmt.Sprintf("%s (%s %s %s %s)", s.id, id, s.arn, s.caller.name, s.code)
}

func keys[K cmp.Ordered, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// deadline is until when something has to happen that was to happen within a
// time after from. A fault of what the stream hangs on, one of its own
// deliveries, an edit of its role or a FollowUp, gives it a lease and that time
// anew; where all is set, anybody's does. What struck shortly before counts too:
// messages wait for those before them.
func (o *oracle) deadline(s *stream, from time.Time, within time.Duration, all bool) (due time.Time, struck bool) {
	due = from.Add(within + tick)
	i, _ := slices.BinarySearchFunc(o.struck, from.Add(-o.limits.Lease), func(e execution, t time.Time) int { return e.at.Compare(t) })
	for _, e := range o.struck[i:] {
		if e.at.After(due) {
			break
		}
		if all || e.of == s || e.of == nil && (e.edit == nil || e.edit.role == s.role || e.edit.issuer == s.role.issuer) {
			due, struck = later(due, e.at.Add(o.limits.Lease+within+tick)), true
		}
	}
	return due, struck
}
