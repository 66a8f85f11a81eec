package page

import (
	"time"

	"github.com/dustin/go-humanize"
)

// seconds is a time as scripts take it, 0 where it is not known.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// period is the time that was read: its days, or its hours too where it begins
// and ends within two days.
func period(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	from, to = from.UTC(), to.UTC()
	first, last := from.Format(time.DateOnly), to.Format(time.DateOnly)
	switch {
	case first == last:
		return first + ", " + from.Format("15:04") + " to " + to.Format("15:04") + " (UTC)"
	case from.AddDate(0, 0, 1).Format(time.DateOnly) == last:
		return day(from) + " to " + day(to) + " (UTC)"
	}
	return first + " to " + last + " (UTC)"
}

// number groups the digits by three.
func number(n int) string { return humanize.Comma(int64(n)) }

// size is a number of bytes in words.
func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }
