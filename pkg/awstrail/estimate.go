package awstrail

import (
	"context"
	"errors"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// Estimate is how much there is to read.
type Estimate struct {
	Objects int
	Bytes   int64 // as they are packed
	// Unreadable are the places that could not be listed, and the objects that
	// cannot be read at once: at most MostUnreadable.
	Unreadable []scan.Unreadable
	More       int // unreadable places beyond those
	// PassedOver is how many objects are not read for their names.
	PassedOver int
}

// MostUnreadable bounds the places that an Estimate names.
const MostUnreadable = 100

// DryRun lists what would be read, and reads nothing of it. The error is that
// of the context.
func (b *Bucket) DryRun(ctx context.Context) (Estimate, error) {
	var e Estimate
	for in, err := range b.Inputs(ctx) {
		if err != nil {
			e.cannotRead(err)
			continue
		}
		e.Objects++
		e.Bytes += max(in.Size, 0)
	}
	return e, ctx.Err()
}

func (e *Estimate) cannotRead(err error) {
	var over *scan.PassedOver
	if errors.As(err, &over) {
		e.PassedOver++
		return
	}
	if len(e.Unreadable) >= MostUnreadable {
		e.More++
		return
	}
	where, why := "the list of what there is to read", err.Error()
	if at, ok := err.(*scan.InputError); ok {
		where, why = at.Name, at.Err.Error()
	}
	e.Unreadable = append(e.Unreadable, scan.Unreadable{Where: where, Why: why})
}
