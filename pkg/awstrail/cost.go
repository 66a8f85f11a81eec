package awstrail

import (
	"context"
	"fmt"
	"strings"
)

// Quote is what a query reads and costs at most. Athena has no dry run: its
// EXPLAIN is free and tells the plan, not how much it reads. What bounds a
// query is the size of the objects in the partitions that it selects, all of
// which it reads to their end, since they are JSON.
// https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html
type Quote struct {
	SQL     string
	Objects int
	Bytes   int64 // -1: not known
	// USD is the cost of that, in US dollars; 0 where it is not known.
	USD float64
	// Notes are sentences on what does not bound the query, and on why
	// something is not known.
	Notes []string
}

// Bill is what a query has read and cost.
type Bill struct {
	Bytes int64
	USD   float64
}

// A query is charged by the terabyte, and for ten megabytes at least. AWS does
// not say whether that is of 1000 or 1024: the dearer one is taken.
const (
	terabyte  = 1e12
	leastRead = 10_000_000
)

func usd(bytes int64, price float64) float64 {
	return float64(max(bytes, leastRead)) / terabyte * price
}

// DryRun tells what the query would cost at most, from the list of what lies
// in S3; it starts no query. The error is that of the context.
func (q *Query) DryRun(ctx context.Context) (Quote, error) {
	by, notes := q.table.narrows(q.options.Narrow)
	quote := Quote{SQL: q.SQL(), Bytes: -1, Notes: notes}
	where := q.table.location()
	bucket, err := q.aws.Bucket(strings.Replace(where, "s3a://", "s3://", 1), by)
	if err != nil {
		quote.Notes = append(quote.Notes, fmt.Sprintf("How much the query reads is not known: where the table lies is not told (%.200q).", where))
		return quote, nil
	}
	bucket.whatever = true
	if !q.table.trails() {
		bucket.everything, bucket.narrow = true, Narrow{}
	}
	found, err := bucket.DryRun(ctx)
	if err != nil {
		return quote, err
	}
	quote.Objects = found.Objects
	if len(found.Unreadable) == 0 {
		quote.Bytes, quote.USD = found.Bytes, usd(found.Bytes, q.options.Price)
		return quote, nil
	}
	first, more := found.Unreadable[0], len(found.Unreadable)-1+found.More
	quote.Notes = append(quote.Notes, fmt.Sprintf("How much the query reads is not known: %s: %s (and %d more places).", first.Where, first.Why, more))
	return quote, nil
}

// Approve is asked before the query is started, at once or by Inputs: it does
// a DryRun, and asks Confirm where the query may cost more than the limit. The
// error says that nobody agreed, or is that of the context.
func (q *Query) Approve(ctx context.Context) error {
	q.once.Do(func() { q.approved = q.approve(ctx) })
	return q.approved
}

func (q *Query) approve(ctx context.Context) error {
	quote, err := q.DryRun(ctx)
	if err != nil {
		return err
	}
	if quote.Bytes >= 0 && quote.USD <= q.options.Limit {
		return nil
	}
	if q.options.Confirm != nil && q.options.Confirm(quote) {
		return nil
	}
	return fmt.Errorf("the query was not started: %s, and it may cost %.2f USD unasked. Narrow it by accounts, regions or time, or raise the limit", quote.text(), q.options.Limit)
}

// text says what a query costs at most.
func (q *Quote) text() string {
	if q.Bytes < 0 {
		return "what it costs is not known"
	}
	return fmt.Sprintf("it reads up to %.1f GB in %d objects, for up to %.2f USD", float64(q.Bytes)/1e9, q.Objects, q.USD)
}

// Bill is what the query has read and cost, once it has ended; nil until then.
func (q *Query) Bill() *Bill {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bill
}
