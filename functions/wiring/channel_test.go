package wiring

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rolewhy/rolewhy/functions/metrics"
	"github.com/rolewhy/rolewhy/pkg/notify"
)

// fakeNotifier takes everything, or fails with err.
type fakeNotifier struct {
	err    error
	thread string
	until  time.Time // what it was given
}

func (n *fakeNotifier) Notify(ctx context.Context, _ *notify.Notice, thread string) (string, error) {
	n.thread = thread
	n.until, _ = ctx.Deadline()
	return "1.2", n.err
}

// Every message is counted, and leaves some time.
func TestCounted(t *testing.T) {
	sent := []string{`"Notifier":"slack","Sent":[1]`, `"Kind":"answer","Messages":[1]`}
	for _, tt := range []struct {
		name    string
		err     error
		numbers []string
	}{
		{"sent", nil, sent},
		{"in part", &notify.Incomplete{Err: errors.New("down")}, sent},
		{"not sent", errors.New("down"), []string{`"Failed":[1],"FunctionName":"f","Notifier":"slack"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var numbers bytes.Buffer
			recorder, there := metrics.New(&numbers, "f"), &fakeNotifier{err: tt.err}
			list := counted([]notify.Channel{{Name: "slack", Notifier: there}}, recorder)
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			n := &notify.Notice{ID: "f-1", Kind: notify.Answer, Incident: notify.Incident{ID: "f"}}
			if thread, err := list[0].Notify(ctx, n, "1.1"); list[0].Name != "slack" || there.thread != "1.1" || thread != "1.2" || !errors.Is(err, tt.err) {
				t.Errorf("%s in %s: %v", thread, there.thread, err)
			}
			if end, _ := ctx.Deadline(); !there.until.Before(end) {
				t.Errorf("it may take until %v of %v", there.until, end)
			}
			recorder.Flush(time.Now())
			for _, want := range tt.numbers {
				if !strings.Contains(numbers.String(), want) {
					t.Errorf("no %s in %s", want, numbers.String())
				}
			}
		})
	}
}
