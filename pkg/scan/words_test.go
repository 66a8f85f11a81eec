package scan

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/report"
)

func TestWhoChangedTheRoleInShort(t *testing.T) {
	for by, want := range map[string]string{
		"arn:aws:sts::111122223333:assumed-role/Admin/j.tanaka": "Admin/j.tanaka",
		"arn:aws:iam::111122223333:user/ci/terraform":           "ci/terraform",
		"cloudformation.amazonaws.com":                          "cloudformation.amazonaws.com",
		"":                                                      "",
	} {
		if got := (&Incident{Changed: &report.Change{By: by}}).ChangedBy(); got != want {
			t.Errorf("%q is %q, want %q", by, got, want)
		}
	}
	if got := new(Incident).ChangedBy(); got != "" {
		t.Errorf("%q where nobody did", got)
	}
}

// TestPast has a call of branch dev denied on 3 March.
func TestPast(t *testing.T) {
	main, dev, other := trust("main"), trust("dev"), trust("other")
	for _, tt := range []struct {
		name, account string
		changes       []string
		want          string
	}{
		{"nothing before", main, nil, ""},
		{
			"another value", other,
			[]string{changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", other)},
			"When this was denied (2026-03-03 00:00 UTC) another version of the trust policy was in force: the token's subject does not match the condition on sub of statement 1: " +
				`the policy wants branch "main", the subject has "dev" (subject-mismatch). That held until UpdateAssumeRolePolicy by me at 2026-03-04 00:00 UTC.`,
		},
		{
			"no role", other,
			[]string{changed(remove, "2026-03-02T00:00:00Z", ""), changed(create, "2026-03-04T00:00:00Z", other)},
			"When this was denied (2026-03-03 00:00 UTC) there was no such role. That held until CreateRole by me at 2026-03-04 00:00 UTC.",
		},
		{
			"the role", "",
			[]string{changed(create, "2026-03-02T00:00:00Z", main), changed(remove, "2026-03-04T00:00:00Z", "")},
			"When this was denied (2026-03-03 00:00 UTC) the role was there: the token's subject does not match the condition on sub of statement 1: " +
				`the policy wants branch "main", the subject has "dev" (subject-mismatch). That held until DeleteRole by me at 2026-03-04 00:00 UTC.`,
		},
		{"allowed now", dev, []string{changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			one := judged(t, tt.account, tt.changes...)
			if got := one.Past(); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestPastWithoutAnEnd has no change after the call on record.
func TestPastWithoutAnEnd(t *testing.T) {
	then := &report.Report{
		Event:    report.Event{Time: day(3, 0)},
		Findings: []report.Finding{{Code: "audience-mismatch", Message: "the audience is another"}},
		Changes:  []report.Change{{Name: create, Time: day(3, 0)}},
	}
	one := Incident{Earlier: then}
	const want = "When this was denied (2026-03-03 00:00 UTC) another version of the trust policy was in force, as far as changes are on record: the audience is another (audience-mismatch)."
	if got := one.Past(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	then.Changes, then.Findings = nil, nil
	if got := one.Past(); got != "When this was denied (2026-03-03 00:00 UTC) another version of the trust policy was in force, as far as changes are on record." {
		t.Errorf("of an empty report: %s", got)
	}
}
