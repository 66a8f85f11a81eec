package pkg_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/dynamostore"
)

const incidentsDocument = "../docs/incidents.md"

// stableRow is a line of the table of subjects.
var stableRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| `([^`]+:[^`]+)` \\|$")

// TestIncidentsPageNamesSubjects holds the table of subjects and what they
// count as against what a fingerprint is made of.
func TestIncidentsPageNamesSubjects(t *testing.T) {
	rows := stableRow.FindAllStringSubmatch(read(t, incidentsDocument), -1)
	if len(rows) < 5 {
		t.Fatalf("%d subjects", len(rows))
	}
	for _, row := range rows {
		if got := idp.FindFor("", row[1]).Stable(row[1]); got != row[2] {
			t.Errorf("%s counts as %s, not %s", row[1], got, row[2])
		}
	}
}

// TestIncidentsPageNamesLimits holds the numbers in the text against those that
// are in force without settings.
func TestIncidentsPageNamesLimits(t *testing.T) {
	d := incident.Defaults()
	hours := func(d time.Duration) int { return int(d.Hours()) }
	text := strings.Join(strings.Fields(read(t, incidentsDocument)), " ")
	for _, want := range []string{
		fmt.Sprintf("%d minutes after the alert, then after %d hour, %d, %d and each %d hours",
			int(d.Updates[0].Minutes()), hours(d.Updates[1]), hours(d.Updates[2]), hours(d.Updates[3]), hours(d.Updates[4])),
		fmt.Sprintf("| alerts for one role | %d in an hour |", d.PerRole),
		fmt.Sprintf("| alerts in all | %d in an hour |", d.InAll),
		fmt.Sprintf("| messages of one incident, answers aside | %d on a day |", d.PerDay),
		fmt.Sprintf("| messages about strangers | %d in an hour |", int(time.Hour/d.Strangers)),
		fmt.Sprintf("at most each %d minutes", int(d.Strangers.Minutes())),
		fmt.Sprintf("for %d h", hours(d.Quiet)),
		fmt.Sprintf("The first %d subjects are kept", incident.MostSubjects),
		fmt.Sprintf("sends it again after %d seconds", int(d.Lease.Seconds())),
		fmt.Sprintf("the %d days for which the table keeps anything", hours(dynamostore.Life)/24),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("docs/incidents.md does not say %q", want)
		}
	}
	words := map[string]bool{
		"nothing was denied for ten minutes":          d.Settle == 10*time.Minute,
		"Edits within a minute are answered together": d.Together == time.Minute,
		"Nobody gets more than six messages":          d.PerDay == 6,
		"Three roles that fail within an hour":        d.ManyRoles == 3 && d.ManyWithin == time.Hour,
	}
	for want, holds := range words {
		if !strings.Contains(text, want) || !holds {
			t.Errorf("docs/incidents.md says %q: that it stands there or that it holds is wrong", want)
		}
	}
}
