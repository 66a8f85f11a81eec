package slack

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/notify/notifytest"
)

// FuzzPayload: no value in any place of any notice breaks a limit of Slack or
// gets out of rich text.
func FuzzPayload(f *testing.F) {
	for kind := range notifytest.Kinds {
		f.Add("", kind)
		for _, value := range notifytest.Hostile {
			f.Add(value[:min(len(value), 1000)], kind)
		}
	}
	f.Fuzz(func(t *testing.T, value string, kind int) {
		if kind < 0 {
			kind = -(kind + 1)
		}
		for what, m := range everyMessage(notifytest.Notice(notifytest.Kinds[kind%len(notifytest.Kinds)], value)) {
			p := read(t, m)
			checkLimits(t, p)
			checkHarmless(t, p)
			if t.Failed() {
				t.Fatalf("%s of %q", what, value)
			}
		}
	})
}
