package cli

import (
	"cmp"
	"context"

	"github.com/rolewhy/rolewhy/pkg/awstrail"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// readings are the sources of a scan, each nil where it is not read.
type readings struct {
	stdin   scan.Source
	files   scan.Source
	buckets []*awstrail.Bucket
	urls    []string // of the buckets
	history *awstrail.History
	regions []string // of the history
	query   *awstrail.Query
}

func (from *readings) all() (list []scan.Source) {
	for _, s := range []scan.Source{from.stdin, from.files} {
		if s != nil {
			list = append(list, s)
		}
	}
	for _, b := range from.buckets {
		list = append(list, b)
	}
	if from.history != nil {
		list = append(list, from.history)
	}
	if from.query != nil {
		list = append(list, from.query)
	}
	return list
}

// sources makes those that the arguments name, and fits the scanner to them.
func (x *scanning) sources(ctx context.Context, paths []string, s *scan.Scanner) (*readings, error) {
	from := &readings{}
	var files []string
	for _, path := range paths {
		switch {
		case path == "-":
			from.stdin = scan.Stdin(x.Stdin)
		case isBucket(path):
			from.urls = append(from.urls, path)
		default:
			files = append(files, path)
		}
	}
	if len(files) > 0 {
		from.files = scan.Files(files...)
	}
	if len(from.urls) == 0 && x.cloud.athena == "" && !x.history(paths) {
		return from, nil
	}
	a, err := awstrail.Ambient(ctx, x.cloud.region())
	if err != nil {
		return nil, err
	}
	return from, x.remote(ctx, a, s, from)
}

// remote adds the sources in AWS.
func (x *scanning) remote(ctx context.Context, a *awstrail.AWS, s *scan.Scanner, from *readings) (err error) {
	for _, url := range from.urls {
		b, err := a.Bucket(url, x.cloud.narrow(s))
		if err != nil {
			return usageError(err.Error())
		}
		from.buckets = append(from.buckets, b)
		s.Workers = cmp.Or(s.Workers, awstrail.Readers)
	}
	if x.cloud.athena != "" {
		from.query, err = a.Query(ctx, x.queryOptions(s))
		return err
	}
	if len(from.urls) > 0 {
		return nil
	}
	return x.past(ctx, a, s, from)
}

// past adds the event history. The time that counts is the one that it reads:
// a scan that goes on has that of its beginning.
func (x *scanning) past(ctx context.Context, a *awstrail.AWS, s *scan.Scanner, from *readings) (err error) {
	if from.regions, err = x.cloud.lookIn(ctx, a); err != nil {
		return err
	}
	ago, err := x.ago()
	if err != nil {
		return err
	}
	options := awstrail.HistoryOptions{Regions: from.regions, Since: ago, State: x.cloud.state}
	if x.dryRun {
		options.State = ""
	}
	if from.history, err = a.History(ctx, options); err != nil {
		return err
	}
	s.From, s.To = from.history.Range()
	return nil
}
