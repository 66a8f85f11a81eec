// Package awstrail reads CloudTrail records from where AWS keeps them: objects
// of S3, the event history that LookupEvents searches, and tables of Athena.
// Each is a scan.Source.
package awstrail

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/rolewhy/rolewhy/pkg/awsaccount"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// AWS makes sources, with the credentials and the region of one configuration
// of the SDK.
type AWS struct{ cfg aws.Config }

// New makes no call.
func New(cfg aws.Config) *AWS { return &AWS{cfg} }

// Ambient is New for a person at a terminal, with the configuration and the
// errors of awsaccount.Environment. A region that is not empty takes the place
// of that of the environment.
func Ambient(ctx context.Context, region string) (*AWS, error) {
	cfg, err := awsaccount.Environment(ctx, region)
	if err != nil {
		return nil, err
	}
	return New(cfg), nil
}

// Region is the one of the configuration.
func (a *AWS) Region() string { return a.cfg.Region }

// Readers is how many objects of S3 are best read at a time, for
// scan.Scanner.Workers: most of the time of reading one is waiting for it.
const Readers = 16

// Narrow bounds what is read. The zero value leaves nothing out.
type Narrow struct {
	Accounts []string // by id
	// Regions leave out what was recorded in others. The changes of IAM are
	// recorded in one region of a partition: us-east-1 in that of most.
	Regions []string
	// From and To bound the time of the calls. CloudTrail delivers some minutes
	// after a call, so that what is read reaches further.
	From, To time.Time
}

var (
	accountID  = lazyregexp.New(`^[0-9]{12}$`)
	regionName = lazyregexp.New(`^[a-z]{2,8}(-[a-z]{2,12}){1,3}-[0-9]{1,2}$`)
)

// check tells what is no account or region, or a time that ends before it
// begins.
func (n Narrow) check() error {
	for _, id := range n.Accounts {
		if !accountID.MatchString(id) {
			return fmt.Errorf("%.40q is no account id: one has 12 digits", id)
		}
	}
	for _, name := range n.Regions {
		if !regionName.MatchString(name) {
			return fmt.Errorf("%.40q is no region: one is named like eu-west-1", name)
		}
	}
	if !n.From.IsZero() && !n.To.IsZero() && n.To.Before(n.From) {
		return fmt.Errorf("the time ends at %s, before it begins at %s", n.To.Format(time.RFC3339), n.From.Format(time.RFC3339))
	}
	return nil
}

// lateness is how long after a call its record may be delivered: minutes as a
// rule, and longer when CloudTrail has trouble.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
const lateness = 24 * time.Hour

// days are the first and the last UTC day on which records of the calls may
// have been delivered; zero where there is no bound.
func (n Narrow) days() (first, last time.Time) {
	if !n.From.IsZero() {
		first = n.From.UTC().Truncate(24 * time.Hour)
	}
	if !n.To.IsZero() {
		last = n.To.UTC().Add(lateness).Truncate(24 * time.Hour)
	}
	return first, last
}

// partition is that of a region.
func partition(region string) string {
	return (&cloudtrail.Event{Region: region}).Partition()
}
