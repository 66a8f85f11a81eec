package cli

import (
	"context"
	"strings"
	"testing"
	"time"
)

// silent yields nothing, and ends the context once it is read.
type silent struct{ end func() }

func (s silent) Read([]byte) (int, error) {
	s.end()
	select {} // as a terminal at which nobody types
}

// Input that never comes keeps no command from ending, nor does a question
// that nobody answers.
func TestStandardInputIsAbandoned(t *testing.T) {
	logs, _ := sampleLogs(t)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"explain", "-"}, "interrupted"},
		{[]string{"audit", "-"}, "interrupted"},
		{[]string{"scan", "-"}, "interrupted: the result is of what was read until then"},
		{[]string{"scan", "--athena", "db.trail", "--price", "1000", "--max-cost", "0.001"}, "[y/N] \nrolewhy: interrupted: the query was not started"},
	} {
		t.Run(strings.Join(tt.args[:2], " "), func(t *testing.T) {
			a := trailsOf(t, logs)
			ctx, cancel := context.WithCancel(t.Context())
			var out, errs strings.Builder
			c := &Command{
				Args: tt.args, Stdin: silent{cancel}, Stdout: &out, Stderr: &errs, Asks: true,
				Env: func(string) string { return "" }, Now: time.Now,
			}
			if code := c.Run(ctx); code != exitFailure || !strings.Contains(errs.String(), tt.want) || a.started() {
				t.Errorf("exit %d, %q, want %q", code, errs.String(), tt.want)
			}
		})
	}
}
