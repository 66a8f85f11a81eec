package incident

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// last is the notice of a kind that was sent last.
func (o *office) last(t *testing.T, k notify.Kind) *notify.Notice {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range slices.Backward(o.got) {
		if s.Kind == k {
			return s.Notice
		}
	}
	t.Fatalf("no %s was sent", k)
	return nil
}

func (o *office) tellAll(channel string) map[notify.Kind]int {
	sums := map[notify.Kind]int{}
	for _, k := range o.told(channel) {
		sums[k]++
	}
	return sums
}

// Beyond the limits incidents are told in digests, each within a minute.
func TestLimitsMakeDigests(t *testing.T) {
	o := newOffice()
	for n := range 30 {
		o.mustDeny(t, o.denial(fmt.Sprint("role-", n), "acme/api", 0))
	}
	digest := o.last(t, notify.Digest).Digest
	if digest.Incidents != 1 || len(digest.Roles) != 1 {
		t.Errorf("the first digest: %+v", digest)
	}
	if sums := o.tellAll("slack"); sums[notify.Alert] != 20 || sums[notify.Digest] != 1 {
		t.Errorf("told %v", sums)
	}
	o.mustFollowUp(t, 30*time.Second)
	if d := o.last(t, notify.Digest).Digest; d.Incidents != 9 || d.Denials != 9 || len(d.Roles) != 5 || d.Causes[0] != (notify.Share{Name: "subject-mismatch", Count: 9}) {
		t.Errorf("the second digest: %+v", d)
	}
	o.told("slack")
	o.mustFollowUp(t, time.Minute)
	same(t, "with nothing left", o.told("slack"))
}

func TestOneRoleHasALimitOfItsOwn(t *testing.T) {
	o := newOffice()
	for n := range 6 {
		o.mustDeny(t, o.denial("deploy", fmt.Sprint("acme/", n), 0))
	}
	o.mustDeny(t, o.denial("other", "acme/api", 0))
	if sums := o.tellAll("sns"); sums[notify.Alert] != 5 || sums[notify.Digest] != 1 {
		t.Errorf("told %v", sums)
	}
}

// However many names strangers make up, they are told in two messages an hour.
func TestStrangersAreFolded(t *testing.T) {
	o := newOffice()
	o.policy = func(_ *cloudtrail.Event, r *report.Report) { r.Caller = report.Stranger }
	for n := range 100 {
		r := o.mustDeny(t, o.denial("deploy", fmt.Sprintf("evil-%d/x", n), 0))
		if r.Incident.State != Folded || r.News || len(r.Incident.Event) > 0 {
			t.Fatalf("result %+v", r)
		}
		o.wait(time.Second)
	}
	first := o.last(t, notify.Security)
	if first.Incident.ID != StrangersID || first.Digest.Incidents != 1 || first.Digest.Denials != 1 || !first.Digest.From.Equal(noon) {
		t.Errorf("at first: %+v", first.Digest)
	}
	for range 60 {
		o.mustFollowUp(t, time.Minute)
	}
	rest := o.last(t, notify.Security).Digest
	if rest.Incidents < 99 || rest.Denials != 99 || rest.Callers[0].Count != 1 || rest.Roles[0].Count != rest.Incidents {
		t.Errorf("later: %+v", rest)
	}
	same(t, "in an hour", o.told("slack"), notify.Security, notify.Security)
	o.mustFollowUp(t, 25*time.Hour)
	same(t, "when they have gone", o.told("slack"))
	if all, err := o.Store.Get(t.Context(), StrangersID); err != nil || all.State != Quiet {
		t.Errorf("in the end: %+v, %v", all, err)
	}
	o.mustDeny(t, o.denial("deploy", "evil-0/x", 1))
	same(t, "when they are back", o.told("slack"), notify.Security)
}

// providerGone lets every call fail for the lack of its provider.
func providerGone(_ *cloudtrail.Event, r *report.Report) {
	r.Findings[0].Code = "provider-not-found"
}

// Many roles that fail for their provider are told as one, which answers edits
// and tells when it is over.
func TestManyRolesOfOneProvider(t *testing.T) {
	o := newOffice()
	o.policy = providerGone
	for n := range 5 {
		o.mustDeny(t, o.denial(fmt.Sprint("role-", n), "acme/api", 0))
	}
	if sums := o.tellAll("slack"); sums[notify.Alert] != 2 || sums[notify.Provider] != 1 {
		t.Errorf("told %v", sums)
	}
	if n := o.last(t, notify.Provider); n.Report == nil || len(n.Roles) != 3 || n.Roles[0].Cause != "provider-not-found" || n.Incident.Count != 3 || n.Incident.Headline != "" {
		t.Errorf("notice %+v", n)
	}
	o.wait(30 * time.Minute)
	for n := range 5 {
		o.mustDeny(t, o.denial(fmt.Sprint("role-", n), "acme/api", 1))
	}
	same(t, "of the roles", o.told("slack"))
	o.mustFollowUp(t, time.Minute)
	same(t, "of the provider", o.told("slack"), notify.Update)
	o.policy = func(_ *cloudtrail.Event, r *report.Report) { r.Verdict = report.AllowedNow }
	ev := o.edit("", "created")
	ev.Name, ev.Parameters = "CreateOpenIDConnectProvider", []byte(`{"url":"https://token.actions.githubusercontent.com"}`)
	if err := o.Edited(t.Context(), ev); err != nil {
		t.Fatal(err)
	}
	same(t, "at the edit", o.told("slack"), notify.Answer)
	if n := o.last(t, notify.Answer); len(n.Roles) != 5 || n.Standing() != notify.Allowed {
		t.Errorf("answer %+v", n)
	}
	for range 30 {
		o.mustFollowUp(t, time.Minute)
	}
	same(t, "in the end", o.told("slack"), notify.Over)
}

