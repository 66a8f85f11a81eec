package slack

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
	"github.com/rolewhy/rolewhy/pkg/report"
)

// FuzzPayload: no value in any place breaks a limit of Slack or gets out of
// rich text.
func FuzzPayload(f *testing.F) {
	for _, value := range notifytest.Hostile {
		f.Add(value[:min(len(value), 1000)], false)
	}
	f.Fuzz(func(t *testing.T, value string, known bool) {
		r := notifytest.Report(value)
		if known {
			r.Caller = report.Known
		}
		for kind, m := range everyMessage(r) {
			p := read(t, m)
			checkLimits(t, p)
			checkHarmless(t, p)
			if t.Failed() {
				t.Fatalf("%s of %q", kind, value)
			}
		}
	})
}
