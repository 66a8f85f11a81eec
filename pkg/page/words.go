package page

import (
	"fmt"
	"strconv"
	"time"
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

func period(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	return from.UTC().Format(time.DateOnly) + " to " + to.UTC().Format(time.DateOnly) + " (UTC)"
}

// number groups the digits by three.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size is a number of bytes in words.
func size(n int64) string {
	const step = 1000
	value, unit := float64(n), 0
	for value >= step && unit < len(units)-1 {
		value, unit = value/step, unit+1
	}
	if unit == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

var units = []string{"B", "kB", "MB", "GB", "TB"}
