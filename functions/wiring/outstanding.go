package wiring

import "github.com/rolewhy/rolewhy/pkg/incident"

// Outstanding is whether err says that messages are not sent yet, and nothing
// else: of joined errors each has to say so. It is false for nil.
func Outstanding(err error) bool {
	if err == incident.ErrOutstanding {
		return true
	}
	switch wrapped := err.(type) {
	case interface{ Unwrap() error }:
		return Outstanding(wrapped.Unwrap())
	case interface{ Unwrap() []error }:
		return allOutstanding(wrapped.Unwrap())
	}
	return false
}

// allOutstanding knows the two ways to wrap several errors: errors.Join, and
// fmt.Errorf, where ErrOutstanding speaks for those beside it.
func allOutstanding(errs []error) bool {
	all := len(errs) > 0
	for _, err := range errs {
		if err == incident.ErrOutstanding {
			return true
		}
		all = all && Outstanding(err)
	}
	return all
}
