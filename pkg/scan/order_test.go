package scan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// withID gives a record another event ID.
func withID(record, id string) string {
	before, rest, _ := strings.Cut(record, `"eventID":"`)
	_, after, _ := strings.Cut(rest, `"`)
	return before + `"eventID":"` + id + `"` + after
}

// TestChangesOfOneSecond has changes of 1 March with event IDs in both orders,
// and a call of branch dev denied on 3 March.
func TestChangesOfOneSecond(t *testing.T) {
	const then, at = "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"
	main, dev, other := trust("main"), trust("dev"), trust("other")
	tests := []struct {
		name     string
		account  string
		before   []string
		a, b     string
		standing Standing
		report   judgedBy
		changed  string // "" where it hangs on the event IDs
	}{
		{"made and set", "", nil, changed(create, at, dev), changed(update, at, main), Failing, judgedBy{mismatch, main}, update},
		{"made and set to allow", "", nil, changed(create, at, main), changed(update, at, dev), Allowed, judgedBy{mended, dev}, update},
		{"replaced", "", nil, changed(remove, at, ""), changed(create, at, main), Failing, judgedBy{mismatch, main}, create},
		{"made and deleted", "", []string{changed(remove, then, "")}, changed(create, at, main), changed(remove, at, ""), Failing, judgedBy{missing, ""}, remove},
		{"set and deleted", "", nil, changed(update, at, main), changed(remove, at, ""), Failing, judgedBy{missing, ""}, remove},
		{"set twice", "", nil, changed(update, at, main), changed(update, at, other), Unclear, judgedBy{mismatch, ""}, ""},
		{"set twice, and an account", main, nil, changed(update, at, main), changed(update, at, other), Failing, judgedBy{mismatch, main}, ""},
	}
	for _, tt := range tests {
		for _, ids := range []string{"ab", "ba"} {
			t.Run(tt.name+" "+ids, func(t *testing.T) {
				one := judged(t, tt.account, append(tt.before, withID(tt.a, ids[:1]), withID(tt.b, ids[1:]))...)
				if got := judgement(one.Report); one.Standing != tt.standing || got != tt.report {
					t.Errorf("%s, for %s by %s; want %s, for %s by %s", one.Standing, got.cause, got.policy, tt.standing, tt.report.cause, tt.report.policy)
				}
				if got := nameOf(one.Changed); tt.changed != "" && got != tt.changed {
					t.Errorf("changed by %q, want %q", got, tt.changed)
				}
			})
		}
	}
}

// TestWhyAVersionIsNotKnown names the change that stands in the way.
func TestWhyAVersionIsNotKnown(t *testing.T) {
	before := changed(update, "2026-02-01T00:00:00Z", trust("main"))
	const at = "2026-03-01T00:00:00Z"
	for name, tt := range map[string]struct {
		changes []string
		why     string
	}{
		"set twice at once": {
			[]string{withID(changed(update, at, trust("other")), "a"), withID(changed(update, at, trust("dev")), "b")},
			"the trust policy was set more than once at 2026-03-01T00:00:00Z, and the records do not tell which came last",
		},
		"a policy that the record leaves out": {
			[]string{strings.Replace(changed(update, at, ""), "policyDocument", "omitted", 1)},
			"the record of UpdateAssumeRolePolicy by arn:aws:iam::" + testAccount + ":user/me at 2026-03-01T00:00:00Z does not tell the policy",
		},
	} {
		t.Run(name, func(t *testing.T) {
			one := judged(t, "", append(tt.changes, before)...)
			var told []string
			for _, g := range one.Report.Gaps {
				told = append(told, g.Why)
			}
			if got := strings.Join(told, "\n"); one.Standing != Unclear || !strings.Contains(got, tt.why) {
				t.Errorf("%s, for %q; want %q", one.Standing, got, tt.why)
			}
		})
	}
}

