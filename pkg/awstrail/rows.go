package awstrail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// How often Athena is asked whether the query has ended, at first and at last.
const (
	shortestWait = 250 * time.Millisecond
	longestWait  = 5 * time.Second
)

// stopLimit bounds the request that stops a query when nobody waits for it any
// more.
const stopLimit = 5 * time.Second

// Inputs implements scan.Source: it runs the query, once it is approved, and a
// page of its rows is an input. When the context is done, the query is
// stopped.
func (q *Query) Inputs(ctx context.Context) iter.Seq2[scan.Input, error] {
	return func(yield func(scan.Input, error) bool) {
		id, err := q.run(ctx)
		if err != nil {
			yield(scan.Input{}, &scan.InputError{Name: q.place(), Err: err})
			return
		}
		pages := athena.NewGetQueryResultsPaginator(q.client, &athena.GetQueryResultsInput{QueryExecutionId: &id})
		for n := 1; pages.HasMorePages(); n++ {
			out, err := pages.NextPage(ctx)
			if err != nil {
				yield(scan.Input{}, refused(q.place(), err, "athena:GetQueryResults on the workgroup, and s3:GetObject where the result lies"))
				return
			}
			in, err := q.page(n, out.ResultSet)
			if (err != nil || in.Size > 0) && !yield(in, err) {
				return
			}
		}
	}
}

func (q *Query) place() string { return "the table " + q.options.Table + " of Athena" }

// run starts the query and waits for its end.
func (q *Query) run(ctx context.Context) (id string, err error) {
	if err := q.Approve(ctx); err != nil {
		return "", err
	}
	in := &athena.StartQueryExecutionInput{
		QueryString: aws.String(q.SQL()), WorkGroup: &q.options.WorkGroup,
		QueryExecutionContext: &types.QueryExecutionContext{Catalog: aws.String(catalog), Database: &q.table.database},
	}
	if q.options.Output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &q.options.Output}
	}
	out, err := q.client.StartQueryExecution(ctx, in)
	if err != nil {
		return "", reason(err, "athena:StartQueryExecution on the workgroup, and what the query itself needs")
	}
	id = aws.ToString(out.QueryExecutionId)
	if err := q.wait(ctx, id); err != nil {
		if ctx.Err() != nil {
			q.stop(ctx, id)
		}
		return "", err
	}
	return id, nil
}

// wait returns when the query has succeeded.
func (q *Query) wait(ctx context.Context, id string) error {
	for pause := shortestWait; ; pause = min(pause*3/2, longestWait) {
		out, err := q.client.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &id})
		if err != nil {
			return reason(err, "athena:GetQueryExecution on the workgroup")
		}
		if ended, err := q.ended(out.QueryExecution); ended {
			return err
		}
		turn := time.NewTimer(pause)
		select {
		case <-turn.C:
		case <-ctx.Done():
			turn.Stop()
			return ctx.Err()
		}
	}
}

// ended is whether the query has, and how.
func (q *Query) ended(now *types.QueryExecution) (bool, error) {
	if now == nil || now.Status == nil {
		return true, errors.New("nothing was answered of the query")
	}
	switch now.Status.State {
	case types.QueryExecutionStateQueued, types.QueryExecutionStateRunning:
		return false, nil
	}
	if now.Status.State == types.QueryExecutionStateSucceeded {
		q.charge(now.Statistics)
		return true, nil
	}
	return true, fmt.Errorf("the query has %s: %s", now.Status.State, short(aws.ToString(now.Status.StateChangeReason)))
}

func (q *Query) charge(s *types.QueryExecutionStatistics) {
	if s == nil {
		return
	}
	read := aws.ToInt64(s.DataScannedInBytes)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bill = &Bill{Bytes: read, USD: usd(read, q.options.Price)}
}

// stop ends a query that nobody waits for: what it reads is paid for.
func (q *Query) stop(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	_, _ = q.client.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: &id})
}

// page is a page of rows as records, one on each line. The first row of the
// first page has the names of the columns.
func (q *Query) page(n int, set *types.ResultSet) (scan.Input, error) {
	var text bytes.Buffer
	name := fmt.Sprintf("page %d of the rows of %s", n, q.place())
	for i, row := range rows(set) {
		if n == 1 && i == 0 {
			continue
		}
		one, err := record(row)
		if err != nil {
			return scan.Input{}, &scan.InputError{Name: name, Err: fmt.Errorf("row %d: %w", i+1, err)}
		}
		text.Write(append(one, '\n'))
	}
	return scan.Input{Name: name, Size: int64(text.Len()), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text.Bytes())), nil
	}}, nil
}

func rows(set *types.ResultSet) []types.Row {
	if set == nil {
		return nil
	}
	return set.Rows
}
