package scan

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/report"
)

const (
	update = "UpdateAssumeRolePolicy"
	create = "CreateRole"
	remove = "DeleteRole"

	mismatch = "subject-mismatch"
	missing  = "role-not-found"
	mended   = "policy-changed-since"
)

// judgedBy is what a report names as the cause, and the policy it judged.
type judgedBy struct {
	cause  report.Code
	policy string // "" where it has none
}

func judgement(r *report.Report) judgedBy {
	if r == nil {
		return judgedBy{}
	}
	j := judgedBy{policy: strings.Join(strings.Fields(r.TrustPolicy), "")}
	if len(r.Findings) > 0 {
		j.cause = r.Findings[0].Code
	}
	return j
}

// versionTest has a call of branch dev denied on 3 March.
type versionTest struct {
	name     string
	account  string // the policy as it stands, "" where no account is given
	changes  []string
	standing Standing
	report   judgedBy
	earlier  judgedBy // zero where there is none
	changed  string   // the latest change
}

func versionTests() []versionTest {
	main, dev, other := trust("main"), trust("dev"), trust("other")
	reordered := strings.Replace(main, `"Version":"2012-10-17",`, "", 1)
	reordered = strings.TrimSuffix(reordered, "}") + `, "Version": "2012-10-17"}`
	return []versionTest{
		{"nothing is known", "", nil, Unclear, judgedBy{mismatch, ""}, judgedBy{}, ""},
		{"the account alone", main, nil, Failing, judgedBy{mismatch, main}, judgedBy{}, ""},
		{"the account alone, mended without a record", dev, nil, Allowed, judgedBy{mended, dev}, judgedBy{}, ""},
		{"a change before", "", []string{changed(update, "2026-03-01T00:00:00Z", main)}, Failing, judgedBy{mismatch, main}, judgedBy{}, update},
		{"two changes before", "", []string{changed(update, "2026-03-02T00:00:00Z", main), changed(create, "2026-03-01T00:00:00Z", dev)}, Failing, judgedBy{mismatch, main}, judgedBy{}, update},
		{"mended afterwards", "", []string{changed(update, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev)}, Allowed, judgedBy{mismatch, main}, judgedBy{}, update},
		{"mended afterwards, and an account", dev, []string{changed(update, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev)}, Allowed, judgedBy{mismatch, main}, judgedBy{}, update},
		{"mended, from what is not known", "", []string{changed(update, "2026-03-04T00:00:00Z", dev)}, Allowed, judgedBy{mended, dev}, judgedBy{}, update},
		{"the account as it stands outweighs the records", dev, []string{changed(update, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", other)}, Allowed, judgedBy{mismatch, main}, judgedBy{}, update},
		{"changed afterwards, denied for another value", "", []string{changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", other)}, Failing, judgedBy{mismatch, other}, judgedBy{mismatch, main}, update},
		{"changed afterwards, denied for the same value", "", []string{changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", withTags(main))}, Failing, judgedBy{mismatch, withTags(main)}, judgedBy{}, update},
		{"changed afterwards to what stood", "", []string{changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", reordered)}, Failing, judgedBy{mismatch, strings.Join(strings.Fields(reordered), "")}, judgedBy{}, update},
		{"changed to and fro", main, []string{changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev), changed(update, "2026-03-05T00:00:00Z", main)}, Failing, judgedBy{mismatch, main}, judgedBy{}, update},
		{"closed afterwards", main, []string{changed(update, "2026-03-02T23:59:00Z", dev), changed(update, "2026-03-04T00:00:00Z", main)}, Failing, judgedBy{mismatch, main}, judgedBy{"recently-changed", dev}, update},
		{"deleted before", "", []string{changed(create, "2026-03-01T00:00:00Z", main), changed(remove, "2026-03-02T00:00:00Z", "")}, Failing, judgedBy{missing, ""}, judgedBy{}, remove},
		{"deleted afterwards", "", []string{changed(create, "2026-03-01T00:00:00Z", main), changed(remove, "2026-03-04T00:00:00Z", "")}, Failing, judgedBy{missing, ""}, judgedBy{mismatch, main}, remove},
		{"deleted before, made again afterwards", "", []string{changed(remove, "2026-03-02T00:00:00Z", ""), changed(create, "2026-03-04T00:00:00Z", dev)}, Allowed, judgedBy{missing, ""}, judgedBy{}, create},
		{"deleted before, made again to deny", other, []string{changed(remove, "2026-03-02T00:00:00Z", ""), changed(create, "2026-03-04T00:00:00Z", other)}, Failing, judgedBy{mismatch, other}, judgedBy{missing, ""}, create},
		{"deleted and made again afterwards", other, []string{changed(create, "2026-03-02T00:00:00Z", main), changed(remove, "2026-03-04T00:00:00Z", ""), changed(create, "2026-03-04T00:01:00Z", other)}, Failing, judgedBy{mismatch, other}, judgedBy{mismatch, main}, create},
		{"a change that is no change of trust", main, []string{changed("UpdateRole", "2026-03-04T00:00:00Z", "")}, Failing, judgedBy{mismatch, main}, judgedBy{}, "UpdateRole"},
	}
}

func TestVersionInForce(t *testing.T) {
	for _, tt := range versionTests() {
		t.Run(tt.name, func(t *testing.T) {
			one := judged(t, tt.account, tt.changes...)
			if got := judgement(one.Report); one.Standing != tt.standing || got != tt.report {
				t.Errorf("%s, for %s by %s; want %s, for %s by %s", one.Standing, got.cause, got.policy, tt.standing, tt.report.cause, tt.report.policy)
			}
			if got := judgement(one.Earlier); got != tt.earlier {
				t.Errorf("earlier for %s by %s, want %s by %s", got.cause, got.policy, tt.earlier.cause, tt.earlier.policy)
			}
			if got := nameOf(one.Changed); got != tt.changed {
				t.Errorf("changed by %q, want %q", got, tt.changed)
			}
			mustBeOfWhatStands(t, &one)
		})
	}
}

// judged is the incident of a call of branch dev on 3 March. An account is given
// by the trust policy of the role as it stands, "" for none.
func judged(t testing.TB, account string, changes ...string) Incident {
	t.Helper()
	s := new(Scanner)
	if account != "" {
		s.Account = accountWith(t, account)
	}
	return scanned(t, s, texts{logOf(append(changes, denied("1", "2026-03-03T00:00:00Z", "a", "dev"))...)}).Incidents[0]
}

// withTags is a trust policy with one more statement, about session tags.
func withTags(policy string) string {
	const more = `,{"Sid":"Tags","Effect":"Allow","Principal":{"Federated":"` + testIssuer + `"},"Action":"sts:TagSession"}]}`
	return strings.TrimSuffix(policy, "]}") + more
}

func nameOf(c *report.Change) string {
	if c == nil {
		return ""
	}
	return c.Name
}

// TestReportOfThen says which version it is of, and who ended it.
func TestReportOfThen(t *testing.T) {
	main, dev, other := trust("main"), trust("dev"), trust("other")
	const who = ", until UpdateAssumeRolePolicy by arn:aws:iam::" + testAccount + ":user/me at 2026-03-04T00:00:00Z"
	over := judged(t, "", changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev))
	want := "the version that was in force when the call was denied" + who + "; the policy as it stands allows the call"
	if r := over.Report; r.Verdict != report.Explained || r.TrustPolicyNote != want || r.Findings[0].Certainty != report.Certain {
		t.Errorf("%s, %q, %+v", r.Verdict, r.TrustPolicyNote, r.Findings)
	}
	if c := over.Report.Changes; len(c) != 2 || over.Changed == nil || *over.Changed != c[0] || !c[0].Time.Equal(day(4, 0)) {
		t.Errorf("changed %+v, of %+v", over.Changed, c)
	}
	still := judged(t, "", changed(create, "2026-03-02T00:00:00Z", main), changed(update, "2026-03-04T00:00:00Z", dev), changed(update, "2026-03-05T00:00:00Z", other))
	e := still.Earlier
	if e.TrustPolicyNote != strings.TrimSuffix(want, "; the policy as it stands allows the call") || len(e.Changes) != 2 || !e.Changes[0].Time.Equal(day(4, 0)) {
		t.Errorf("%q after %+v", e.TrustPolicyNote, e.Changes)
	}
}

// TestEarlierVersionThatAllowed says nothing of the policy as it stands.
func TestEarlierVersionThatAllowed(t *testing.T) {
	main, dev := trust("main"), trust("dev")
	long := judged(t, main, changed(update, "2026-02-02T00:00:00Z", dev), changed(update, "2026-03-04T00:00:00Z", main))
	if e := long.Earlier; e == nil || e.Verdict != report.Unexplained || judgement(e).cause == mended {
		t.Errorf("earlier %+v", e)
	}
	soon := judged(t, main, changed(update, "2026-03-02T23:59:00Z", dev), changed(update, "2026-03-04T00:00:00Z", main))
	if e := soon.Earlier; e == nil || e.Verdict != report.Explained {
		t.Errorf("earlier %+v", e)
	}
}

// TestUntoldChanges has the gap in what is known of changes told beside those
// that the logs have, or their absence.
func TestUntoldChanges(t *testing.T) {
	main := trust("main")
	made := changed(create, "2026-03-02T00:00:00Z", main)
	for _, tt := range []struct {
		name, account string
		changes       []string
		what, why     string
	}{
		{"logs without any", "", nil, "recent changes of the role and the provider", "the logs that were read have none"},
		{"logs with one", "", []string{made}, "other recent changes of the role and the provider", "the logs that were read have no others"},
		{"logs without any, and an account", main, nil, "recent changes of the role and the provider", "the logs that were read have none, and the account file has no events"},
		{"logs with one, and an account", main, []string{made}, "other recent changes of the role and the provider", "the logs that were read have no others, and the account file has no events"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			one := judged(t, tt.account, tt.changes...)
			for _, g := range one.Report.Gaps {
				if g.What == tt.what && g.Why == tt.why {
					return
				}
			}
			t.Errorf("gaps %+v", one.Report.Gaps)
		})
	}
}
