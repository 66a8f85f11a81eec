package awstrail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// Bucket is a source of the objects below a prefix of an S3 bucket. Where
// they lie as CloudTrail lays them out, objects are listed only of the
// accounts, regions and days that are wanted. Elsewhere objects are passed over
// by their names as files of a folder are, see scan.Files. What a requester
// would be billed for is refused by S3.
type Bucket struct {
	name, prefix string
	narrow       Narrow
	everything   bool // whatever the layout
	whatever     bool // whatever the names of the objects

	cfg  aws.Config
	home atomic.Pointer[home]
}

// home is where a bucket is, as far as it is known, and a client of there.
type home struct {
	region string
	client *s3.Client
}

// bucketURL has the bucket and the prefix. Old buckets have names that new
// ones may not have.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketURL = lazyregexp.New(`^s3://([A-Za-z0-9][A-Za-z0-9._-]{2,254})(?:/(.*))?$`)

// mostTries is how often a request is tried, and how often an object goes on
// to be read after the connection broke off.
const mostTries = 5

// Bucket makes a source of s3://BUCKET/PREFIX. The prefix may end anywhere, as
// in the middle of a name.
func (a *AWS) Bucket(url string, n Narrow) (*Bucket, error) {
	parts := bucketURL.FindStringSubmatch(url)
	if parts == nil {
		return nil, fmt.Errorf("%.200q is no place in S3: one is written s3://BUCKET/PREFIX", url)
	}
	if err := n.check(); err != nil {
		return nil, err
	}
	b := &Bucket{name: parts[1], prefix: parts[2], narrow: n, cfg: a.cfg}
	b.in(a.cfg.Region)
	return b, nil
}

// in has the bucket asked for in a region from now on.
func (b *Bucket) in(region string) *home {
	h := &home{region, s3.NewFromConfig(b.cfg, func(o *s3.Options) {
		o.Region, o.RetryMaxAttempts = region, mostTries
		o.DisableLogOutputChecksumValidationSkipped = true
	})}
	b.home.Store(h)
	return h
}

// Inputs implements scan.Source. Nothing found at all is an error: most often
// the prefix is a wrong one.
func (b *Bucket) Inputs(ctx context.Context) iter.Seq2[scan.Input, error] {
	return func(yield func(scan.Input, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		found, seen := b.list(ctx), false
		for one := range found {
			seen = true
			if !yield(one.Input, one.err) {
				cancel()
				for range found {
				}
				return
			}
		}
		if !seen && ctx.Err() == nil {
			yield(scan.Input{}, &scan.InputError{Name: b.url(b.prefix), Err: errors.New("there are no logs: the prefix, accounts, regions and time that were given leave nothing")})
		}
	}
}

func (b *Bucket) url(key string) string { return "s3://" + b.name + "/" + key }

// need is a permission on the bucket or, with a key, on an object.
func (b *Bucket) need(action, key string) string {
	arn := "arn:" + partition(b.home.Load().region) + ":s3:::" + b.name
	if key != "" {
		arn += "/" + key
	}
	return "s3:" + action + " on " + arn
}

// input is an object to read.
func (b *Bucket) input(o *object) (scan.Input, error) {
	if o.archived {
		return scan.Input{}, &scan.InputError{Name: b.url(o.key), Err: errArchived}
	}
	return scan.Input{Name: b.url(o.key), Size: o.size, Open: func(ctx context.Context) (io.ReadCloser, error) {
		return b.open(ctx, o)
	}}, nil
}

// page lists a page of objects. A bucket may be in another region than the
// configuration has; S3 then answers which.
func (b *Bucket) page(ctx context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	here := b.home.Load()
	out, err := here.client.ListObjectsV2(ctx, in)
	if there := regionIn(err); there != "" && there != here.region {
		out, err = b.in(there).client.ListObjectsV2(ctx, in)
	}
	if err != nil {
		return nil, refused(b.url(aws.ToString(in.Prefix)), err, b.need("ListBucket", ""))
	}
	return out, nil
}

// regionIn is the region of a bucket that an answer tells of.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func regionIn(err error) string {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) || answer.Response == nil {
		return ""
	}
	switch answer.Response.StatusCode {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusBadRequest:
		return answer.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}

// archived are the storage classes of objects that cannot be read at once.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
func archived(class string) bool { return class == "GLACIER" || class == "DEEP_ARCHIVE" }
