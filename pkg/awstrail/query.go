package awstrail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// QueryOptions say what Athena is asked, and what it may cost.
type QueryOptions struct {
	Table string // DATABASE.TABLE
	Narrow
	WorkGroup string // empty: primary
	// Output is where Athena leaves the result, s3://BUCKET/PREFIX. Empty: the
	// workgroup says.
	Output string
	// Price is that of a terabyte in US dollars; 0: DefaultPrice.
	Price float64
	// Limit is what the query may cost in US dollars without Confirm being
	// asked; 0: DefaultLimit. What a query costs at most is not always known:
	// then Confirm is asked.
	Limit float64
	// Confirm is asked whether to go on. Nil: nobody is there to ask, and the
	// query is not started.
	Confirm func(Quote) bool
}

// What a query costs in most regions, and may cost unasked.
// https://aws.amazon.com/athena/pricing/
const (
	DefaultPrice = 5.0
	DefaultLimit = 1.0
)

// catalog is that of AWS Glue, where tables are unless somebody connected
// another one.
const catalog = "AwsDataCatalog"

// Query is a source of the rows of one query. It selects failed calls and the
// changes that matter, so that what lies in S3 is read by Athena and the few
// records that matter here.
type Query struct {
	aws     *AWS
	options QueryOptions
	table   *table
	client  *athena.Client

	once     sync.Once
	approved error
	mu       sync.Mutex
	bill     *Bill
}

var workGroup = lazyregexp.New(`^[a-zA-Z0-9._-]+$`)

// Query makes a source. It asks Athena for the columns and partitions of the
// table, which costs nothing. The error is about the options or the table.
func (a *AWS) Query(ctx context.Context, o QueryOptions) (*Query, error) {
	o.WorkGroup = cmp.Or(o.WorkGroup, defaultWorkGroup)
	o.Price, o.Limit = cmp.Or(o.Price, DefaultPrice), cmp.Or(o.Limit, DefaultLimit)
	database, name, err := o.check()
	if err != nil {
		return nil, err
	}
	q := &Query{aws: a, options: o, client: athena.NewFromConfig(a.cfg, func(c *athena.Options) { c.RetryMaxAttempts = mostTries })}
	out, err := q.client.GetTableMetadata(ctx, &athena.GetTableMetadataInput{
		CatalogName: aws.String(catalog), DatabaseName: &database, TableName: &name, WorkGroup: &o.WorkGroup,
	})
	if err != nil {
		return nil, fmt.Errorf("ask for the table %s: %w", o.Table, reason(err, "athena:GetTableMetadata, glue:GetDatabase and glue:GetTable on the table"))
	}
	if out.TableMetadata == nil {
		return nil, fmt.Errorf("ask for the table %s: Athena answered nothing", o.Table)
	}
	if q.table, err = tableOf(database, name, out.TableMetadata); err != nil {
		return nil, err
	}
	return q, q.table.injected(o.Narrow)
}

// check tells what cannot be meant.
func (o *QueryOptions) check() (database, table string, err error) {
	if database, table, err = parseTable(o.Table); err != nil {
		return "", "", err
	}
	switch {
	case len(o.WorkGroup) > 128, !workGroup.MatchString(o.WorkGroup):
		return "", "", fmt.Errorf("%.200q is no workgroup of Athena", o.WorkGroup)
	case o.Output != "" && !bucketURL.MatchString(o.Output):
		return "", "", fmt.Errorf("%.200q is no place in S3 for the result: one is written s3://BUCKET/PREFIX", o.Output)
	case o.Price < 0 || o.Limit < 0:
		return "", "", errors.New("a price or a limit below zero")
	}
	return database, table, o.Narrow.check()
}

// SQL is what Athena is asked.
func (q *Query) SQL() string { return q.table.query(q.options.Narrow) }
