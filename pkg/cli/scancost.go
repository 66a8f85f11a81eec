package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/awstrail"
	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// queryOptions have the cost of every query told, and asked for where it may
// pass the limit: a limit of next to nothing makes Athena's source ask always.
func (x *scanning) queryOptions(s *scan.Scanner) awstrail.QueryOptions {
	const nothing = 1e-12
	return awstrail.QueryOptions{
		Table: x.cloud.athena, Narrow: x.cloud.narrow(s), WorkGroup: x.cloud.workgroup, Output: x.cloud.location,
		Price: x.cloud.price, Limit: nothing, Confirm: x.confirm,
	}
}

// confirm tells what a query costs and decides, or asks, whether to start it.
func (x *scanning) confirm(q awstrail.Quote) bool {
	fmt.Fprintln(x.Stderr, "rolewhy: "+report.Escape(quoted(q)))
	for _, note := range q.Notes {
		fmt.Fprintln(x.Stderr, "rolewhy: "+report.Escape(note))
	}
	if x.cloud.yes || q.Bytes >= 0 && q.USD <= x.cloud.maxCost {
		return true
	}
	if !x.Asks {
		return false
	}
	fmt.Fprint(x.Stderr, "rolewhy: start the query? [y/N] ")
	answer, err := bufio.NewReader(x.Stdin).ReadString('\n')
	if err != nil {
		fmt.Fprintln(x.Stderr) // nobody has ended the line
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "y" || answer == "yes")
}

// quoted says what a query costs at most.
func quoted(q awstrail.Quote) string {
	if q.Bytes < 0 {
		return "what the query of Athena costs is not known beforehand"
	}
	return fmt.Sprintf("the query of Athena reads at most %s in %s, for %s at most", bytesOf(q.Bytes), count(q.Objects, "object"), dollars(q.USD))
}

// dollars is an amount rounded up to cents, but for what comes of reckoning
// with fractions.
func dollars(usd float64) string {
	const dust = 1e-6
	return fmt.Sprintf("%.2f USD", math.Ceil(usd*100-dust)/100)
}

// approve settles whether the query may start, before anything is read.
func (x *scanning) approve(ctx context.Context, q *awstrail.Query) error {
	if q == nil {
		return nil
	}
	err := q.Approve(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return errors.New("interrupted: the query was not started")
	case x.Asks:
		return fmt.Errorf("the query was not started, since nobody agreed")
	}
	return fmt.Errorf("the query was not started: it may cost more than %s USD, and nobody is at a terminal to be asked. Give --max-cost USD or --yes, or read less: --from, --to, --account-id, --region; --dry-run shows the query", strconv.FormatFloat(x.cloud.maxCost, 'f', -1, 64))
}

// tellBill tells what a query has cost.
func (x *scanning) tellBill(q *awstrail.Query) {
	if q == nil {
		return
	}
	if bill := q.Bill(); bill != nil {
		fmt.Fprintf(x.Stderr, "rolewhy: Athena has read %s, for %s\n", bytesOf(bill.Bytes), dollars(bill.USD))
	}
}

// keepState removes the state file of a scan that is whole, or has read nothing,
// and tells that another one can go on.
func (x *scanning) keepState(r *scan.Result, h *awstrail.History) {
	switch {
	case h == nil || x.cloud.state == "":
	case (r.Interrupted || len(r.Unreadable) > 0) && h.Kept():
		fmt.Fprintf(x.Stderr, "rolewhy: the same command goes on from here: %s has what was read\n", report.Escape(x.cloud.state))
	default:
		if err := h.Forget(); err != nil {
			x.fail(fmt.Errorf("remove the state file: %w", err))
		}
	}
}