// A call that was sighted is named, also where its incident is not saved yet.
func TestProviderNamesWhomItKnows(t *testing.T) {
	p := &Incident{Kind: Provider, Children: []string{"a"}, Sightings: []Sighting{{Incident: "a", Role: testRole}}}
	if _, roles := newOffice().ofProvider(t.Context(), p, Message{Kind: notify.Provider}); len(roles) != 1 || roles[0].Role != testRole || roles[0].Allowed {
		t.Errorf("roles %+v", roles)
	}
}

// What has to be sent again has a report as well: of a call that still fails.
func TestProviderHasTheReportOfOne(t *testing.T) {
	o := newOffice()
	o.policy = providerGone
	for n := range 3 {
		o.down["slack"] = n == 2
		if _, err := o.Denied(t.Context(), o.denial(fmt.Sprint("role-", n), "acme/api", 0)); (err != nil) != o.down["slack"] {
			t.Fatal(err)
		}
	}
	o.down["slack"] = false
	o.mustFollowUp(t, time.Minute)
	if n := o.last(t, notify.Provider); n.Report == nil || n.Report.Event.Role != n.Roles[0].Role {
		t.Errorf("notice %+v", n)
	}
}

// A single edit among many roles is answered for the role it is about.
func TestEditOfOneOfManyRoles(t *testing.T) {
	o := newOffice()
	o.policy = providerGone
	for n := range 4 {
		o.mustDeny(t, o.denial(fmt.Sprint("role-", n), "acme/api", 0))
	}
	for range 2 { // it is delivered twice
		if err := o.Edited(t.Context(), o.edit("role-3", "1")); err != nil {
			t.Fatal(err)
		}
	}
	o.mustFollowUp(t, 2*time.Minute)
	if sums := o.tellAll("slack"); sums[notify.Answer] != 1 {
		t.Errorf("told %v", sums)
	}
	if n := o.last(t, notify.Answer); len(n.Roles) != 1 || !strings.HasSuffix(n.Roles[0].Role, "role-3") {
		t.Errorf("answer %+v", n)
	}
}

// What a rule keeps quiet is told once a day, by numbers.
func TestRulesKeepQuiet(t *testing.T) {
	o := newOffice()
	until := noon.Add(48 * time.Hour)
	o.Rules = func(context.Context) ([]Rule, error) {
		return []Rule{{Role: "deploy", Until: until, Why: "moves"}}, nil
	}
	o.mustFollowUp(t, 0) // the first day begins
	for n := range 3 {
		o.mustDeny(t, o.denial("deploy", "acme/api", n))
		o.wait(time.Hour)
	}
	if err := o.Edited(t.Context(), o.edit("deploy", "1")); err != nil {
		t.Fatal(err)
	}
	same(t, "at first", o.told("slack"))
	o.mustFollowUp(t, 12*time.Hour)
	digest := o.last(t, notify.Digest).Digest
	if len(digest.Snoozed) != 1 || digest.Snoozed[0] != (notify.Snoozed{Rule: "role deploy (moves)", Until: until, Incidents: 1, Denials: 3}) {
		t.Errorf("digest %+v", digest)
	}
	same(t, "on the next day", o.told("slack"), notify.Digest)
	o.mustFollowUp(t, time.Minute)
	same(t, "later", o.told("slack"))
	o.wait(time.Hour)
	o.mustDeny(t, o.denial("deploy", "acme/api", 9))
	o.Rules = nil
	o.mustFollowUp(t, time.Minute)
	same(t, "when the rule is gone", o.told("slack"), notify.Alert)
}

// Evidence that came late is told once, of the call that was told.
func TestEvidence(t *testing.T) {
	o := newOffice()
	ev := o.denial("deploy", "acme/api", 1)
	old := o.mustDeny(t, ev).Report
	now := *old
	now.Findings = []report.Finding{{Code: "role-not-found", Certainty: report.Certain}}
	if err := o.Evidence(t.Context(), ev, old, old); err != nil {
		t.Fatal(err)
	}
	same(t, "with nothing new", o.told("slack"), notify.Alert)
	if err := o.Evidence(t.Context(), ev, old, &now); err != nil {
		t.Fatal(err)
	}
	same(t, "with news", o.told("slack"), notify.Evidence)
	if i, _ := o.Store.Get(t.Context(), diagnose.Fingerprint(ev)); i.cause() != "role-not-found" {
		t.Errorf("cause %s", i.cause())
	}
	if err := o.Evidence(t.Context(), o.denial("deploy", "acme/api", 2), old, &now); err != nil {
		t.Fatal(err)
	}
	same(t, "of another call", o.told("slack"))
	now.Caller = report.Stranger
	if err := o.Evidence(t.Context(), ev, old, &now); err != nil {
		t.Fatal(err)
	}
	same(t, "of a stranger", o.told("slack"), notify.Security)
}
