package scan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// Those with the most denials are kept, though they come last.
func TestTheHeaviestAreKept(t *testing.T) {
	var records []string
	for i := range 30 {
		records = append(records, denied(fmt.Sprint(i), "2026-03-01T00:00:00Z", fmt.Sprintf("once-%d", i), "x"))
	}
	for i := range 6 {
		records = append(records, denied(fmt.Sprint("p", i), "2026-03-02T00:00:00Z", fmt.Sprintf("often-%d", i%2), "x"))
	}
	result := scanned(t, &Scanner{MostGroups: 2}, texts{logOf(records...)})
	for _, one := range result.Incidents {
		if one.Count != 3 {
			t.Errorf("one of %d denials by %s is kept", one.Count, one.Subjects)
		}
	}
	if len(result.Incidents) != 2 || result.Denials != 36 || result.Lost() != 30 {
		t.Errorf("%d incidents of %d denials, %d lost", len(result.Incidents), result.Denials, result.Lost())
	}
	const want = "There are more incidents than the 2 that are kept, which are those with the most denials. Denials in none of them: 30, by role: 30 deploy."
	if !strings.Contains(strings.Join(result.Notes, "\n"), want) {
		t.Errorf("notes = %q", result.Notes)
	}
}

// someDenials are records of which some are read twice, some are at the same
// time, and some have no id or no time.
func someDenials(t *rapid.T) (records []string) {
	for i := range rapid.IntRange(1, 40).Draw(t, "denials") {
		id, at := fmt.Sprint(i), ""
		if rapid.IntRange(0, 5).Draw(t, "id") == 0 {
			id = ""
		}
		if rapid.IntRange(0, 9).Draw(t, "time") > 0 {
			at = day(1, 0).AddDate(0, 0, rapid.IntRange(0, MostDays+40).Draw(t, "day")).Format(time.RFC3339)
		}
		repo := fmt.Sprint("r-", rapid.IntRange(0, 5).Draw(t, "repo"))
		one := denied(id, at, repo, fmt.Sprint("b-", rapid.IntRange(0, 30).Draw(t, "branch")))
		one = strings.Replace(one, `"eventTime":"",`, "", 1)
		records = append(records, one)
		if rapid.IntRange(0, 5).Draw(t, "twice") == 0 {
			records = append(records, one)
		}
	}
	return records
}

// shared puts records into inputs at random.
func shared(t *rapid.T, records []string) (all texts) {
	records = rapid.Permutation(records).Draw(t, "order")
	for len(records) > 0 {
		n := rapid.IntRange(1, len(records)).Draw(t, "records of an input")
		all = append(all, logOf(records[:n]...))
		records = records[n:]
	}
	return all
}

// TestOrderOfReading compares what is found in the same records, whatever the
// order in which they come and the number of workers.
func TestOrderOfReading(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records, most := someDenials(rt), rapid.IntRange(1, 6).Draw(rt, "most")
		found := func() *Result {
			s := &Scanner{MostGroups: most, Workers: rapid.IntRange(1, 4).Draw(rt, "workers")}
			r := scanned(t, s, shared(rt, records))
			return &Result{From: r.From, To: r.To, Records: r.Records, Denials: r.Denials, Incidents: r.Incidents, Notes: r.Notes}
		}
		if diff := cmp.Diff(found(), found()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// A flood of fingerprints takes the details of what comes in between, and
// neither its count nor its place.
func TestFloodOfFingerprints(t *testing.T) {
	g := newGroups(1)
	g.room, g.counted = 100<<10, 500
	for i := range 20_000 {
		ev := &cloudtrail.Event{ID: fmt.Sprint(i), Time: day(1, 0).Add(time.Duration(i) * time.Second), RoleARN: testRole, Provider: testIssuer, Subject: fmt.Sprintf("repo:acme/flood-%d:pull_request", i)}
		if i%250 == 0 {
			ev.Subject = "repo:acme/real:pull_request"
		}
		g.add(ev)
		if g.size > g.room || len(g.all) > g.counted {
			t.Fatalf("%d bytes in %d groups", g.size, len(g.all))
		}
	}
	kept := g.kept()
	if len(kept) != 1 || kept[0].count != 80 || !kept[0].first.Equal(day(1, 0)) || !kept[0].moreDays || !kept[0].moreSubjects {
		t.Errorf("kept %+v", kept)
	}
	if !g.full {
		t.Error("nothing tells that there were too many")
	}
}
