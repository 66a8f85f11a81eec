package incident

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Store keeps incidents and counts denials. It is safe for use by any number
// of goroutines and processes at once.
type Store interface {
	// Count counts a delivered event for an incident, which need not have been
	// saved. An event counts once however often it comes, for ever within the
	// time for which the store keeps anything. It is one write.
	Count(ctx context.Context, incident, event string, at time.Time) error
	// Tally is what Count has counted for an incident; the zero Tally for none.
	Tally(ctx context.Context, incident string) (Tally, error)
	// Get returns the incident as it was last saved, nil where there is none.
	// The caller may change what it gets.
	Get(ctx context.Context, incident string) (*Incident, error)
	// Save stores the incident where its Revision is still that of the store (0
	// where it has none), and raises Revision. Otherwise the error is
	// ErrConflict, and nothing is stored.
	Save(ctx context.Context, i *Incident) error
	// List gives the incidents of a shelf, those that changed last first. What
	// was saved a moment ago may be missing.
	List(ctx context.Context, s Shelf) iter.Seq2[*Incident, error]
	// Take takes one of limit permits of the name that are there in a window of
	// time. It is false where all are taken.
	Take(ctx context.Context, name string, window time.Time, limit int) (bool, error)
}

// ErrConflict says that somebody else saved the incident in between.
var ErrConflict = errors.New("the incident was changed by somebody else")

// Shelf is where an incident is listed.
type Shelf string

const (
	Active Shelf = "active" // open, or with messages to send or owed, edits to answer or a digest to wait for
	Closed Shelf = "closed"
	Aside  Shelf = "aside" // folded
)

// Shelf is where i is listed.
func (i *Incident) Shelf() Shelf {
	switch {
	case i.State == Open, len(i.Outbox) > 0, len(i.Edits) > 0, !i.Waits.IsZero(), i.Owed != nil:
		return Active
	case i.State == Folded:
		return Aside
	default:
		return Closed
	}
}

// Tally is how often and when calls of an incident were denied.
type Tally struct {
	Count       int
	First, Last time.Time // to the second; zero where Count is 0
	// Minutes counts by the minute in which a call was made, in the form of
	// Minute.
	Minutes map[string]int
}

// Minute names a minute: 2006-01-02T15:04 in UTC.
func Minute(t time.Time) string { return t.UTC().Format("2006-01-02T15:04") }
