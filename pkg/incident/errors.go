package incident

import (
	"errors"
	"fmt"
)

// join joins errors so that the result wraps ErrOutstanding only where all of
// them do: whoever sees that takes what it told the desk to be done.
func join(errs ...error) error {
	var grave, outstanding []error
	for _, err := range errs {
		switch {
		case err == nil:
		case errors.Is(err, ErrOutstanding):
			outstanding = append(outstanding, err)
		default:
			grave = append(grave, err)
		}
	}
	if len(grave) == 0 {
		return errors.Join(outstanding...)
	}
	for _, err := range outstanding {
		grave = append(grave, fmt.Errorf("%v", err))
	}
	return errors.Join(grave...)
}
