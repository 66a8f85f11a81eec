package wiring

import (
	"errors"
	"fmt"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

func TestOutstanding(t *testing.T) {
	down := errors.New("down")
	late := fmt.Errorf("slack: %w: %w", incident.ErrOutstanding, down)
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"nothing", nil, false},
		{"itself", incident.ErrOutstanding, true},
		{"wrapped", fmt.Errorf("incident f: %w", late), true},
		{"other", down, false},
		{"other, wrapped", fmt.Errorf("incident f: %w", down), false},
		{"two channels", errors.Join(late, late), true},
		{"a channel and the store", errors.Join(late, down), false},
		{"a channel and the store, wrapped", fmt.Errorf("incident f: %w", errors.Join(late, errors.Join(late, down))), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Outstanding(tt.err); got != tt.want {
				t.Errorf("%v: %t", tt.err, got)
			}
		})
	}
}