// TestPolicyLeftOut has a call denied on 3 March under a policy on record, or
// one that the record of a change leaves out.
func TestPolicyLeftOut(t *testing.T) {
	main, other := trust("main"), trust("other")
	out := func(at string) string {
		return strings.Replace(changed(update, at, ""), "policyDocument", "omitted", 1)
	}
	tests := []struct {
		name, account string
		changes       []string
		report        judgedBy
		certainty     report.Certainty
		earlier       judgedBy
	}{
		{"before the denial", other, []string{changed(update, "2026-03-01T00:00:00Z", main), out("2026-03-02T00:00:00Z"), changed(update, "2026-03-04T00:00:00Z", other)}, judgedBy{mismatch, other}, report.Likely, judgedBy{}},
		{"after the denial", other, []string{changed(update, "2026-03-01T00:00:00Z", main), out("2026-03-04T00:00:00Z")}, judgedBy{mismatch, other}, report.Certain, judgedBy{mismatch, main}},
		{"after the denial, and nothing before", other, []string{out("2026-03-04T00:00:00Z")}, judgedBy{mismatch, other}, report.Likely, judgedBy{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			one := judged(t, tt.account, tt.changes...)
			if got := judgement(one.Report); got != tt.report || one.Report.Findings[0].Certainty != tt.certainty {
				t.Errorf("%s %s by %s", one.Report.Findings[0].Certainty, got.cause, got.policy)
			}
			if got := judgement(one.Earlier); got != tt.earlier {
				t.Errorf("earlier for %s by %s", got.cause, got.policy)
			}
		})
	}
}

// TestOrderOfChanges has the same result come of the same records, however they
// are spread over inputs, whoever reads them, and in whatever order.
func TestOrderOfChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := rapid.SliceOfN(rapid.Custom(anyRecord), 2, 30).Draw(t, "records")
		for i := range records {
			records[i] = withID(records[i], fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "id"), i))
		}
		records = append(records, records[0]) // read twice
		want := resultOf(t, 1, records)
		shuffled := rapid.Permutation(records).Draw(t, "order")
		if diff := cmp.Diff(want, resultOf(t, rapid.IntRange(1, 4).Draw(t, "workers"), shuffled)); diff != "" {
			t.Fatalf("another order gives another result:\n%s", diff)
		}
	})
}

// anyRecord draws a denial, or a change of the role it is about.
func anyRecord(t *rapid.T) string {
	at := fmt.Sprintf("2026-03-0%dT00:00:00Z", rapid.IntRange(1, 4).Draw(t, "day"))
	branch := rapid.SampledFrom([]string{"dev", "main"}).Draw(t, "branch")
	name := rapid.SampledFrom([]string{"", update, create, remove, "UpdateRole"}).Draw(t, "name")
	if name == "" {
		return denied("", at, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "repository"), branch)
	}
	return changed(name, at, trust(branch))
}

// resultOf is what comes of records in inputs of three each.
func resultOf(t *rapid.T, workers int, records []string) *Result {
	var inputs texts
	for i := 0; i < len(records); i += 3 {
		inputs = append(inputs, logOf(records[i:min(i+3, len(records))]...))
	}
	result, err := (&Scanner{Workers: workers}).Scan(t.Context(), inputs)
	if err != nil {
		t.Fatal(err)
	}
	return &Result{From: result.From, To: result.To, Denials: result.Denials, Incidents: result.Incidents, Unreadable: result.Unreadable, Notes: result.Notes}
}

// TestWhatIsKeptOfASecond drops the changes of a second together, in whatever
// order they come.
func TestWhatIsKeptOfASecond(t *testing.T) {
	policy := make([]byte, mostChanges/8)
	rapid.Check(t, func(t *rapid.T) {
		var changes []cloudtrail.Change
		for i := range rapid.IntRange(1, 24).Draw(t, "changes") {
			at := day(1, 0).Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "second")) * time.Second)
			changes = append(changes, cloudtrail.Change{Time: at, EventID: fmt.Sprint(i), Role: "deploy", Account: testAccount, Policy: policy})
		}
		want := keptOf(changes)
		if got := keptOf(rapid.Permutation(changes).Draw(t, "order")); got != want {
			t.Fatalf("kept %s, in another order %s", want, got)
		}
	})
}

func keptOf(changes []cloudtrail.Change) string {
	var h history
	for _, c := range changes {
		h.add(c)
	}
	h.settle()
	var ids []string
	for _, c := range h.changes {
		ids = append(ids, c.EventID)
	}
	return fmt.Sprint(h.before, h.size, ids)
}
