package diagnose_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// BenchmarkExplain is one diagnosis from a parsed record: the trust policy is
// parsed and evaluated, the causes found, the fixes proved. Nothing is read or
// rendered.
func BenchmarkExplain(b *testing.B) {
	for _, name := range []string{"ci-008", "irsa-005", "irsa-069", "ci-018", "ci-026"} {
		b.Run(name, func(b *testing.B) {
			ev, acct := sample(b, "testdata/cases/"+name+".json")
			options := diagnose.Options{Claims: acct.Claims, Context: acct.Context}
			b.ReportAllocs()
			for b.Loop() {
				diagnose.Explain(context.Background(), acct, ev, options)
			}
		})
	}
}

// sample reads the event of a file and the account it carries.
func sample(t testing.TB, file string) (*cloudtrail.Event, *casefile.File) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for ev, err := range cloudtrail.NewReader(f, file).Events() {
		if err != nil {
			t.Fatal(err)
		}
		acct, err := casefile.FromCase(ev.Case)
		if err != nil {
			t.Fatal(err)
		}
		return ev, acct
	}
	t.Fatalf("%s: no event", file)
	return nil, nil
}

// BenchmarkExplainLabelled is the mean over all labelled cases.
func BenchmarkExplainLabelled(b *testing.B) {
	files, _ := filepath.Glob("testdata/cases/*.json")
	var events []*cloudtrail.Event
	var accounts []*casefile.File
	for _, file := range files {
		ev, acct := sample(b, file)
		events, accounts = append(events, ev), append(accounts, acct)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		n := i % len(events)
		diagnose.Explain(context.Background(), accounts[n], events[n], diagnose.Options{Claims: accounts[n].Claims, Context: accounts[n].Context})
	}
}
