package cli

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// check goes through what is no value, what is missing, and what excludes each
// other.
func (x *scanning) check(paths []string) error {
	switch {
	case len(paths) == 0 && x.cloud.athena == "" && x.since == "":
		return usageError("scan needs something to read: a file or a folder of CloudTrail logs, s3://BUCKET/PREFIX, - for standard input,\n" +
			"  --athena DATABASE.TABLE, or --since 24h for the event history of the account")
	case !slices.Contains(scanOutputs, x.output):
		return usagef("--output %q is none of %s", x.output, strings.Join(scanOutputs, ", "))
	case !slices.Contains(progressForms, x.progress):
		return usagef("--progress %q is none of %s", x.progress, strings.Join(progressForms, ", "))
	case x.live.on && x.account != "":
		return usageError("scan reads the account either from AWS with --live or from a file with --account, not both")
	case x.dryRun && x.output != "text":
		return usageError("--dry-run tells in text what would be read; leave out --output")
	case x.workers < 0 || x.most < 1 || x.width < 0:
		return usageError("--workers, --max-incidents and --width take a number above 0")
	}
	for n, want := range x.failOn {
		want = strings.TrimSpace(want)
		x.failOn[n] = want
		if want != "any" && want != "failing" && !slices.Contains(codes(), want) {
			return usagef("--fail-on %q is neither any, failing nor the code of a cause; rolewhy causes lists those", want)
		}
	}
	return x.cloud.check(x, paths)
}

// times are the bounds of what counts, each zero where there is none.
func (x *scanning) times() (from, to time.Time, err error) {
	if x.since != "" && x.from+x.to != "" {
		return from, to, usageError("--since is a time that ends now; give either that, or --from and --to")
	}
	if x.since != "" {
		ago, err := x.ago()
		return x.Now().Add(-ago), to, err
	}
	if from, err = x.time("--from", x.from); err != nil {
		return from, to, err
	}
	if to, err = x.time("--to", x.to); err == nil && !from.IsZero() && !to.IsZero() && to.Before(from) {
		err = usagef("--to %s lies before --from %s", x.to, x.from)
	}
	return from, to, err
}

// ago is how long --since goes back.
func (x *scanning) ago() (time.Duration, error) {
	ago, ok := duration(x.since)
	if !ok {
		return 0, usagef("--since %q is no duration: give one such as 90m, 24h or 7d", x.since)
	}
	return ago, nil
}

// time reads a time of the command line: a day, of which --to means the end, a
// time, or how long ago.
func (x *scanning) time(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, value); err == nil {
		if flag == "--to" {
			return day.Add(24*time.Hour - time.Second), nil // records tell seconds
		}
		return day, nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, strings.Replace(value, " ", "T", 1)); err == nil {
			return t, nil
		}
	}
	if ago, ok := duration(strings.TrimSuffix(value, " ago")); ok {
		return x.Now().Add(-ago), nil
	}
	return time.Time{}, usagef("%s %q is no time: give a day such as 2026-11-23, a time such as 2026-11-23T03:12:00Z, or how long ago, such as 36h", flag, value)
}

// timeForms are how a time is written, in UTC where it names no zone.
var timeForms = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04"}

var inDays = lazyregexp.New(`^[0-9]{1,5}d$`)

// duration reads how long ago something was, in days or as Go writes it.
func duration(s string) (time.Duration, bool) {
	if inDays.MatchString(s) {
		n, err := strconv.Atoi(strings.TrimSuffix(s, "d"))
		return time.Duration(n) * 24 * time.Hour, err == nil && n > 0
	}
	d, err := time.ParseDuration(s)
	return d, err == nil && d > 0
}
