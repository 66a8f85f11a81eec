package awstrail

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// object is what the list of a bucket tells of an object.
type object struct {
	key, etag string
	size      int64
	archived  bool
}

// body reads an object. Where the connection breaks off, it goes on from
// there.
type body struct {
	*Bucket
	*object
	ctx   context.Context
	at    int64 // bytes read
	tries int
	io.ReadCloser
}

func (b *Bucket) open(ctx context.Context, o *object) (io.ReadCloser, error) {
	r := &body{Bucket: b, object: o, ctx: ctx, tries: 1}
	return r, r.get()
}

// get asks for what was not read yet, of the same version of the object.
func (r *body) get() error {
	in := &s3.GetObjectInput{Bucket: &r.Bucket.name, Key: &r.key}
	if r.at > 0 {
		part := fmt.Sprintf("bytes=%d-", r.at)
		in.Range, in.IfMatch = &part, &r.etag
	}
	out, err := r.home.Load().client.GetObject(r.ctx, in)
	if err != nil {
		return refused(r.url(r.key), err, r.need("GetObject", r.key))
	}
	r.ReadCloser = out.Body
	return nil
}

// Read reads on, from a new connection where one broke off.
func (r *body) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.at += int64(n)
	switch {
	case err == nil, r.at >= r.size, r.ctx.Err() != nil:
		return n, err
	case r.tries >= mostTries:
		return n, brokenOff(r.url(r.key), r.at, r.size, err)
	}
	r.tries++
	_ = r.ReadCloser.Close()
	r.ReadCloser = io.NopCloser(nothing{})
	return n, r.get()
}

// brokenOff is the error about an object of which nothing more comes.
func brokenOff(place string, at, size int64, err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &scan.InputError{Name: place, Err: fmt.Errorf("the connection broke off %d times, last after %d of %d bytes: %w", mostTries, at, size, err)}
}

// nothing is what is left to read after an error.
type nothing struct{}

// Read ends at once.
func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
