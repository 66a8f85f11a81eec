package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var _ notify.Follower = (*Bot)(nil)

// blind is a report before the changes and the resource control policies were
// read.
func blind() *report.Report {
	r := notifytest.Report("x")
	r.Caller, r.Changes = report.Known, nil
	r.Gaps = []report.Gap{
		{What: "recent changes", Why: "they were not read within 2 s"},
		{What: "resource control policies", Why: "organizations:ListPolicies was refused"},
	}
	return r
}

// settled is the same report with the changes.
func settled() *report.Report {
	r := blind()
	r.Gaps = r.Gaps[1:]
	r.Changes = []report.Change{{Name: "UpdateAssumeRolePolicy", By: "alice"}}
	return r
}

// reply is what a follow-up from one report to the other says.
func reply(t *testing.T, from, to *report.Report) string {
	t.Helper()
	w := newWorkspace(t)
	b, _ := w.bot(0)
	if err := b.Notify(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	before := len(w.posts)
	for range 2 { // the second time, nothing is new
		if err := b.Follow(t.Context(), to); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.posts) == before {
		return ""
	}
	if len(w.posts) > before+1 || w.posts[before].Thread != "1790000000.000001" {
		t.Fatalf("%d follow-ups, the first in thread %q", len(w.posts)-before, w.posts[before].Thread)
	}
	return w.posts[before].shown()
}

func TestFollowTellsWhatIsNew(t *testing.T) {
	with := func(change func(*report.Report)) *report.Report {
		r := settled()
		change(r)
		return r
	}
	for _, tt := range []struct {
		name string
		to   *report.Report
		says []string
		not  []string
	}{
		{"nothing", blind(), nil, nil},
		{"a change", settled(), []string{"Looked at since", "recent changes", "Changed", "UpdateAssumeRolePolicy by alice"}, []string{"Why", "resource control", "within 2 s"}},
		{"only that there was none", with(func(r *report.Report) { r.Changes = nil }), []string{"Looked at since", "recent changes"}, []string{"Changed"}},
		{"a cause", with(func(r *report.Report) {
			r.Findings = append([]report.Finding{{Code: "recently-changed", Certainty: report.Likely, Message: "the policy was new"}}, r.Findings...)
		}), []string{"Why 1 of 2 (likely): the policy was new  recently-changed"}, []string{"the sub differs"}},
		{"another fix", with(func(r *report.Report) { r.Findings[0].Fixes[0].Message = "wait a minute" }), []string{"Change to make: wait a minute"}, []string{"change x"}},
		{"a stranger", with(func(r *report.Report) { r.Caller = report.Stranger }), []string{"Security: this caller is a stranger"}, []string{"Change to make"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := reply(t, blind(), tt.to)
			if (got == "") != (tt.says == nil) {
				t.Fatalf("replied %q", got)
			}
			for _, s := range tt.says {
				if !strings.Contains(got, s) {
					t.Errorf("does not say %q:\n%s", s, got)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(got, s) {
					t.Errorf("says %q again:\n%s", s, got)
				}
			}
		})
	}
}

// Only this process knows the thread of what it sent.
func TestFollowNeedsAnAlert(t *testing.T) {
	w := newWorkspace(t)
	b, _ := w.bot(0)
	if err := b.Follow(t.Context(), settled()); err != nil || len(w.posts) != 0 {
		t.Errorf("%d posts, error %v", len(w.posts), err)
	}
}

func TestFollowTellsTheFailure(t *testing.T) {
	w := newWorkspace(t)
	b, _ := w.bot(0)
	if err := b.Notify(t.Context(), blind()); err != nil {
		t.Fatal(err)
	}
	bad := answer{200, `{"ok":false,"error":"is_archived"}`, ""}
	w.answers = make([]answer, len(w.posts), 9)
	w.answers = append(w.answers, bad)
	if err := b.Follow(t.Context(), settled()); err == nil || !strings.Contains(err.Error(), "is_archived") {
		t.Errorf("error %v", err)
	}
}

func TestThreadsForgetTheOldest(t *testing.T) {
	var kept threads
	for i := range mostThreads + 10 {
		for range 2 {
			kept.remember(fmt.Sprint(i), thread{ts: fmt.Sprint("ts", i)})
		}
	}
	if _, ok := kept.of("9"); ok || len(kept.byKey) != mostThreads || len(kept.order) != mostThreads {
		t.Errorf("%d threads in order of %d", len(kept.byKey), len(kept.order))
	}
	if got, ok := kept.of("10"); !ok || got.ts != "ts10" {
		t.Errorf("the oldest that fits: %v %t", got, ok)
	}
}
