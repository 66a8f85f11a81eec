package incident

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What is outstanding must not hide what has to come again.
func TestJoin(t *testing.T) {
	late := fmt.Errorf("slack: %w", ErrOutstanding)
	for _, tt := range []struct {
		name        string
		errs        []error
		outstanding bool
		says        []string
	}{
		{"nothing", []error{nil, nil}, false, nil},
		{"a channel", []error{nil, late}, true, []string{"slack"}},
		{"the store", []error{errDown}, false, []string{"down"}},
		{"both", []error{late, errDown}, false, []string{"slack", "down"}},
		{"both, joined twice", []error{join(errDown, late), late}, false, []string{"slack", "down"}},
	} {
		err := join(tt.errs...)
		if errors.Is(err, ErrOutstanding) != tt.outstanding || (err == nil) != (tt.says == nil) {
			t.Errorf("%s: %v", tt.name, err)
		}
		for _, word := range tt.says {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v does not say %q", tt.name, err, word)
			}
		}
	}
}
