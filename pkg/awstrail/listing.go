package awstrail

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// listers is how many folders are listed at a time. Each holds a page of
// objects at most.
const listers = 8

// listed is an object that was found, or a place that could not be listed.
type listed struct {
	scan.Input
	err error
}

// listing is one pass over the folders of a bucket.
type listing struct {
	*Bucket
	found chan listed
	slots chan struct{}
	wg    sync.WaitGroup
}

// list finds the objects. The channel is closed when all were sent, or when
// the context is done.
func (b *Bucket) list(ctx context.Context) <-chan listed {
	l := &listing{Bucket: b, found: make(chan listed), slots: make(chan struct{}, listers)}
	l.visit(ctx, placeOf(b.prefix))
	go func() {
		l.wg.Wait()
		close(l.found)
	}()
	return l.found
}

// visit lists a folder when there is a place for it.
func (l *listing) visit(ctx context.Context, f folder) {
	l.wg.Go(func() {
		select {
		case l.slots <- struct{}{}:
			defer func() { <-l.slots }()
			l.walk(ctx, f)
		case <-ctx.Done():
		}
	})
}

// walk visits the folders in this one, or sends the objects below it.
func (l *listing) walk(ctx context.Context, f folder) {
	if !l.narrow.wants(f) {
		return
	}
	if l.everything {
		l.pages(ctx, f, "")
		return
	}
	if names, ok := l.narrow.within(f); ok {
		for _, name := range names {
			l.visit(ctx, folderOf(f.prefix+name+"/"))
		}
		return
	}
	switch f.level {
	case ofRegion, foreign:
		l.pages(ctx, f, "")
	default:
		l.pages(ctx, f, "/")
	}
}

// pages lists what is in a folder, or with no delimiter all that is below it,
// and stops where nothing more can be wanted.
func (l *listing) pages(ctx context.Context, f folder, delimiter string) {
	after, before := l.narrow.span(f)
	in := &s3.ListObjectsV2Input{Bucket: &l.name, Prefix: &f.prefix}
	if delimiter != "" {
		in.Delimiter = &delimiter
	}
	if after > f.prefix {
		in.StartAfter = &after
	}
	for {
		out, err := l.page(ctx, in)
		if err != nil {
			l.send(ctx, listed{err: err})
			return
		}
		if !l.take(ctx, f, out, before) || !aws.ToBool(out.IsTruncated) {
			return
		}
		in.ContinuationToken = out.NextContinuationToken
	}
}

// take sends the objects of a page and visits its folders. It is false when
// nothing more is wanted.
func (l *listing) take(ctx context.Context, f folder, out *s3.ListObjectsV2Output, before string) bool {
	for _, c := range out.CommonPrefixes {
		if f := folderOf(aws.ToString(c.Prefix)); (f.level != foreign || f.account == "") && !l.leftOut(f) {
			l.visit(ctx, f)
		}
	}
	for i := range out.Contents {
		o := objectOf(&out.Contents[i])
		if before != "" && o.key >= before {
			return false
		}
		if !l.object(ctx, f, o) {
			return false
		}
	}
	return true
}

// leftOut is whether a folder below the one that was named has no logs.
func (l *listing) leftOut(f folder) bool {
	return !l.whatever && scan.LeftOut(strings.TrimSuffix(l.below(f.prefix), "/"))
}

// below is a key from the folder on that was named.
func (l *listing) below(key string) string {
	return strings.TrimPrefix(key, l.prefix[:strings.LastIndex(l.prefix, "/")+1])
}

// object sends an object, or tells that it is passed over by its name: what was
// not named itself, and does not lie where CloudTrail alone writes. It is false
// when nothing more is wanted.
func (l *listing) object(ctx context.Context, in folder, o *object) bool {
	named := l.whatever || in.level == ofRegion || o.key == l.prefix
	switch {
	case strings.HasSuffix(o.key, "/"):
		return true // that is how some tools make folders
	case !named && scan.LeftOut(l.below(o.key)):
		return true
	}
	if err := scan.Foreign(l.url(o.key)); err != nil && !named {
		return l.send(ctx, listed{err: err})
	}
	input, err := l.input(o)
	return l.send(ctx, listed{input, err})
}

// send is false when nothing more is wanted.
func (l *listing) send(ctx context.Context, one listed) bool {
	select {
	case l.found <- one:
		return true
	case <-ctx.Done():
		return false
	}
}

func objectOf(o *types.Object) *object {
	return &object{key: aws.ToString(o.Key), etag: aws.ToString(o.ETag), size: aws.ToInt64(o.Size), archived: archived(string(o.StorageClass))}
}
