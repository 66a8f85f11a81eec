package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/report"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// estimate tells what would be read, and reads nothing of it.
func (x *scanning) estimate(ctx context.Context, from *readings) error {
	var b bytes.Buffer
	if from.stdin != nil {
		fmt.Fprintln(&b, "standard input: its size is not known")
	}
	if from.files != nil {
		x.countFiles(ctx, &b, from.files)
	}
	for i, bucket := range from.buckets {
		e, err := bucket.DryRun(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s: %s, %s packed\n", report.Escape(from.urls[i]), count(e.Objects, "object"), bytesOf(e.Bytes))
		tellPassed(&b, e.PassedOver, "object")
		x.unreadable(e.Unreadable, e.More)
	}
	if from.history != nil {
		begin, end := from.history.Range()
		fmt.Fprintf(&b, "the event history of %s from %s to %s: how many events it has is not known beforehand; 100 are read a second and region\n",
			report.Escape(strings.Join(from.regions, ", ")), begin.Format(time.RFC3339), end.Format(time.RFC3339))
		for _, note := range from.history.Notes() {
			fmt.Fprintln(&b, note)
		}
	}
	if from.query != nil {
		q, err := from.query.DryRun(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s\n", report.Escape(quoted(q)))
		for _, note := range q.Notes {
			fmt.Fprintln(&b, report.Escape(note))
		}
		fmt.Fprintf(&b, "\n%s\n", escapedLines(q.SQL))
	}
	return x.write(b.Bytes())
}

// countFiles tells how much there is in files and folders.
func (x *scanning) countFiles(ctx context.Context, b *bytes.Buffer, files scan.Source) {
	n, size, passed := 0, int64(0), 0
	var unreadable []scan.Unreadable
	for in, err := range files.Inputs(ctx) {
		var over *scan.PassedOver
		var at *scan.InputError
		switch {
		case errors.As(err, &over):
			passed++
		case errors.As(err, &at):
			unreadable = append(unreadable, scan.Unreadable{Where: at.Name, Why: at.Err.Error()})
		default:
			n, size = n+1, size+max(in.Size, 0)
		}
	}
	fmt.Fprintf(b, "%s, %s as they lie there\n", count(n, "file"), bytesOf(size))
	tellPassed(b, passed, "file")
	x.unreadable(unreadable, 0)
}

func tellPassed(b *bytes.Buffer, passed int, word string) {
	if passed > 0 {
		fmt.Fprintf(b, "%s would be passed over, since logs are not named so\n", count(passed, word))
	}
}
