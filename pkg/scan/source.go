package scan

import (
	"context"
	"io"
	"iter"
)

// Source is a place that CloudTrail records lie in: files, objects of S3, what
// LookupEvents returns, rows of Athena.
type Source interface {
	// Inputs lists what there is to read, in any order. An error is about one
	// place, and listing goes on after it; an *InputError names that place, and
	// a *PassedOver is about none that should have been read. The listing ends
	// early when the context is done.
	Inputs(ctx context.Context) iter.Seq2[Input, error]
}

// Input is one file, object or page, to be read once from its beginning.
type Input struct {
	// Name is for people: a path, or the URL of an object.
	Name string
	// Size is that of what Open yields, in bytes and as it is packed; -1 where
	// it is not known.
	Size int64
	// Open yields records as text, packed by gzip or plain, in any of the
	// wrappings of cloudtrail.NewReader. Reading ends with an error when the
	// context is done.
	Open func(ctx context.Context) (io.ReadCloser, error)
}

// InputError is about a place that could not be listed or read.
type InputError struct {
	Name string
	Err  error
}

// Error names the place.
func (e *InputError) Error() string { return e.Name + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *InputError) Unwrap() error { return e.Err }

// PassedOver is about a file of a folder that is not read, since its name is
// none that logs have. A note of the result counts those.
type PassedOver struct {
	Name string
	Kind string // the end of the name, such as .md
}

// Error names the file.
func (p *PassedOver) Error() string { return p.Name + ": passed over, for logs are not named so" }
