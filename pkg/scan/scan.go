package scan

import (
	"time"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Scanner reads sources and makes a Result of what they hold. The zero value
// is ready for use. Its memory is bounded, whatever the size of the input.
type Scanner struct {
	// Account tells what the accounts hold, as they stand. It is asked from
	// several goroutines at a time. Nil: no policy is at hand, and what can be
	// said without one is.
	Account diagnose.Account
	// From and To bound the time of the denials that count; each may be zero.
	// Changes count whenever they were made.
	From, To time.Time
	// Workers is how many inputs are read at a time; 0: as many as there are
	// processors.
	Workers int
	// MostGroups is how many incidents are kept apart; 0: DefaultMostGroups.
	// Denials beyond are counted, and a note of the result tells of them.
	MostGroups int
	// Progress is called now and then, never twice at a time; nil: nobody
	// wants to know.
	Progress func(Progress)
}

// DefaultMostGroups is more than anybody reads, and bounds the memory.
const DefaultMostGroups = 5000
