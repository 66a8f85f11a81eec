package slack

import (
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/notify"
	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

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

// reply is what evidence says in the thread, once one report is told, with
// another.
func reply(t *testing.T, from, to *report.Report) string {
	t.Helper()
	w := newWorkspace(t)
	b, _ := w.bot(0)
	thread, err := b.Notify(t.Context(), &notify.Notice{Kind: notify.Evidence, Report: to, Was: from}, "1.2")
	if err != nil || thread != "1.2" {
		t.Fatalf("thread %q, error %v", thread, err)
	}
	if len(w.posts) == 0 {
		return ""
	}
	if len(w.posts) > 1 || w.posts[0].Thread != "1.2" {
		t.Fatalf("%d replies, the first in thread %q", len(w.posts), w.posts[0].Thread)
	}
	return w.posts[0].shown()
}

func TestEvidenceTellsWhatIsNew(t *testing.T) {
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

// Where nobody knows what the alert said, nothing is kept back.
func TestEvidenceOfWhatIsNotKnown(t *testing.T) {
	got := reply(t, nil, settled())
	for _, s := range []string{"UpdateAssumeRolePolicy by alice", "the sub differs", "Change to make"} {
		if !strings.Contains(got, s) {
			t.Errorf("does not say %q:\n%s", s, got)
		}
	}
}

// Without a thread there is nothing to add to.
func TestEvidenceNeedsAThread(t *testing.T) {
	w := newWorkspace(t)
	b, _ := w.bot(0)
	thread, err := b.Notify(t.Context(), &notify.Notice{Kind: notify.Evidence, Report: settled(), Was: blind()}, "")
	if err != nil || thread != "" || len(w.posts) != 0 {
		t.Errorf("%d posts, thread %q, error %v", len(w.posts), thread, err)
	}
}
